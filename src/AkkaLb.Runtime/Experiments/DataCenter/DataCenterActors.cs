using Akka.Actor;
using Akka.Configuration;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Learners;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Runtime.Logging;
using Serilog;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Plays episodes with load-balancer, server and traffic actors in virtual time, in an actor system of its own.</summary>
internal sealed class DataCenterActors : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private Task _learnersEnded = Task.CompletedTask;

    public DataCenterActors(Config configuration, ILogger log)
    {
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(configuration.WithFallback(RunSystem.Defaults));
        _system = ActorSystem.Create("akkalb", bootstrap.And(new SerilogSetup(log)));
    }

    /// <returns>What <see cref="DataCenterSimulation"/> gives; null when it was stopped before its end.</returns>
    /// <exception cref="RunFailedException">The episode cannot go on.</exception>
    public Task<SimulationResult?> PlayAsync(DataCenterModel model, SimulationOptions options, EpisodeJournal? journal, CancellationToken cancellation) =>
        PlayAsync(DataCenterActor.Props(model, options, journal), cancellation);

    /// <summary>Starts actors for the learners of a training; once.</summary>
    public IActorRef Start(IReadOnlyList<IEpisodeLearner> learners)
    {
        IActorRef team = _system.ActorOf(LearningTeamActor.Props(learners), "learners");
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

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private async Task<SimulationResult?> PlayAsync(Props episode, CancellationToken cancellation)
    {
        IActorRef dataCenter = _system.ActorOf(episode);
        Task<object> outcome = dataCenter.Ask<object>(DataCenterCommands.PlayEpisode.Instance);
        using CancellationTokenRegistration stop = cancellation.Register(() => dataCenter.Tell(DataCenterCommands.StopEpisode.Instance));
        await Task.WhenAny(outcome, dataCenter.WatchAsync());
        if (!outcome.IsCompletedSuccessfully)
        {
            throw new RunFailedException("the data-centre actor failed, see the log");
        }
        return await outcome switch
        {
            DataCenterEvents.EpisodePlayed played => played.Result,
            DataCenterEvents.EpisodeStopped => null,
            DataCenterEvents.EpisodeFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the episode ended with {other.GetType().Name}"),
        };
    }
}
