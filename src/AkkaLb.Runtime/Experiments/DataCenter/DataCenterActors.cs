using Akka.Actor;
using Akka.Configuration;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Runtime.Logging;
using Serilog;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Plays episodes with load-balancer, server and traffic actors in virtual time, in an actor system of its own.</summary>
internal sealed class DataCenterActors : IAsyncDisposable
{
    private readonly ActorSystem _system;

    public DataCenterActors(Config configuration, ILogger log)
    {
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(configuration.WithFallback(ActorRun.Defaults));
        _system = ActorSystem.Create("akkalb", bootstrap.And(new SerilogSetup(log)));
    }

    /// <returns>What <see cref="DataCenterSimulation"/> gives; null when it was stopped before its end.</returns>
    /// <exception cref="RunFailedException">The episode cannot go on.</exception>
    public async Task<SimulationResult?> PlayAsync(DataCenterModel model, SimulationOptions options, EpisodeJournal? journal, CancellationToken cancellation)
    {
        IActorRef dataCenter = _system.ActorOf(DataCenterActor.Props(model, options, journal));
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

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
