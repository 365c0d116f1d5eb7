using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Actor;

public sealed class StashTests : ActorTest
{
    private sealed class Keeper : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    Stash.UnstashAll();
                    Become(Open);
                    break;
                case "one":
                    Stash.Unstash();
                    Become(Open);
                    break;
                case "even":
                    Stash.UnstashAll(e => e.Message is int i && i % 2 == 0);
                    Become(Open);
                    break;
                case "count":
                    Sender.Tell(Stash.Count);
                    break;
                case "clear":
                    Stash.ClearStash();
                    Become(Open);
                    break;
                case "prepend":
                    Stash.Prepend([new Envelope("p1", Sender), new Envelope("p2", Sender)]);
                    break;
                case "twice":
                    Stash.Stash();
                    try
                    {
                        Stash.Stash();
                    }
                    catch (IllegalActorStateException e)
                    {
                        Sender.Tell(e.Message);
                    }
                    break;
                case Exception e:
                    throw e;
                default:
                    Stash.Stash();
                    break;
            }
        }

        private void Open(object message)
        {
            if (message is Exception e) { throw e; }
            Sender.Tell(message);
        }
    }

    private readonly IActorRef _keeper;

    public StashTests() => _keeper = Sys.ActorOf(Props.Create(() => new Keeper()));

    private void Send(params object[] messages)
    {
        foreach (object message in messages) { _keeper.Tell(message, TestActor); }
    }

    private void ExpectAll(params object[] messages)
    {
        foreach (object message in messages) { ExpectMsg(message); }
    }

    [Fact]
    public void UnstashAll_ComesInOrderBeforeTheMailbox()
    {
        Send(1, 2, 3, "open", 4);
        ExpectAll(1, 2, 3, 4);
    }

    [Fact]
    public void Unstash_TakesTheOldest()
    {
        Send(1, 2, "one", 3);
        ExpectAll(1, 3);
    }

    [Fact]
    public void UnstashAll_Predicate_DropsTheOthers()
    {
        Send(1, 2, 3, 4, "even", 5);
        ExpectAll(2, 4, 5);
    }

    [Fact]
    public void Stash_KeepsTheSender()
    {
        Akka.TestKit.TestProbe probe = CreateTestProbe();
        _keeper.Tell(1, probe.Ref);
        Send("open");
        probe.ExpectMsg(1);
    }

    [Fact]
    public void ClearAndPrepend_ChangeWhatIsKept()
    {
        Send(1, "prepend", "count", "open");
        ExpectAll(3, "p1", "p2", 1);
    }

    [Fact]
    public void Clear_DropsAll()
    {
        Send(1, 2, "clear", 3);
        ExpectAll(3);
    }

    [Fact]
    public void Stash_Restart_PutsTheMessagesBack()
    {
        // The new instance gets them before what came later, and stashes them again.
        Send(1, 2, new FormatException(), 3, "count", "open");
        ExpectAll(3, 1, 2, 3);
    }

    [Fact]
    public void Stash_Twice_Throws()
    {
        Send("twice");
        ExpectMsg<string>().ShouldContain("more than once");
    }

    [Fact]
    public void Stash_Stop_MakesDeadLetters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Send("first", "second");
        Sys.Stop(_keeper);
        DeadLetter[] letters = [ExpectMsg<DeadLetter>(), ExpectMsg<DeadLetter>()];
        letters.Select(l => l.Message).ShouldBe(["first", "second"]);
    }

    private sealed class Bounded : UntypedActor, IWithStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message) => Stash.Stash();
    }

    [Fact]
    public void Stash_Full_Throws()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Bounded()).WithStashCapacity(2));
        EventFilter.Exception<StashOverflowException>().ExpectOne(() =>
        {
            for (int i = 0; i < 3; i++) { actor.Tell(i); }
        });
    }
}
