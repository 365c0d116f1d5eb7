using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Learners;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Plays;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Plays episodes with load-balancer, server and traffic actors in virtual time.</summary>
internal sealed class DataCenterActors(RunHost host)
{
    private Task _learnersEnded = Task.CompletedTask;

    /// <param name="options">The episode, made anew whenever it is played from its start: controllers remember what came before.</param>
    /// <param name="episode">Names the episode in the journal.</param>
    /// <returns>What <see cref="DataCenterSimulation"/> gives; null when it was stopped before its end.</returns>
    /// <exception cref="RunFailedException">The episode cannot go on.</exception>
    public async Task<SimulationResult?> PlayAsync(
        DataCenterModel model, Func<SimulationOptions> options, string episode, CancellationToken cancellation) =>
        (await PlayAsync(model, options, episode, handsOver: false, cancellation))?.Result;

    /// <summary>Starts actors for the learners of a training; once.</summary>
    public async Task<IActorRef> StartAsync(IReadOnlyList<IEpisodeLearner> learners)
    {
        IActorRef team = await host.StartAsync(LearningTeamActor.Props(learners), "learners");
        _learnersEnded = team.WatchAsync();
        return team;
    }

    /// <summary>Plays an episode; when load balancers have stored it they hand it to their learners, and these learn.</summary>
    /// <param name="learners">As started.</param>
    /// <inheritdoc cref="PlayAsync(DataCenterModel, Func{SimulationOptions}, string, CancellationToken)"/>
    /// <returns>Null when it was stopped before its end: then nothing was handed over.</returns>
    /// <exception cref="RunFailedException">The episode or a learner cannot go on.</exception>
    public async Task<(SimulationResult Result, IReadOnlyList<LearnerEvents.EpisodeLearnt> Learnt)?> TrainAsync(
        DataCenterModel model, Func<SimulationOptions> options, string episode, IActorRef learners, CancellationToken cancellation)
    {
        if (await PlayAsync(model, options, episode, handsOver: true, cancellation) is not { } played)
        {
            return null;
        }
        Task<object> outcome = learners.Ask<object>(new LearnerCommands.LearnEpisode(played.Parts), Timeout.InfiniteTimeSpan);
        await Task.WhenAny(outcome, _learnersEnded);
        if (!outcome.IsCompletedSuccessfully)
        {
            throw new RunFailedException("the learners' actor failed, see the log");
        }
        return await outcome switch
        {
            LearnerEvents.TeamLearnt team => (played.Result, team.Learners),
            LearnerEvents.LearningFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"learning ended with {other.GetType().Name}"),
        };
    }

    private async Task<DataCenterEvents.EpisodePlayed?> PlayAsync(
        DataCenterModel model, Func<SimulationOptions> options, string episode, bool handsOver, CancellationToken cancellation)
    {
        Props play = PlayActor.Props(
            "data-centre",
            journal => DataCenterActor.Props(
                model, options(), journal is null ? null : new EpisodeJournal(journal, episode), handsOver, host.Cluster?.Place),
            host.Agents);
        return await host.PlayAsync(
            play, "data-centre", PlayCommands.StartPlay.Instance, PlayCommands.StopPlay.Instance, cancellation) switch
        {
            DataCenterEvents.EpisodePlayed played => played,
            DataCenterEvents.EpisodeStopped => null,
            PlayEvents.PlayFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the episode ended with {other.GetType().Name}"),
        };
    }
}
