using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Actor;

public class StashTests : EngineTest
{
    [Fact]
    public void UnstashAll_PutsThemInFrontInTheirOrder()
    {
        IActorRef actor = ActorOf(() => new Door(TestActor));
        foreach (string message in (string[])["1", "2", "3", "open", "4"])
        {
            actor.Tell(message);
        }

        ReceiveN(5).ShouldBe(["opened", "1", "2", "3", "4"]);
    }

    [Fact]
    public void Unstash_PutsBackTheOldest()
    {
        IActorRef actor = ActorOf(() => new Door(TestActor));
        foreach (string message in (string[])["1", "2", "open one", "close", "open"])
        {
            actor.Tell(message);
        }

        ReceiveN(4).ShouldBe(["opened", "1", "opened", "2"]);
    }

    [Fact]
    public void Stash_TheSameMessageTwice_Throws()
    {
        IActorRef actor = ActorOf(() => new Door(TestActor));

        actor.Tell("stash twice");

        ExpectMsg<IllegalActorStateException>();
    }

    [Fact]
    public void Stash_KeepsTheSender()
    {
        IActorRef actor = ActorOf(() => new Door(TestActor));
        Akka.TestKit.TestProbe asker = CreateTestProbe();

        actor.Tell("who", asker);
        actor.Tell("open");

        ExpectMsg("opened");
        asker.ExpectMsg("you");
    }

    [Fact]
    public void ClearStash_GivesTheMessagesAway()
    {
        IActorRef actor = ActorOf(() => new Door(TestActor));
        foreach (string message in (string[])["1", "2", "clear", "open", "3"])
        {
            actor.Tell(message);
        }

        ExpectMsg(2);
        ReceiveN(2).ShouldBe(["opened", "3"]);
    }

    [Fact]
    public void Restart_UnstashesForTheNextInstance()
    {
        IActorRef actor = ActorOf(() => new Door(TestActor));
        foreach (string message in (string[])["1", "2", "fail", "open", "3"])
        {
            actor.Tell(message);
        }

        // The stashed ones come first again, and are stashed again by the new instance.
        ReceiveN(4).ShouldBe(["opened", "1", "2", "3"]);
    }

    [Fact]
    public void Stop_SendsTheStashToTheDeadLetters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef actor = ActorOf(() => new Door(TestActor));

        actor.Tell("1");
        actor.Tell(PoisonPill.Instance);

        ExpectMsg<DeadLetter>(letter => letter.Message.Equals("1"));
    }

    private sealed class Door : ReceiveActor, IWithUnboundedStash
    {
        private readonly IActorRef probe;

        public Door(IActorRef probe)
        {
            this.probe = probe;
            Closed();
        }

        public IStash Stash { get; set; } = null!;

        private void Closed()
        {
            Receive<string>(text => text == "open", _ => Open(Stash.UnstashAll));
            Receive<string>(text => text == "open one", _ => Open(Stash.Unstash));
            Receive<string>(text => text == "close", _ => { });
            Receive<string>(text => text == "clear", _ => probe.Tell(Stash.ClearStash().Count()));
            Receive<string>(text => text == "fail", _ => throw new InvalidTimeZoneException());
            Receive<string>(text => text == "stash twice", _ =>
            {
                Stash.Stash();
                try
                {
                    Stash.Stash();
                }
                catch (IllegalActorStateException e)
                {
                    probe.Tell(e);
                }
            });
            Receive<string>(_ => Stash.Stash());
        }

        private void Open(Action unstash)
        {
            probe.Tell("opened");
            Become(() =>
            {
                Receive<string>(text => text == "close", _ => Become(Closed));
                Receive<string>(text => text == "who", _ => Sender.Tell("you"));
                Receive<string>(text => probe.Tell(text));
            });
            unstash();
        }
    }
}
