using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;

namespace Engine.Tests.Actor;

/// <summary>Timers of actors. They run on the test's thread, so that time never outruns them.</summary>
public class TimerTests() : EngineTest(TestConfigs.TestSchedulerConfig)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private TestActorRef<Timed> Actor() => ActorOfAsTestActorRef(() => new Timed(TestActor));

    [Fact]
    public void SingleTimer_FiresOnce()
    {
        TestActorRef<Timed> actor = Actor();
        actor.Receive((ITimerScheduler timers) => timers.StartSingleTimer("k", "fired", Second));
        actor.UnderlyingActor.Timers.IsTimerActive("k").ShouldBeTrue();

        Scheduler.Advance(Second);
        Scheduler.Advance(Second);

        ExpectMsg("fired");
        actor.UnderlyingActor.Timers.IsTimerActive("k").ShouldBeFalse();
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void PeriodicTimer_FiresUntilCancelled()
    {
        TestActorRef<Timed> actor = Actor();
        actor.Receive((ITimerScheduler timers) => timers.StartPeriodicTimer("k", "tick", Second * 2, Second));
        Scheduler.Advance(Second);
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
        Scheduler.Advance(Second);
        ExpectMsg("tick");
        Scheduler.Advance(Second);
        ExpectMsg("tick");

        actor.Receive((ITimerScheduler timers) => timers.Cancel("k"));
        Scheduler.Advance(Second);

        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void TimerOfTheSameKey_ReplacesTheOld()
    {
        TestActorRef<Timed> actor = Actor();
        actor.Receive((ITimerScheduler timers) =>
        {
            timers.StartSingleTimer("k", "old", Second);
            timers.StartSingleTimer("k", "new", Second * 2);
            timers.StartSingleTimer("other", "other", Second);
        });

        Scheduler.Advance(Second);
        Scheduler.Advance(Second);

        ExpectMsg("other");
        ExpectMsg("new");
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void CancelAll_SilencesEvery()
    {
        TestActorRef<Timed> actor = Actor();
        actor.Receive((ITimerScheduler timers) =>
        {
            timers.StartSingleTimer("a", "a", Second);
            timers.StartPeriodicTimer("b", "b", Second);
            timers.CancelAll();
        });

        Scheduler.Advance(Second);

        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void Cancelled_WhenItsMessageIsAlreadyQueued_IsNotSeen()
    {
        // On a thread of its own, so that the message waits in the mailbox behind the one at hand.
        using ManualResetEventSlim fired = new();
        IActorRef actor = ActorOf(() => new Timed(TestActor));
        Action<ITimerScheduler> startAndCancel = timers =>
        {
            timers.StartSingleTimer("k", "must not be seen", Second);
            TestActor.Tell("started", ActorRefs.NoSender);
            fired.Wait(TimeSpan.FromSeconds(20));
            timers.Cancel("k");
        };

        actor.Tell(startAndCancel);
        ExpectMsg("started");
        Scheduler.Advance(Second);
        fired.Set();
        actor.Tell("after");

        ExpectMsg("after");
    }

    [Fact]
    public void Restart_CancelsTheTimers()
    {
        IActorRef actor = ActorOf(() => new Timed(TestActor));
        Action<ITimerScheduler> startAndFail = timers =>
        {
            timers.StartPeriodicTimer("k", "tick", Second);
            throw new InvalidTimeZoneException();
        };
        actor.Tell(startAndFail);
        actor.Tell("alive");
        ExpectMsg("alive");

        Scheduler.Advance(Second);
        actor.Tell("still alive");

        ExpectMsg("still alive");
    }

    [Fact]
    public void ReceiveTimeout_IsPutOffByMessages_ExceptThoseThatDoNotInfluenceIt()
    {
        TestActorRef<Timed> actor = Actor();
        actor.Tell(Second);
        Scheduler.Advance(Second * 0.75);
        actor.Tell("busy");
        ExpectMsg("busy");
        Scheduler.Advance(Second * 0.75);
        actor.Tell(new Unnoticed());
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();

        Scheduler.Advance(Second * 0.25);

        ExpectMsg("timeout");
    }

    [Fact]
    public void ReceiveTimeout_Repeats_UntilSwitchedOff()
    {
        TestActorRef<Timed> actor = Actor();
        actor.Tell(Second);
        Scheduler.Advance(Second);
        ExpectMsg("timeout");
        Scheduler.Advance(Second);
        ExpectMsg("timeout");

        actor.Tell(TimeSpan.Zero);
        Scheduler.Advance(Second);

        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    private sealed class Unnoticed : INotInfluenceReceiveTimeout;

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef probe)
        {
            Receive<Action<ITimerScheduler>>(use => use(Timers));
            Receive<TimeSpan>(timeout => Context.SetReceiveTimeout(timeout > TimeSpan.Zero ? timeout : null));
            Receive<ReceiveTimeout>(_ => probe.Tell("timeout"));
            Receive<Unnoticed>(_ => { });
            Receive<string>(text => probe.Tell(text));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }
}

internal static class TimedMessages
{
    /// <summary>Lets the actor use its timers.</summary>
    public static void Receive<TActor>(this TestActorRef<TActor> actor, Action<ITimerScheduler> use)
        where TActor : ActorBase => actor.Tell(use);
}
