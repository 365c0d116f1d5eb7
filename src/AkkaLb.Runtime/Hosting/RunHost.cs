using System.Globalization;
using Akka;
using Akka.Actor;
using Akka.Hosting;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Core;

namespace AkkaLb.Runtime.Hosting;

/// <summary>
/// What a run stands on while it goes on: its log, its journal, and the one actor system of both its actors and its journal, on the
/// generic host.
/// </summary>
/// <remarks>
/// The system starts in the background, and only where the run has actors or a journal. A stop goes through CoordinatedShutdown: first the
/// actors at play end what they have begun, then the run closes its folder, then the system ends.
/// </remarks>
internal sealed class RunHost : IAsyncDisposable
{
    private readonly Logger _log;
    private readonly JournalLocation? _location;
    private readonly Lazy<Task<IHost>> _starting;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of the actor at play: one at a time, and of those that have played nothing is kept.
    private volatile Func<Task> _stopPlaying = () => Task.CompletedTask;

    private RunHost(Config resolved, JournalLocation? journal, Logger log)
    {
        _log = log;
        _location = journal;
        _starting = new(() => Task.Run(() => StartAsync(resolved, journal)));
        if (journal is not null)
        {
            // Before the journal, whose actor starts at once, in the background, and is handed it.
            Agents = new AgentJournal(
                journal.Prefix, journal.SnapshotEvery, e => JournalDatabase.Describe(e, journal), reason => Journal!.Fail(reason));
            Journal = new RunJournal(async () => (await _starting.Value).Services.GetRequiredService<ActorRegistry>().Get<RunActor>());
        }
    }

    public ILogger Log => _log;

    /// <summary>Where the run stores; null: nowhere.</summary>
    public RunJournal? Journal { get; }

    /// <summary>Where its agents store; null: nowhere.</summary>
    public AgentJournal? Agents { get; }

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
    public static RunHost Open(Config resolved, RunFolder folder, bool isNew, bool fromStart)
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
            return new RunHost(resolved, RunJournal.Prepare(resolved, file, folder, isNew, fromStart, log), log);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Starts an actor that is watched by nobody.</summary>
    public async Task<IActorRef> StartAsync(Props props, string name) => (await SystemAsync()).ActorOf(props, name);

    /// <summary>Lets an actor play to its end.</summary>
    /// <param name="name">What to call it when it fails.</param>
    /// <param name="start">Answered when it has come to its end.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>Its answer.</returns>
    /// <exception cref="RunFailedException">The journal has failed, the actor crashed, or the system did not start.</exception>
    public async Task<object> PlayAsync<TActor>(Props props, string name, object start, object stop, CancellationToken cancellation)
        where TActor : ActorBase
    {
        IHost host = await _starting.Value;
        ActorSystem system = await SystemAsync();
        IActorRef actor = system.ActorOf(props);
        host.Services.GetRequiredService<ActorRegistry>().Register<TActor>(actor, overwrite: true);
        Task<object> outcome = actor.Ask<object>(start, Timeout.InfiniteTimeSpan);
        Task ended = Task.WhenAny(outcome, actor.WatchAsync());
        _stopPlaying = () =>
        {
            actor.Tell(stop);
            return ended;
        };
        using CancellationTokenRegistration stopped = cancellation.Register(() => _ = host.StopAsync(CancellationToken.None));
        await ended;
        _stopPlaying = () => Task.CompletedTask;
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
        if (_starting.IsValueCreated && await Started() is { } host)
        {
            if (Journal is not null)
            {
                await Journal.SettleAsync();
            }
            _closed.TrySetResult();
            await host.StopAsync();
            host.Dispose();
            if (_location is not null)
            {
                JournalDatabase.Close(_location);
            }
        }
        await _log.DisposeAsync();

        async Task<IHost?> Started()
        {
            try
            {
                return await _starting.Value;
            }
            catch (RunFailedException)
            {
                // Whoever needed it has said so.
                return null;
            }
        }
    }

    private async Task<ActorSystem> SystemAsync() => (await _starting.Value).Services.GetRequiredService<ActorSystem>();

    private async Task<IHost> StartAsync(Config resolved, JournalLocation? journal)
    {
        IHost host = ActorSystemComposition.Build(resolved, journal, Agents, _log);
        try
        {
            await host.StartAsync();
        }
        catch (Exception e)
        {
            host.Dispose();
            string reason = $"the actor system does not start: {e.Message.ReplaceLineEndings(" ")}";
            Journal?.Fail(reason);
            throw new RunFailedException(reason, e);
        }
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        // Akka.NET's scheduler starts when it is first used, and whoever uses it first waits for a thread of the pool: hundreds of actors
        // that do so at once wait for each other, for ten seconds.
        system.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, static () => { });
        IReadOnlyList<Type> unserialised =
        [
            .. WireSerializer.Unserialised(system), .. journal is null ? [] : JournalSerializer.Unserialised(system),
        ];
        if (unserialised is [var type, ..])
        {
            throw new RunFailedException($"there is no serializer for {type.FullName}");
        }
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-playing", async () =>
        {
            await _stopPlaying();
            return Done.Instance;
        });
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "close-run-folder", async () =>
        {
            await _closed.Task;
            return Done.Instance;
        });
        return host;
    }
}
