using Akka.Actor;

namespace Engine.Tests.Actor;

/// <summary>Handlers, behaviours and the order of messages.</summary>
public class BehaviourTests : EngineTest
{
    [Fact]
    public void Messages_OfOneSender_KeepTheirOrder()
    {
        const int Count = 20_000;
        IActorRef actor = ActorOf(() => new OrderChecker(TestActor, Count));

        Parallel.For(0, 4, sender =>
        {
            for (int i = 0; i < Count; i++)
            {
                actor.Tell((sender, i), ActorRefs.NoSender);
            }
        });

        ExpectMsg("in order, one at a time");
    }

    [Fact]
    public void Handlers_FirstThatFits_Counts()
    {
        IActorRef actor = ActorOf(() => new Handlers(TestActor));

        actor.Tell(12);
        actor.Tell(3);
        actor.Tell("text");
        actor.Tell(2.5);

        ExpectMsg("large");
        ExpectMsg("small");
        ExpectMsg("object text");
        ExpectMsg("object 2.5");
    }

    [Fact]
    public void ReceiveAny_BeforeOthers_Throws()
    {
        IActorRef actor = Watch(ActorOf(() => new HandlerAfterAny()));

        ExpectTerminated(actor);
    }

    [Fact]
    public void Become_ReplacesTheBehaviour_StackedOnesComeBack()
    {
        IActorRef actor = ActorOf(() => new Moody(TestActor));
        foreach (string message in (string[])["hi", "push angry", "hi", "push sad", "hi", "pop", "hi", "pop", "hi", "become calm", "hi", "pop", "hi"])
        {
            actor.Tell(message);
        }

        ReceiveN(7).ShouldBe(["neutral", "angry", "sad", "angry", "neutral", "calm", "neutral"]);
    }

    [Fact]
    public void Forward_KeepsTheSender()
    {
        IActorRef echo = ActorOf(() => new Echo());
        IActorRef forwarder = ActorOf(Akka.TestKit.TestActors.ForwardActor.Props(echo));

        forwarder.Tell("question");

        ExpectMsgFrom(echo, "question");
    }

    [Fact]
    public void UntypedActor_BecomesToo()
    {
        IActorRef actor = ActorOf(() => new Switch(TestActor));
        foreach (string message in (string[])["x", "toggle", "x", "toggle", "x"])
        {
            actor.Tell(message);
        }

        ReceiveN(3).ShouldBe(["off x", "on x", "off x"]);
    }

    [Fact]
    public void BusyActor_LetsOthersHaveTheirTurn()
    {
        // More actors that never rest than there are threads.
        for (int i = 0; i < Environment.ProcessorCount * 2; i++)
        {
            ActorOf(() => new Restless()).Tell("go");
        }

        ActorOf(() => new Echo()).Tell("still served?");

        ExpectMsg("still served?");
    }

    private sealed class OrderChecker : ReceiveActor
    {
        private readonly int[] next = new int[4];
        private int running;
        private int handled;

        public OrderChecker(IActorRef probe, int count) => Receive<(int Sender, int Number)>(message =>
        {
            bool alone = Interlocked.Increment(ref running) == 1;
            if (!alone || message.Number != next[message.Sender]++)
            {
                probe.Tell($"{message} out of turn");
                Context.Stop(Self);
            }
            Interlocked.Decrement(ref running);
            if (++handled == count * 4)
            {
                probe.Tell("in order, one at a time");
            }
        });
    }

    private sealed class Handlers : ReceiveActor
    {
        public Handlers(IActorRef probe)
        {
            Receive<int>(n => n > 10, _ => probe.Tell("large"));
            Receive<int>(n =>
            {
                probe.Tell("small");
                return n < 10;
            });
            Receive<object>(message => probe.Tell(FormattableString.Invariant($"object {message}")));
        }
    }

    private sealed class HandlerAfterAny : ReceiveActor
    {
        public HandlerAfterAny()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }

    private sealed class Moody : ReceiveActor
    {
        private readonly IActorRef probe;

        public Moody(IActorRef probe)
        {
            this.probe = probe;
            Mood("neutral");
        }

        private void Mood(string mood)
        {
            Receive<string>(text => text.StartsWith("push "), text => BecomeStacked(() => Mood(text[5..])));
            Receive<string>(text => text.StartsWith("become "), text => Become(() => Mood(text[7..])));
            Receive<string>(text => text == "pop", _ => UnbecomeStacked());
            Receive<string>(_ => probe.Tell(mood));
        }
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Switch(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "toggle")
            {
                BecomeStacked(On);
            }
            else
            {
                probe.Tell($"off {message}");
            }
        }

        private void On(object message)
        {
            if (message is "toggle")
            {
                UnbecomeStacked();
            }
            else
            {
                probe.Tell($"on {message}");
            }
        }
    }

    private sealed class Restless : ReceiveActor
    {
        public Restless() => Receive<string>(text => Self.Tell(text));
    }
}
