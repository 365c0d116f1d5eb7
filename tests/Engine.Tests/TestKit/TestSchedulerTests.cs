using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;

namespace Engine.Tests.TestKit;

/// <summary>Time stands still until a test advances it, for everything that the system schedules.</summary>
public class TestSchedulerTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public TestSchedulerTests()
        : base(TestConfigs.TestSchedulerConfig)
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void ScheduleTellOnce_FiresExactlyWhenDue()
    {
        Scheduler.ScheduleTellOnce(Second, TestActor, "due", TestActor);
        Scheduler.Advance(Second - Tick);
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();

        Scheduler.Advance(Tick);

        ExpectMsg("due");
    }

    [Fact]
    public void ScheduleTellRepeatedly_FiresEachIntervalUntilCancelled()
    {
        ICancelable cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second * 2, TestActor, "tick", TestActor);
        foreach (TimeSpan step in (TimeSpan[])[Second, Second * 2, Second * 2])
        {
            Scheduler.Advance(step - Tick);
            ReceiveOne(TimeSpan.Zero).ShouldBeNull();
            Scheduler.Advance(Tick);
            ExpectMsg("tick");
        }

        cancelable.Cancel();
        Scheduler.Advance(Second * 10);
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void Advance_Far_DoesAllInOrderOfTime()
    {
        Scheduler.ScheduleTellOnce(Second * 3, TestActor, "third", TestActor);
        Scheduler.ScheduleTellOnce(Second, TestActor, "first", TestActor);
        Scheduler.Advanced.ScheduleOnce(Second * 2, () => Scheduler.ScheduleTellOnce(Second / 2, TestActor, "second", TestActor));

        Scheduler.Advance(Second * 3);

        ExpectMsg("first");
        ExpectMsg("second");
        ExpectMsg("third");
    }

    [Fact]
    public void AdvanceTo_ThePast_Throws()
    {
        DateTimeOffset start = Scheduler.Now;
        Scheduler.AdvanceTo(start + Second);

        Scheduler.Now.ShouldBe(start + Second);
        Scheduler.MonotonicClock.ShouldBe(Second);
        Should.Throw<InvalidOperationException>(() => Scheduler.AdvanceTo(start));
    }

    [Fact]
    public void Timers_RunByHand()
    {
        IActorRef actor = ActorOf(() => new TimedActor(TestActor));
        ExpectMsg("started");
        Scheduler.Advance(Second);
        ExpectMsg("single");
        Scheduler.Advance(Second);
        ExpectMsg("periodic");
        Scheduler.Advance(Second * 2);
        ExpectMsg("periodic");
        actor.Tell("cancel");
        ExpectMsg("cancelled");

        Scheduler.Advance(Second * 2);
        actor.Tell("ping");
        ExpectMsg("pong");
    }

    [Fact]
    public void ReceiveTimeout_RunsByHand()
    {
        // On this thread, because the time runs anew only when the actor has left a message behind.
        IActorRef actor = ActorOfAsTestActorRef(() => new TimingOutActor(TestActor));
        ExpectMsg("started");
        Scheduler.Advance(Second - Tick);
        actor.Tell("keep");
        ExpectMsg("keep");
        Scheduler.Advance(Second - Tick);
        actor.Tell("keep");
        ExpectMsg("keep");

        Scheduler.Advance(Second);

        ExpectMsg("timeout");
    }

    private sealed class TimedActor : ReceiveActor, IWithTimers
    {
        public TimedActor(IActorRef probe)
        {
            Receive<string>(text => text == "cancel", _ =>
            {
                Timers.Cancel("p");
                probe.Tell("cancelled");
            });
            Receive<string>(text => probe.Tell(text == "ping" ? "pong" : text));
            Start = () => probe.Tell("started");
        }

        public ITimerScheduler Timers { get; set; } = null!;

        private Action Start { get; }

        protected override void PreStart()
        {
            Timers.StartSingleTimer("s", "single", Second);
            Timers.StartPeriodicTimer("p", "periodic", Second * 2);
            Start();
        }
    }

    private sealed class TimingOutActor : ReceiveActor
    {
        public TimingOutActor(IActorRef probe)
        {
            Context.SetReceiveTimeout(Second);
            Receive<ReceiveTimeout>(_ => probe.Tell("timeout"));
            Receive<string>(text => probe.Tell(text));
            probe.Tell("started");
        }
    }
}
