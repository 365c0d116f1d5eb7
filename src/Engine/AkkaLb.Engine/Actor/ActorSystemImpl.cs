using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Actor.Internal;

/// <summary>The actor system of one process.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly Stack<Action> _onTermination = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalActorRefProvider _provider;
    private readonly TimeSpan _startedAt;
    private Serialization.Serialization? _serialization;
    private long _uid;
    private bool _ended;

    internal ActorSystemImpl(string name, Config config, ActorSystemSetup setup)
    {
        if (string.IsNullOrEmpty(name) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || name[0] is '-' or '_')
        {
            throw new ArgumentException($"invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' or '_')", nameof(name));
        }
        Name = name;
        // The incarnations of another process at the same address must not look like ours.
        _uid = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        StartTime = SystemClock.SinceEpoch;
        _startedAt = SystemClock.Monotonic;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", GetType(), DefaultLogMessageFormatter.Instance);
        Scheduler = TypeResolver.Create<IScheduler>(Settings.SchedulerClass, Settings.Config, Log);
        Dispatchers = new Dispatchers(this, new DefaultDispatcherPrerequisites(EventStream, Scheduler, Settings));
        _provider = new LocalActorRefProvider(this);
    }

    public override string Name { get; }
    public override Settings Settings { get; }
    public override IActorRef DeadLetters => _provider.DeadLetterRef;
    internal DeadLetterActorRef DeadLetterRef => _provider.DeadLetterRef;
    public override EventStream EventStream { get; }
    public override Dispatchers Dispatchers { get; }
    public override IScheduler Scheduler { get; }
    public override ILoggingAdapter Log { get; }
    public override Task WhenTerminated => _terminated.Task;
    public override TimeSpan StartTime { get; }
    public override TimeSpan Uptime => SystemClock.Monotonic - _startedAt;
    public override IActorRefProvider Provider => _provider;
    public override IInternalActorRef Guardian => _provider.Guardian;
    public override IInternalActorRef LookupRoot => _provider.RootCell;
    public override IInternalActorRef SystemGuardian => _provider.SystemGuardian;
    public override Serialization.Serialization Serialization => LazyInitializer.EnsureInitialized(ref _serialization, () => new Serialization.Serialization(this));

    internal void Start()
    {
        _provider.Start();
        _provider.TerminationTask.ContinueWith(_ => End(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (Settings.LogDeadLetters > 0)
        {
            Listen<DeadLetterListener>("deadLetterListener", typeof(DeadLetter), typeof(Dropped), typeof(UnhandledMessage), typeof(DeadLetterListener.Quiet));
        }
        EventStream.StartDefaultLoggers(this);
        if (Settings.DebugUnhandledMessage) { Listen<UnhandledMessageForwarder>("UnhandledMessageForwarder", typeof(UnhandledMessage)); }
        foreach (string name in Settings.Config.GetStringList("akka.extensions", []))
        {
            RegisterExtension(TypeResolver.Create<IExtensionId>(name));
        }
        CoordinatedShutdown.Get(this);
        if (Settings.LogConfigOnStart) { Log.Info(Settings.ToString()); }
    }

    // Subscribed here and not by the actor, so that nothing is missed that happens before its first turn.
    private void Listen<TActor>(string name, params Type[] events) where TActor : ActorBase, new()
    {
        IActorRef listener = SystemActorOf<TActor>(name);
        foreach (Type each in events) { EventStream.Subscribe(listener, each); }
    }

    internal long NextUid() => Interlocked.Increment(ref _uid);

    /// <summary>Makes an actor that is not yet anybody's child.</summary>
    internal LocalActorRef MakeActor(Props props, IInternalActorRef parent, ActorPath path) =>
        Settings.SerializeAllMessages
            ? new SerializingActorRef(this, props, Dispatchers.Lookup(props.Dispatcher), parent, path)
            : new LocalActorRef(this, props, Dispatchers.Lookup(props.Dispatcher), parent, path);

    public override IActorRef ActorOf(Props props, string? name = null) => _provider.Guardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _provider.SystemGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => SelectionDelivery.Select(this, actorPath);

    public override ActorSelection ActorSelection(string actorPath) => SelectionDelivery.Select(this, _provider.Guardian, actorPath);

    public override void Stop(IActorRef actor) => ((IInternalActorRef)actor).Stop();

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
        {
            _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        }
        else
        {
            FinalTerminate();
        }
        return WhenTerminated;
    }

    /// <summary>Stops the user's actors; the system's follow by themselves.</summary>
    internal void FinalTerminate()
    {
        if (!Settings.LogDeadLettersDuringShutdown) { EventStream.Publish(DeadLetterListener.Quiet.Instance); }
        _provider.Guardian.Stop();
    }

    private void End()
    {
        (Scheduler as IDisposable)?.Dispose();
        while (true)
        {
            Action? code;
            lock (_onTermination)
            {
                if (!_onTermination.TryPop(out code))
                {
                    _ended = true;
                    break;
                }
            }
            try
            {
                code();
            }
            catch (Exception e)
            {
                Log.Error(e, "A termination callback failed");
            }
        }
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_onTermination)
        {
            if (_ended) { throw new InvalidOperationException("The actor system has terminated already."); }
            _onTermination.Push(code);
        }
    }

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, static (_, state) => new Lazy<object>(() => state.extension.CreateExtension(state.system)), (extension, system: this)).Value;

    public override object GetExtension(IExtensionId extensionId) => TryGetExtension(extensionId.ExtensionType, out object? found) ? found : null!;

    public override T GetExtension<T>() => TryGetExtension(out T? found) ? found : null!;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, [NotNullWhen(true)] out object? extension)
    {
        extension = _extensions.TryGetValue(extensionType, out Lazy<object>? known) ? known.Value : null;
        return extension is not null;
    }

    public override bool TryGetExtension<T>([NotNullWhen(true)] out T? extension) where T : class
    {
        extension = TryGetExtension(typeof(T), out object? found) ? (T)found : null;
        return extension is not null;
    }

    public override string PrintTree()
    {
        StringBuilder text = new();
        Print(_provider.RootCell, 0, text);
        return text.ToString();
    }

    private static void Print(IActorRef actor, int depth, StringBuilder text)
    {
        text.Append(' ', depth * 2).Append(depth == 0 ? "/" : actor.Path.Name);
        if (actor is not ActorRefWithCell cell) { text.AppendLine(); return; }
        text.Append(' ').AppendLine((actor as LocalActorRef)?.Cell.Props.Type.Name);
        foreach (IActorRef child in cell.Children.OrderBy(c => c.Path.Name, StringComparer.Ordinal)) { Print(child, depth + 1, text); }
    }

    public override string ToString() => $"akka://{Name}";
}
