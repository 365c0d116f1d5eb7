using Akka.Actor;
using Akka.TestKit;
using Xunit.Sdk;

namespace Engine.Tests.TestKit;

/// <summary>Expectations hold when they should, and fail with a message that says what came instead.</summary>
public class ExpectTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void ExpectMsg_OfAType_ReturnsTheMessage()
    {
        TestActor.Tell("hello");

        ExpectMsg<string>().ShouldBe("hello");
        LastMessage.ShouldBe("hello");
        LastSender.ShouldBe(TestActor);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void ExpectMsg_EachForm_Accepts()
    {
        for (int i = 0; i < 6; i++)
        {
            TestActor.Tell(42);
        }

        ExpectMsg(42);
        ExpectMsg<int>(n => n > 40);
        ExpectMsg<int>((n, sender) => n == 42 && sender.Equals(TestActor));
        ExpectMsg<int>(n => n.ShouldBe(42));
        ExpectMsg<int>((n, sender) => sender.ShouldBe(TestActor));
        ExpectMsg(43, (expected, actual) => expected - 1 == actual);
    }

    [Fact]
    public async Task ExpectMsgAsync_EachForm_Accepts()
    {
        for (int i = 0; i < 6; i++)
        {
            TestActor.Tell(42);
        }

        (await ExpectMsgAsync<int>()).ShouldBe(42);
        await ExpectMsgAsync(42);
        await ExpectMsgAsync<int>(n => n > 40);
        await ExpectMsgAsync<int>((n, sender) => sender.ShouldBe(TestActor));
        await ExpectMsgFromAsync(TestActor, 42);
        await ExpectMsgAnyOfAsync([41, 42]);
    }

    [Fact]
    public void ExpectMsg_NothingComes_Throws() =>
        Failure(() => ExpectMsg<string>(Short, "the answer"))
            .ShouldBe("expected a message of type System.String, but none came within 20 ms (the answer)");

    [Fact]
    public async Task ExpectMsgAsync_NothingComes_Throws() =>
        (await Should.ThrowAsync<XunitException>(async () => await ExpectMsgAsync<string>(Short))).Message
            .ShouldBe("expected a message of type System.String, but none came within 20 ms");

    [Fact]
    public void ExpectMsg_AnotherType_NamesWhatCameAndFromWhom()
    {
        TestActor.Tell(5);

        Failure(() => ExpectMsg<string>()).ShouldBe($"expected a message of type System.String, but received 5 of type System.Int32 from {TestActor}");
    }

    [Fact]
    public void ExpectMsg_AnotherValue_NamesBoth()
    {
        TestActor.Tell(5);

        string failure = Failure(() => ExpectMsg(6, hint: "sum"));

        failure.ShouldContain("Expected: 6");
        failure.ShouldContain("Actual:   5");
        failure.ShouldContain("sum");
    }

    [Fact]
    public void ExpectMsg_PredicateDoesNotHold_Throws()
    {
        TestActor.Tell(5);

        Failure(() => ExpectMsg<int>(n => n > 5)).ShouldContain("does not satisfy the predicate: 5");
    }

    [Fact]
    public void ExpectMsg_AssertThrows_ThrowsThat()
    {
        TestActor.Tell(5);

        Should.Throw<InvalidTimeZoneException>(() => ExpectMsg<int>(_ => throw new InvalidTimeZoneException()));
    }

    [Fact]
    public void ExpectMsg_Cancelled_Throws()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Should.Throw<OperationCanceledException>(() => ExpectMsg<string>(cancellationToken: source.Token));
    }

    [Fact]
    public void ExpectMsgFrom_AnotherSender_NamesBoth()
    {
        TestProbe probe = CreateTestProbe();
        probe.Send(TestActor, 1);
        probe.Send(TestActor, 2);

        ExpectMsgFrom(probe.Ref, 1);
        string failure = Failure(() => ExpectMsgFrom<int>(TestActor));
        failure.ShouldContain($"expected a message from {TestActor}");
        failure.ShouldContain($"received 2 from {probe.Ref}");
    }

    [Fact]
    public void ExpectMsgAnyOf_NoneOfThem_NamesThem()
    {
        TestActor.Tell("c");

        Failure(() => ExpectMsgAnyOf(["a", "b"])).ShouldStartWith("expected any of [a, b], but received c of type System.String");
    }

    [Fact]
    public void ExpectMsgAllOf_InAnyOrder_Accepts()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");

        ExpectMsgAllOf("a", "b").ShouldBe(["b", "a"]);
    }

    [Fact]
    public async Task ExpectMsgAllOfAsync_InAnyOrder_Accepts()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");
        List<string> received = [];

        await foreach (string message in ExpectMsgAllOfAsync(["a", "b"]))
        {
            received.Add(message);
        }

        received.ShouldBe(["b", "a"]);
    }

    [Fact]
    public void ExpectMsgAllOf_OneMissing_NamesItAndWhatCameInstead()
    {
        TestActor.Tell("a");
        TestActor.Tell("x");

        Failure(() => ExpectMsgAllOf(Short, "a", "b")).ShouldBe("expected all of [a, b] within 20 ms, but missed [b] and received [x] instead");
    }

    [Fact]
    public void ExpectNoMsg_Silence_Passes() => ExpectNoMsg(Short);

    [Fact]
    public async Task ExpectNoMsgAsync_Silence_Passes() => await ExpectNoMsgAsync(Short);

    [Fact]
    public void ExpectNoMsg_AMessage_NamesIt()
    {
        TestActor.Tell("noise");

        Failure(() => ExpectNoMsg(Short)).ShouldStartWith("expected no message for 20 ms, but received noise of type System.String");
    }

    [Fact]
    public void ExpectTerminated_OfAWatchedActor_Accepts()
    {
        IActorRef actor = Watch(ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));
        Sys.Stop(actor);

        ExpectTerminated(actor).ActorRef.ShouldBe(actor);
    }

    [Fact]
    public void ExpectTerminated_OfAnother_NamesBoth()
    {
        IActorRef actor = Watch(ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));
        Sys.Stop(actor);

        Failure(() => ExpectTerminated(TestActor)).ShouldBe($"expected that {TestActor} terminates, but {actor} did");
    }

    [Fact]
    public void Unwatch_Actor_EndsTheWatch()
    {
        IActorRef actor = Unwatch(Watch(ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props)));
        IActorRef other = Watch(ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));
        Sys.Stop(actor);
        Sys.Stop(other);

        ExpectTerminated(other);
        ExpectNoMsg(Short);
    }

    internal static string Failure(Action action) => Should.Throw<XunitException>(action).Message;
}
