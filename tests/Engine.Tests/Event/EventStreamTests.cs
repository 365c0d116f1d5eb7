using Akka.Actor;
using Akka.Event;
using Akka.TestKit;

namespace Engine.Tests.Event;

public class EventStreamTests : EngineTest
{
    private interface INews;

    private record Report(int Number) : INews;

    private sealed record Headline(int Number) : Report(Number);

    [Fact]
    public void Subscribe_GetsTheTypeAndWhatIsBelowIt_Once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(INews)).ShouldBeTrue();
        Sys.EventStream.Subscribe(TestActor, typeof(INews)).ShouldBeFalse();
        Sys.EventStream.Subscribe(TestActor, typeof(Report));

        Sys.EventStream.Publish(new Report(1));
        Sys.EventStream.Publish("other");
        Sys.EventStream.Publish(new Headline(2));

        ExpectMsg<Report>(report => report.Number == 1);
        ExpectMsg<Headline>(headline => headline.Number == 2);
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void Unsubscribe_FromOneOrAll_EndsIt()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Report));
        Sys.EventStream.Subscribe(TestActor, typeof(string));

        Sys.EventStream.Unsubscribe(TestActor, typeof(Report)).ShouldBeTrue();
        Sys.EventStream.Publish(new Report(1));
        Sys.EventStream.Publish("a");
        ExpectMsg("a");

        Sys.EventStream.Unsubscribe(TestActor).ShouldBeTrue();
        Sys.EventStream.Unsubscribe(TestActor).ShouldBeFalse();
        Sys.EventStream.Publish("b");
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void DeadSubscriber_IsUnsubscribed()
    {
        IActorRef subscriber = Watch(ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));
        Sys.EventStream.Subscribe(subscriber, typeof(Report));

        Sys.Stop(subscriber);

        ExpectTerminated(subscriber);
        AwaitCondition(() => !Sys.EventStream.Unsubscribe(subscriber));
    }

    [Fact]
    public void DeadLetters_ArePublished_SuppressedOnesApart()
    {
        IActorRef dead = Watch(ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));
        Sys.Stop(dead);
        ExpectTerminated(dead);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        TestProbe suppressed = CreateTestProbe();
        Sys.EventStream.Subscribe(suppressed, typeof(SuppressedDeadLetter));

        dead.Tell("lost");
        dead.Tell(new Unimportant());
        Sys.DeadLetters.Tell("direct");

        ExpectMsg<DeadLetter>(letter => letter.Message.Equals("lost") && letter.Recipient.Equals(dead) && letter.Sender.Equals(TestActor));
        ExpectMsg<DeadLetter>(letter => letter.Message.Equals("direct") && letter.Recipient.Equals(Sys.DeadLetters));
        suppressed.ExpectMsg<SuppressedDeadLetter>(letter => letter.Message is Unimportant);
    }

    private sealed class Unimportant : IDeadLetterSuppression;
}
