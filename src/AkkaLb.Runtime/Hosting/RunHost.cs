using System.Globalization;
using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Serilog;
using Serilog.Core;

namespace AkkaLb.Runtime.Hosting;

/// <summary>
/// What a run stands on while it goes on: its log, its journal, and the one actor system of both its actors and its journal, on the
/// generic host.
/// </summary>
/// <remarks>
/// The system is the run's own, and starts in the background where the run has actors or a journal; or it is that of a node of a cluster.
/// </remarks>
internal sealed class RunHost : IAsyncDisposable
{
    private static readonly TimeSpan EndOfRunActor = TimeSpan.FromSeconds(10);

    private readonly Logger _log;
    private readonly IRunSystem _system;
    private IActorRef? _run;

    private RunHost(Config resolved, JournalLocation? journal, Logger log, ClusterPlay? cluster)
    {
        _log = log;
        Cluster = cluster;
        _system = cluster is null
            ? new LocalRunSystem(resolved, journal, log, reason => Journal?.Fail(reason))
            : new NodeRunSystem(cluster.System);
        if (journal is not null)
        {
            // Before the journal, whose actor starts at once, in the background, and is handed it.
            Agents = new AgentJournal(
                journal.Prefix, journal.SnapshotEvery, e => JournalDatabase.Describe(e, journal), reason => Journal!.Fail(reason));
            Journal = new RunJournal(async () => _run = (await _system.StartAsync()).ActorOf(RunActor.Props(Agents)));
        }
    }

    public ILogger Log => _log;

    /// <summary>Where the run stores; null: nowhere.</summary>
    public RunJournal? Journal { get; }

    /// <summary>Where its agents store; null: nowhere.</summary>
    public AgentJournal? Agents { get; }

    /// <summary>Whether the journal is yet to be told that the run begins; else that it goes on.</summary>
    public bool Begins { get; private init; }

    /// <summary>The cluster that its agents live on; null: all is in this process.</summary>
    public ClusterPlay? Cluster { get; }

    /// <summary>Opens the log and the journal of a run folder.</summary>
    /// <param name="resolved">
    /// The run's configuration; its section <c>akka</c> reaches the actor system, and wins over our defaults.
    /// </param>
    /// <param name="isNew">False for a run that was begun before.</param>
    /// <param name="fromStart">
    /// True when all is played from the start. Else a run that was begun without a journal goes on without one.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// A key of the journal is not as expected, or its database holds another run of this name.
    /// </exception>
    /// <exception cref="RunFailedException">The journal cannot be written.</exception>
    public static RunHost Open(Config resolved, RunFolder folder, bool isNew, bool fromStart, ClusterPlay? cluster = null)
    {
        Logger log = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .WriteTo.File(
                folder[RunFolder.LogFile],
                outputTemplate: "{Timestamp:O} {Level:u3} {LogSource} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture)
            .CreateLogger();
        try
        {
            string file = folder[RunFolder.ConfigurationFile];
            JournalLocation? journal = RunJournal.Prepare(resolved, file, folder, isNew, fromStart, log);
            bool begins = isNew || (cluster is not null && journal is not null && RunJournal.IsBlank(journal));
            return new RunHost(resolved, journal, log, cluster) { Begins = begins };
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Starts an actor that is watched by nobody.</summary>
    public async Task<IActorRef> StartAsync(Props props, string name) =>
        (await _system.StartAsync()).ActorOf(props, Cluster is null ? name : null);

    /// <summary>Lets an actor play to its end, on a cluster when the nodes of its agents are there.</summary>
    /// <param name="name">What to call it when it fails.</param>
    /// <param name="start">Answered when it has come to its end.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>Its answer.</returns>
    /// <exception cref="RunFailedException">The journal has failed, the actor crashed, or the system did not start.</exception>
    public async Task<object> PlayAsync(Props props, string name, object start, object stop, CancellationToken cancellation)
    {
        ActorSystem system = await _system.StartAsync();
        if (Cluster is not null)
        {
            await Cluster.AwaitNodesAsync(cancellation);
        }
        IActorRef actor = system.ActorOf(props);
        Task<object> outcome = actor.Ask<object>(start, Timeout.InfiniteTimeSpan);
        Task ended = Task.WhenAny(outcome, actor.WatchAsync());
        _system.Play(() =>
        {
            actor.Tell(stop);
            return ended;
        });
        using CancellationTokenRegistration stopped = cancellation.Register(_system.StopPlaying);
        await ended;
        _system.Play(() => Task.CompletedTask);
        Journal?.ThrowIfFailed();
        return outcome.IsCompletedSuccessfully ? await outcome : throw new RunFailedException($"the {name} actor failed, see the log");
    }

    /// <summary>Ends when everything is stored.</summary>
    /// <exception cref="RunFailedException">The journal has failed.</exception>
    public async Task SettleAsync()
    {
        if (Journal is not null)
        {
            await Journal.SettleAsync();
            Journal.ThrowIfFailed();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Journal is not null)
        {
            await Journal.SettleAsync();
        }
        if (Cluster is not null && _run is not null)
        {
            // Before another session of the run begins on this node, with an actor that stores under the same name.
            await _run.GracefulStop(EndOfRunActor);
        }
        await _system.DisposeAsync();
        await _log.DisposeAsync();
    }
}
