using Akka.Actor;

namespace Engine.Tests.Actor;

public class PipeToTests : EngineTest
{
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

    [Fact]
    public async Task Ask_ForAStatus_GivesTheFailureItself()
    {
        IActorRef actor = ActorOf(() => new Answering());

        (await actor.Ask<Status.Failure>("fail", TimeSpan.FromSeconds(20))).Cause.ShouldBeOfType<InvalidTimeZoneException>();
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
