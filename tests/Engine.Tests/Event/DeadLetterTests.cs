using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Event;

public sealed class DeadLetterTests : ActorTest
{
    [Fact]
    public async Task Tell_DeadActor_IsADeadLetter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef actor = Sys.ActorOf(Akka.Actor.Props.Create(() => new Actor.Puppet(null, null)));
        await actor.GracefulStop(Actor.PuppetExtensions.Patience);
        actor.Tell("late", TestActor);
        DeadLetter letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("late");
        letter.Sender.ShouldBe(TestActor);
        letter.Recipient.ShouldBe(actor);
        Sys.DeadLetters.Tell("direct", TestActor);
        ExpectMsg<DeadLetter>().Message.ShouldBe("direct");
    }

    [Fact]
    public async Task Subscriber_ThatHasDied_IsNoDeadLetterItself()
    {
        // Unsubscribing takes a moment after the death; a letter in between must not go round in circles.
        for (int i = 0; i < 50; i++)
        {
            IActorRef subscriber = Sys.ActorOf(Akka.Actor.Props.Create(() => new Actor.Puppet(null, null)));
            Sys.EventStream.Subscribe(subscriber, typeof(DeadLetter));
            Task<bool> dead = subscriber.WatchAsync();
            Sys.Stop(subscriber);
            while (!dead.IsCompleted) { Sys.DeadLetters.Tell("letter", ActorRefs.NoSender); }
            (await dead).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task DeadLetters_AreLoggedUpToTheirNumber()
    {
        ActorSystem system = ActorSystem.Create("letters", """
            akka { stdout-loglevel = OFF, loglevel = INFO, loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"], log-dead-letters = 3 }
            """);
        try
        {
            system.EventStream.Subscribe(TestActor, typeof(Info));
            for (int i = 0; i < 5; i++) { system.DeadLetters.Tell($"letter {i}", ActorRefs.NoSender); }
            string[] logged = [.. Enumerable.Range(0, 3).Select(_ => ExpectMsg<Info>(i => i.Message.ToString()!.Contains("[String]")).Message.ToString()!)];
            logged[0].ShouldContain("[1] dead letters encountered");
            logged[2].ShouldContain("no more dead letters will be logged");
            ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        }
        finally
        {
            await system.Terminate();
        }
    }
}
