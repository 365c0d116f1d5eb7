using Akka.Actor;

namespace Engine.Tests.Actor;

/// <summary>What a restart leaves, replaces and survives.</summary>
public class RestartTests : EngineTest
{
    [Fact]
    public void OneForOne_LeavesTheSiblingsAlone()
    {
        (IActorRef first, IActorRef second) = Siblings(new OneForOneStrategy(_ => Directive.Restart));
        second.Tell("state");

        first.Tell(new InvalidTimeZoneException());
        FishForMessage<string>(text => text == "pre-start 2");
        second.Tell("get");

        ExpectMsg("got 1 from 1");
    }

    [Fact]
    public void DefaultStrategy_FailingPostRestart_Stops()
    {
        IActorRef parent = ActorOf(() => new Parent(TestActor, null));
        IActorRef child = Watch(Make(parent, Props.Create(() => new FailsAfterRestart())));

        child.Tell("fail");

        ExpectTerminated(child);
    }

    [Fact]
    public void FailingPreRestart_StillRestarts()
    {
        IActorRef parent = ActorOf(() => new Parent(TestActor, null));
        IActorRef child = Make(parent, Props.Create(() => new FailsBeforeRestart()));

        child.Tell("fail");
        child.Tell("ping");

        ExpectMsg("pong");
    }

    [Fact]
    public void Decider_FirstTypeThatFits_Counts()
    {
        DeployableDecider decider = Decider.From(
            Directive.Escalate,
            Directive.Stop.When<ArgumentNullException>(),
            Directive.Resume.When<ArgumentException>());

        decider.Decide(new ArgumentNullException()).ShouldBe(Directive.Stop);
        decider.Decide(new ArgumentException()).ShouldBe(Directive.Resume);
        decider.Decide(new InvalidTimeZoneException()).ShouldBe(Directive.Escalate);
    }

    [Fact]
    public void Restart_StopsTheChildrenFirst_SoThatTheirNamesAreFree()
    {
        IActorRef parent = ActorOf(() => new Restarter(TestActor));
        ExpectMsg("child up");

        parent.Tell("fail");

        ExpectMsg("child down");
        ExpectMsg("child up");
        parent.Tell("children");
        ExpectMsg(1);
    }

    [Fact]
    public void Restart_WithChildrenKept_RestartsThem()
    {
        IActorRef parent = ActorOf(() => new KeepsChildren());
        IActorRef child = Make(parent, Props.Create(() => new Fragile(TestActor, new Counter())));
        ReceiveN(2);

        parent.Tell("fail");

        ExpectMsg<string>(text => text.StartsWith("pre-restart 1"));
        FishForMessage<string>(text => text == "pre-start 2");
        child.Tell("get");
        ExpectMsg("got 0 from 2");
    }

    private (IActorRef First, IActorRef Second) Siblings(SupervisorStrategy strategy)
    {
        IActorRef parent = ActorOf(() => new Parent(TestActor, strategy));
        IActorRef first = Make(parent, Props.Create(() => new Fragile(TestActor, new Counter())));
        IActorRef second = Make(parent, Props.Create(() => new Fragile(TestActor, new Counter())));
        ReceiveN(4);
        return (first, second);
    }

    /// <summary>Lets a parent create a child, without disturbing what the test expects.</summary>
    private static IActorRef Make(IActorRef parent, Props child) => parent.Ask<IActorRef>(child, TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();

    private sealed class Counter
    {
        private int value;

        public int Next() => Interlocked.Increment(ref value);
    }

    private sealed class Parent : ReceiveActor
    {
        private readonly SupervisorStrategy? strategy;

        public Parent(IActorRef probe, SupervisorStrategy? strategy)
        {
            this.strategy = strategy;
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
        }

        protected override SupervisorStrategy SupervisorStrategy() => strategy ?? base.SupervisorStrategy();
    }

    /// <summary>Says what happens to it, and which instance it is.</summary>
    private sealed class Fragile : ReceiveActor
    {
        private readonly IActorRef probe;
        private readonly int instance;
        private int state;

        public Fragile(IActorRef probe, Counter instances)
        {
            this.probe = probe;
            instance = instances.Next();
            probe.Tell($"constructed {instance}");
            Receive<Exception>(e => throw e);
            Receive<string>(text => text == "state", _ => state++);
            Receive<string>(text => text == "get", _ => probe.Tell($"got {state} from {instance}"));
        }

        protected override void PreStart() => probe.Tell($"pre-start {instance}");

        protected override void PostStop() => probe.Tell($"post-stop {instance}");

        protected override void PreRestart(Exception reason, object? message)
        {
            probe.Tell($"pre-restart {instance} {reason.Message} {message?.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            probe.Tell($"post-restart {instance} {reason.Message}");
            base.PostRestart(reason);
        }
    }

    private sealed class FailsAfterRestart : ReceiveActor
    {
        public FailsAfterRestart() => Receive<string>(_ => throw new InvalidTimeZoneException());

        protected override void PostRestart(Exception reason) => throw new InvalidOperationException();
    }

    private sealed class FailsBeforeRestart : ReceiveActor
    {
        public FailsBeforeRestart()
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidTimeZoneException());
            Receive<string>(_ => Sender.Tell("pong"));
        }

        protected override void PreRestart(Exception reason, object? message) => throw new InvalidOperationException();
    }

    private sealed class Restarter : ReceiveActor
    {
        private readonly IActorRef probe;

        public Restarter(IActorRef probe)
        {
            this.probe = probe;
            Receive<string>(text => text == "children", _ => probe.Tell(Context.GetChildren().Count()));
            Receive<string>(_ => throw new InvalidTimeZoneException());
        }

        protected override void PreStart() => Context.ActorOf(Props.Create(() => new UpAndDown(probe)), "child");
    }

    private sealed class UpAndDown(IActorRef probe) : ReceiveActor
    {
        protected override void PreStart() => probe.Tell("child up");

        protected override void PostStop() => probe.Tell("child down");
    }

    private sealed class KeepsChildren : ReceiveActor
    {
        public KeepsChildren()
        {
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
            Receive<string>(_ => throw new InvalidTimeZoneException());
        }

        protected override void PreRestart(Exception reason, object? message)
        {
        }
    }
}
