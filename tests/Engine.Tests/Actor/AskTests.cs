using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;

namespace Engine.Tests.Actor;

public class AskTests : EngineTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Ask_Answered_GivesTheAnswer()
    {
        IActorRef actor = ActorOf(() => new Answering());

        (await actor.Ask<string>("question", Patience)).ShouldBe("answer");
        (await actor.Ask("question", Patience)).ShouldBe("answer");
        (await actor.Ask<object>("question")).ShouldBe("answer");
    }

    [Fact]
    public async Task Ask_Failure_ThrowsItsCause()
    {
        IActorRef actor = ActorOf(() => new Answering());

        (await Should.ThrowAsync<InvalidTimeZoneException>(actor.Ask<string>("fail", Patience))).Message.ShouldBe("failed");
    }

    [Fact]
    public async Task Ask_ForAStatus_GivesTheFailureItself()
    {
        IActorRef actor = ActorOf(() => new Answering());

        (await actor.Ask<Status.Failure>("fail", Patience)).Cause.ShouldBeOfType<InvalidTimeZoneException>();
    }

    [Fact]
    public async Task Ask_AnswerOfAnotherType_Throws() =>
        await Should.ThrowAsync<ArgumentException>(ActorOf(() => new Answering()).Ask<int>("question", Patience));

    [Fact]
    public async Task Ask_Cancelled_IsCancelled()
    {
        using CancellationTokenSource source = new();
        Task<string> asked = CreateTestProbe().Ref.Ask<string>("question", source.Token);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
    }

    [Fact]
    public async Task Ask_WithAFactory_TellsWhoAsks()
    {
        TestProbe probe = CreateTestProbe();
        Task<string> asked = probe.Ref.Ask<string>(self => (self, "question"), Patience, CancellationToken.None);

        (IActorRef asker, _) = probe.ExpectMsg<(IActorRef, string)>();
        asker.Tell("direct");

        (await asked).ShouldBe("direct");
    }

    [Fact]
    public async Task Ask_FirstAnswerCounts()
    {
        TestProbe probe = CreateTestProbe();
        Task<string> asked = probe.Ref.Ask<string>("question", Patience);

        probe.ExpectMsg("question");
        probe.Reply("first");
        probe.Reply("second");

        (await asked).ShouldBe("first");
    }

    [Fact]
    public void PipeTo_SendsTheResult()
    {
        TaskCompletionSource<int> source = new();
        source.Task.PipeTo(TestActor, sender: TestActor, success: n => $"got {n}");

        source.SetResult(5);

        ExpectMsg("got 5");
    }

    [Fact]
    public void PipeTo_OfAFailure_SendsAStatus()
    {
        Task<int> failed = Task.FromException<int>(new InvalidTimeZoneException());

        failed.PipeTo(TestActor);
        failed.PipeTo(TestActor, failure: e => e.GetType().Name);

        ExpectMsg<Status.Failure>(failure => failure.Cause is InvalidTimeZoneException);
        ExpectMsg(nameof(InvalidTimeZoneException));
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering()
        {
            Receive<string>(text => text == "fail", _ => Sender.Tell(new Status.Failure(new InvalidTimeZoneException("failed"))));
            Receive<string>(_ => Sender.Tell("answer"));
        }
    }
}

public class AskTimeoutTests() : EngineTest(TestConfigs.TestSchedulerConfig)
{
    [Fact]
    public async Task Ask_Unanswered_TimesOut() =>
        await Should.ThrowAsync<AskTimeoutException>(CreateTestProbe().Ref.Ask<string>("question", TimeSpan.FromMilliseconds(20)));
}
