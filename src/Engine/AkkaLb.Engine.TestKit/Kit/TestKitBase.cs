using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Configs;
using AkkaLb.Engine.TestKit;

namespace Akka.TestKit;

/// <summary>
/// An actor system under test with a test actor, whose messages the test expects one after the other.
/// Expectations come as blocking methods and as asynchronous ones (<c>…Async</c>).
/// </summary>
/// <remarks>
/// Durations that a test gives are stretched by <c>akka.test.timefactor</c>. Without a given duration an expectation waits for the rest of
/// the surrounding <see cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>, or <c>akka.test.single-expect-default</c> outside of one.
/// Unless the test is an <see cref="INoImplicitSender"/>, what it tells has the <see cref="TestActor"/> as sender.
/// </remarks>
public abstract partial class TestKitBase
{
    private static int testActorNumber;

    private readonly MessageQueue queue = new();
    private readonly ITestKitAssertions assertions;
    private ActorCell? implicitSender;
    private MessageEnvelope lastMessage = NullMessageEnvelope.Instance;

    /// <summary>A kit with an actor system of its own.</summary>
    protected TestKitBase(ITestKitAssertions assertions, Config? config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions) => InitializeTest(null, config ?? Config.Empty, actorSystemName, testActorName);

    /// <summary>A kit with an actor system of its own.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null, string? testActorName = null)
        : this(assertions) => InitializeTest(null, setup, actorSystemName, testActorName);

    /// <summary>A kit for an existing actor system.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem system, string? testActorName = null)
        : this(assertions) => InitializeTest(system, Config.Empty, null, testActorName);

    private TestKitBase(ITestKitAssertions assertions)
    {
        ArgumentNullException.ThrowIfNull(assertions);
        this.assertions = assertions;
        // Set by InitializeTest, which every constructor calls.
        Sys = null!;
        TestKitSettings = null!;
        TestActor = null!;
        EventFilter = null!;
        Log = null!;
    }

    /// <summary>What every kit's configuration falls back to.</summary>
    public static Config DefaultConfig => TestConfigs.DefaultConfig;

    /// <summary>Logs everything that an actor system can tell about itself.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = DEBUG
          log-dead-letters = on
          actor.debug { receive = on, autoreceive = on, lifecycle = on, event-stream = on, unhandled = on }
        }
        """);

    /// <summary>The actor system under test.</summary>
    public ActorSystem Sys { get; private set; }

    /// <summary>The settings below <c>akka.test</c>.</summary>
    public TestKitSettings TestKitSettings { get; private set; }

    /// <summary>The actor whose messages the test expects.</summary>
    public IActorRef TestActor { get; private set; }

    /// <summary>Filters for log events that the test expects.</summary>
    public EventFilterFactory EventFilter { get; private set; }

    /// <summary>A log adapter for the test.</summary>
    public ILoggingAdapter Log { get; private set; }

    /// <summary>The last message that the test received, or null.</summary>
    public object? LastMessage => lastMessage.Message;

    /// <summary>Who sent <see cref="LastMessage"/>.</summary>
    public IActorRef LastSender => lastMessage.Sender;

    /// <summary>Whether messages wait that the test has not received.</summary>
    public bool HasMessages => queue.Count > 0;

    /// <summary>Time since some fixed moment.</summary>
    protected static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Prepares the kit; called by its constructor.</summary>
    protected void InitializeTest(ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        if (system is null)
        {
            BootstrapSetup bootstrap = config.Get<BootstrapSetup>().GetOrElse(BootstrapSetup.Create());
            Config own = bootstrap.Config.HasValue ? bootstrap.Config.Value : Config.Empty;
            system = ActorSystem.Create(actorSystemName ?? "test", config.WithSetup(bootstrap.WithConfig(own.SafeWithFallback(DefaultConfig))));
        }
        Initialize(system, testActorName);
    }

    /// <summary>Prepares the kit; called by its constructor.</summary>
    protected virtual void InitializeTest(ActorSystem? system, Config config, string? actorSystemName, string? testActorName) =>
        Initialize(system ?? ActorSystem.Create(actorSystemName ?? "test", config.SafeWithFallback(DefaultConfig)), testActorName);

    private void Initialize(ActorSystem system, string? testActorName)
    {
        Sys = system;
        system.Settings.InjectTopLevelFallback(DefaultConfig);
        TestKitSettings = TestKitExtension.For(system);
        Log = Logging.GetLogger(system, GetType());
        EventFilter = new EventFilterFactory(this);
        TestActor = CreateTestActor(testActorName ?? $"testActor{Interlocked.Increment(ref testActorNumber)}");
        if (this is TestProbe)
        {
            return;
        }
        implicitSender = this is INoImplicitSender ? null : ((LocalActorRef)TestActor).Cell;
        ActorCell.Current = implicitSender;
        SynchronizationContext.SetSynchronizationContext(new CellKeepingContext(implicitSender));
    }

    /// <summary>Stretches a duration by <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration < TimeSpan.Zero ? duration : duration * TestKitSettings.TestTimeFactor;

    /// <summary>Lets <paramref name="pilot"/> answer what the test actor receives.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new InternalTestActor.SetAutoPilot(pilot), ActorRefs.NoSender);

    /// <summary>Makes the test actor drop the messages for which <paramref name="shouldIgnoreMessage"/> holds.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new InternalTestActor.SetIgnore(shouldIgnoreMessage), ActorRefs.NoSender);

    /// <summary>Makes the test actor drop the messages of a type for which <paramref name="shouldIgnoreMessage"/> holds.</summary>
    public void IgnoreMessages<T>(Func<T, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is T typed && shouldIgnoreMessage(typed));

    /// <summary>Makes the test actor drop the messages of a type.</summary>
    public void IgnoreMessages<T>() => IgnoreMessages(static message => message is T);

    /// <summary>Lets the test actor receive everything again.</summary>
    public void IgnoreNoMessages() => TestActor.Tell(new InternalTestActor.SetIgnore(null), ActorRefs.NoSender);

    /// <summary>Lets the test actor get <see cref="Terminated"/> when an actor has stopped; returns once it watches.</summary>
    public IActorRef Watch(IActorRef actorToWatch) => WatchAsync(actorToWatch).GetAwaiter().GetResult();

    /// <summary>Lets the test actor get <see cref="Terminated"/> when an actor has stopped; completes once it watches.</summary>
    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) =>
        TestActor.Ask<IActorRef>(new InternalTestActor.StartWatching(actorToWatch), RemainingOrDefault);

    /// <summary>Takes back <see cref="Watch"/>.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch) => UnwatchAsync(actorToUnwatch).GetAwaiter().GetResult();

    /// <summary>Takes back <see cref="WatchAsync"/>.</summary>
    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) =>
        TestActor.Ask<IActorRef>(new InternalTestActor.StopWatching(actorToUnwatch), RemainingOrDefault);

    /// <summary>Filters for log events of another actor system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>An independent test actor with its own expectations.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>An independent test actor in another actor system.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, assertions, name);

    /// <summary>A latch that waits <c>akka.test.default-timeout</c> by default.</summary>
    public virtual TestLatch CreateTestLatch(int count = 1) => new(Dilated, TestKitSettings.DefaultTimeout, count);

    /// <summary>A barrier that waits <c>akka.test.default-timeout</c> by default.</summary>
    public TestBarrier CreateTestBarrier(int count) => new(this, count, TestKitSettings.DefaultTimeout);

    /// <summary>A further actor that feeds this kit's queue.</summary>
    public IActorRef CreateTestActor(string name)
    {
        MessageQueue messages = queue;
        Props props = Props.Create(() => new InternalTestActor(messages)).WithDispatcher("akka.test.test-actor.dispatcher");
        return ((ExtendedActorSystem)Sys).SystemActorOf(props, name);
    }

    /// <summary>Terminates the actor system and waits for its end.</summary>
    /// <param name="duration">How long to wait; by default 5 s, stretched, at most 10 s.</param>
    /// <param name="verifySystemShutdown">Throw instead of logging a warning when the system does not end in time.</param>
    /// <exception cref="TimeoutException">The system did not end in time.</exception>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        if (ReferenceEquals(ActorCell.Current, implicitSender))
        {
            // The next test on this thread may have no kit.
            ActorCell.Current = null;
        }
        Shutdown(Sys, duration, verifySystemShutdown);
    }

    /// <summary>Terminates an actor system and waits for its end.</summary>
    /// <exception cref="TimeoutException">The system did not end in time.</exception>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        TimeSpan limit = duration ?? Min(Dilated(TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(10));
        if (system.Terminate().Wait(limit))
        {
            return;
        }
        string message = $"actor system '{system.Name}' did not terminate within {Text(limit)}; still alive: {Survivors.Of(system)}";
        if (verifySystemShutdown)
        {
            throw new TimeoutException(message);
        }
        system.Log.Warning(message);
    }

    internal ITestKitAssertions Reporter => assertions;

    [DoesNotReturn]
    private void Fail(string message, string? hint = null)
    {
        string text = string.IsNullOrEmpty(hint) ? message : $"{message} ({hint})";
        assertions.Fail("{0}", text);
        throw new UnreachableException(text);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    internal static string Text(TimeSpan duration) => duration < TimeSpan.Zero ? "ever"
        : duration.TotalSeconds >= 1 ? FormattableString.Invariant($"{duration.TotalSeconds:0.###} s")
        : FormattableString.Invariant($"{duration.TotalMilliseconds:0.###} ms");
}
