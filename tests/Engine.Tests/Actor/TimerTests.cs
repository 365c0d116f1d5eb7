using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;

namespace Engine.Tests.Actor;

public sealed class TimerTests : ActorTest
{
    private sealed class Timed : ReceiveActor, IWithTimers
    {
        private readonly IActorRef _reports;

        public Timed(IActorRef reports)
        {
            _reports = reports;
            Receive<Action<ITimerScheduler>>(action =>
            {
                action(Timers);
                Sender.Tell("ok");
            });
            Receive<Func<ITimerScheduler, object>>(function => Sender.Tell(function(Timers)));
            Receive<Exception>(e => throw e);
            ReceiveAny(m => _reports.Tell(m, Sender));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly IActorRef _actor;

    public TimerTests() : base(TestConfigs.TestSchedulerConfig) => _actor = Sys.ActorOf(Props.Create(() => new Timed(TestActor)));

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private void Do(Action<ITimerScheduler> action)
    {
        _actor.Tell(action, TestActor);
        ExpectMsg("ok");
    }

    private object Get(Func<ITimerScheduler, object> function)
    {
        _actor.Tell(function, TestActor);
        return ExpectMsg<object>();
    }

    private void ExpectNothing() => Get(_ => "nothing").ShouldBe("nothing");

    [Fact]
    public void Single_FiresOnceAndEnds()
    {
        Do(t => t.StartSingleTimer("key", "tick", Second));
        Get(t => t.IsTimerActive("key")).ShouldBe(true);
        Scheduler.Advance(Second / 2);
        ExpectNothing();
        Scheduler.Advance(Second / 2);
        ExpectMsg("tick");
        Get(t => t.IsTimerActive("key")).ShouldBe(false);
        Scheduler.Advance(10 * Second);
        ExpectNothing();
    }

    [Fact]
    public void Periodic_FiresUntilCancelled()
    {
        Do(t => t.StartPeriodicTimer("key", "tick", 3 * Second, Second));
        Scheduler.Advance(2 * Second);
        ExpectNothing();
        for (int i = 0; i < 3; i++)
        {
            Scheduler.Advance(Second);
            ExpectMsg("tick");
        }
        Do(t => t.Cancel("key"));
        Scheduler.Advance(5 * Second);
        ExpectNothing();
    }

    [Fact]
    public async Task Restarted_MessageInTheMailbox_IsDiscarded()
    {
        // The first timer's message waits behind the one that replaces the timer.
        TaskCompletionSource inTurn = new();
        TaskCompletionSource go = new();
        Do(t => t.StartSingleTimer("key", "old", Second));
        _actor.Tell((Action<ITimerScheduler>)(t =>
        {
            inTurn.SetResult();
            go.Task.Wait(PuppetExtensions.Patience);
            t.StartSingleTimer("key", "new", Second);
        }), TestActor);
        await inTurn.Task.WaitAsync(PuppetExtensions.Patience);
        Scheduler.Advance(Second);
        go.SetResult();
        ExpectMsg("ok");
        ExpectNothing();
        Scheduler.Advance(Second);
        ExpectMsg("new");
    }

    [Fact]
    public async Task Cancelled_MessageInTheMailbox_IsDiscarded()
    {
        TaskCompletionSource inTurn = new();
        TaskCompletionSource go = new();
        Do(t => t.StartSingleTimer("key", "old", Second));
        _actor.Tell((Action<ITimerScheduler>)(t =>
        {
            inTurn.SetResult();
            go.Task.Wait(PuppetExtensions.Patience);
            t.CancelAll();
        }), TestActor);
        await inTurn.Task.WaitAsync(PuppetExtensions.Patience);
        Scheduler.Advance(Second);
        go.SetResult();
        ExpectMsg("ok");
        ExpectNothing();
    }

    [Fact]
    public void Restart_CancelsAll()
    {
        Do(t => t.StartPeriodicTimer("key", "tick", Second));
        _actor.Tell(new FormatException());
        Get(t => t.ActiveTimers.Count).ShouldBe(0);
        Scheduler.Advance(3 * Second);
        ExpectNothing();
    }

    [Fact]
    public async Task Stop_CancelsAll()
    {
        Do(t => t.StartPeriodicTimer("key", "tick", Second));
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        await _actor.GracefulStop(PuppetExtensions.Patience);
        Scheduler.Advance(3 * Second);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Keys_AreTimersOfTheirOwn()
    {
        Do(t =>
        {
            t.StartSingleTimer(1, "one", Second);
            t.StartSingleTimer(2, "two", 2 * Second, TestActor);
        });
        Get(t => t.ActiveTimers.Order().ToArray()).ShouldBe(new object[] { 1, 2 });
        Scheduler.Advance(Second);
        ExpectMsg("one");
        Scheduler.Advance(Second);
        ExpectMsg("two");
        LastSender.ShouldBe(TestActor);
    }

    private sealed class Quiet : INotInfluenceReceiveTimeout;

    private sealed class Impatient : UntypedActor
    {
        private readonly IActorRef _reports;

        public Impatient(IActorRef reports)
        {
            _reports = reports;
            SetReceiveTimeout(Second);
        }

        protected override void OnReceive(object message)
        {
            if (message is "off") { SetReceiveTimeout(null); }
            _reports.Tell(message is ReceiveTimeout ? $"timeout {Context.ReceiveTimeout}" : message);
        }
    }

    /// <summary>An actor starts its timer after the message in hand: its answer to a question that does not count tells that it has.</summary>
    private static Task<ActorIdentity> TimerStarted(IActorRef actor) => actor.Ask<ActorIdentity>(new Identify(null!), PuppetExtensions.Patience);

    [Fact]
    public async Task ReceiveTimeout_ComesAfterATimeWithoutMessages_AgainAndAgain()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Impatient(TestActor)));
        actor.Tell("begin");
        ExpectMsg("begin");
        await TimerStarted(actor);
        Scheduler.Advance(Second);
        ExpectMsg("timeout 00:00:01");
        await TimerStarted(actor);
        Scheduler.Advance(Second);
        ExpectMsg("timeout 00:00:01");
        actor.Tell("off");
        ExpectMsg("off");
        await TimerStarted(actor);
        Scheduler.Advance(5 * Second);
        ExpectNothing();
    }

    [Fact]
    public async Task ReceiveTimeout_MessageThatDoesNotCount_LeavesTheTime()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Impatient(TestActor)));
        await TimerStarted(actor);
        Scheduler.Advance(Second * 0.9);
        Quiet quiet = new();
        actor.Tell(quiet);
        ExpectMsg(quiet);
        Scheduler.Advance(Second * 0.1);
        ExpectMsg("timeout 00:00:01");
    }
}
