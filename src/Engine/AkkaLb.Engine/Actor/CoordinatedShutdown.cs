using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>Makes the coordinated shutdown of a system.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    /// <inheritdoc />
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Ends a system in phases, each after those it depends on; the tasks of a phase run together.</summary>
public sealed class CoordinatedShutdown : IExtension
{
    /// <summary>For tasks of the application before services are unbound.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Stop to accept requests.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for requests in hand.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>End services.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>For tasks of the application before the cluster is left.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Hand shards over.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>Say that this node leaves.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>End singletons.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>Wait until the others know.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>End the cluster's actors.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>For tasks of the application before the system ends.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The system ends.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ImmutableDictionary<string, ShutdownPhase> _phases;
    private readonly List<string> _order;
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILoggingAdapter _log;
    private Reason? _reason;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _log = Logging.GetLogger(system, GetType());
        Config config = system.Settings.Config.GetConfig("akka.coordinated-shutdown")!;
        _phases = ShutdownPhase.Read(config);
        _order = ShutdownPhase.Sort(_phases);
        if (config.GetBoolean("terminate-actor-system")) { AddSystemTask(config.GetBoolean("exit-clr"), config.GetInt("exit-code")); }
        if (config.GetBoolean("run-by-clr-shutdown-hook")) { RunWithProcess(); }
    }

    /// <summary>Why a shutdown was run; subclasses are reasons of the application.</summary>
    public class Reason
    {
        /// <summary>A reason.</summary>
        protected Reason() { }
    }

    /// <summary>No reason was given.</summary>
    public class UnknownReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason() { }
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason() { }
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason() { }
    }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Why the shutdown was run, or null before.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The time-outs of all phases together.</summary>
    public TimeSpan TotalTimeout => _order.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    /// <summary>The coordinated shutdown of a system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Apply(sys);

    /// <summary>The time-out of a phase.</summary>
    public TimeSpan Timeout(string phase) => _phases.TryGetValue(phase, out ShutdownPhase? known)
        ? known.Timeout
        : throw new ArgumentException($"Unknown phase [{phase}]. All phases must be defined in configuration.", nameof(phase));

    /// <summary>Adds a task to a phase.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        Timeout(phase);
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(phase, out List<(string, Func<Task<Done>>)>? known)) { _tasks.Add(phase, known = []); }
            known.Add((taskName, task));
        }
    }

    /// <summary>Runs the phases, once; later calls get the same task. <paramref name="fromPhase"/> leaves out what comes before it.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (fromPhase is not null) { Timeout(fromPhase); }
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            if (_log.IsDebugEnabled) { _log.Debug("Running CoordinatedShutdown with reason [{0}]", reason.GetType().Name); }
            _ = Task.Run(() => RunPhases(fromPhase));
        }
        return _done.Task;
    }

    private async Task RunPhases(string? fromPhase)
    {
        try
        {
            foreach (string phase in _order.SkipWhile(p => fromPhase is not null && p != fromPhase))
            {
                if (_phases[phase].Enabled) { await RunPhase(phase).ConfigureAwait(false); }
            }
            _done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_tasks) { tasks = _tasks.TryGetValue(phase, out List<(string, Func<Task<Done>>)>? known) ? [.. known] : []; }
        if (tasks.Length == 0) { return; }
        ShutdownPhase settings = _phases[phase];
        if (_log.IsDebugEnabled) { _log.Debug("Performing phase [{0}] with [{1}] tasks: [{2}]", phase, tasks.Length, string.Join(", ", tasks.Select(t => t.Name))); }
        Task all = Task.WhenAll(tasks.Select(t => RunTask(phase, t.Name, t.Task, settings.Recover)));
        try
        {
            await all.WaitAsync(settings.Timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (settings.Recover)
        {
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, settings.Timeout);
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> task, bool recover)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception e) when (recover)
        {
            _log.Warning(e, "Task [{0}] failed in phase [{1}]: {2}", name, phase, e.Message);
        }
    }

    private void AddSystemTask(bool exitProcess, int exitCode) => AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
    {
        ((Internal.ActorSystemImpl)System).FinalTerminate();
        await System.WhenTerminated.ConfigureAwait(false);
        if (exitProcess && ShutdownReason is not ClrExitReason) { Environment.Exit(exitCode); }
        return Done.Instance;
    });

    private void RunWithProcess()
    {
        EventHandler onExit = (_, _) => Run(ClrExitReason.Instance).Wait(TotalTimeout);
        AppDomain.CurrentDomain.ProcessExit += onExit;
        System.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= onExit);
    }
}
