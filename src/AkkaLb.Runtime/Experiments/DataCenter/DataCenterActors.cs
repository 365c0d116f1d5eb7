using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Learners;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Plays episodes with load-balancer, server and traffic actors in virtual time.</summary>
internal sealed class DataCenterActors(RunHost host)
{
    private Task _learnersEnded = Task.CompletedTask;

    /// <returns>What <see cref="DataCenterSimulation"/> gives; null when it was stopped before its end.</returns>
    /// <exception cref="RunFailedException">The episode cannot go on.</exception>
    public Task<SimulationResult?> PlayAsync(DataCenterModel model, SimulationOptions options, EpisodeJournal? journal, CancellationToken cancellation) =>
        PlayAsync(DataCenterActor.Props(model, options, journal), cancellation);

    /// <summary>Starts actors for the learners of a training; once.</summary>
    public async Task<IActorRef> StartAsync(IReadOnlyList<IEpisodeLearner> learners)
    {
        IActorRef team = await host.StartAsync(LearningTeamActor.Props(learners), "learners");
        _learnersEnded = team.WatchAsync();
        return team;
    }

    /// <summary>Plays an episode; load balancers hand it to their learners, and these learn.</summary>
    /// <param name="learners">As started.</param>
    /// <returns>Null when it was stopped before its end: then nothing was handed over.</returns>
    /// <exception cref="RunFailedException">The episode or a learner cannot go on.</exception>
    public async Task<(SimulationResult Result, IReadOnlyList<LearnerEvents.EpisodeLearnt> Learnt)?> TrainAsync(
        DataCenterModel model, SimulationOptions options, IActorRef learners, CancellationToken cancellation)
    {
        if (await PlayAsync(DataCenterActor.Props(model, options, learners: learners), cancellation) is not { } result)
        {
            return null;
        }
        Task<object> outcome = learners.Ask<object>(LearnerCommands.AwaitLearning.Instance);
        await Task.WhenAny(outcome, _learnersEnded);
        if (!outcome.IsCompletedSuccessfully)
        {
            throw new RunFailedException("the learners' actor failed, see the log");
        }
        return await outcome switch
        {
            LearnerEvents.TeamLearnt team => (result, team.Learners),
            LearnerEvents.LearningFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"learning ended with {other.GetType().Name}"),
        };
    }

    private async Task<SimulationResult?> PlayAsync(Props episode, CancellationToken cancellation) =>
        await host.PlayAsync<DataCenterActor>(episode, "data-centre", DataCenterCommands.PlayEpisode.Instance, DataCenterCommands.StopEpisode.Instance, cancellation) switch
        {
            DataCenterEvents.EpisodePlayed played => played.Result,
            DataCenterEvents.EpisodeStopped => null,
            DataCenterEvents.EpisodeFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the episode ended with {other.GetType().Name}"),
        };
}
