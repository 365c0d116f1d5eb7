using Akka.Actor;

namespace Engine.Tests.Actor;

public class ReceiveAsyncTests : EngineTest
{
    [Fact]
    public void ReceiveAsync_HoldsTheMailboxUntilItsEnd()
    {
        TaskCompletionSource gate = new();
        IActorRef actor = ActorOf(() => new Asynchronous(TestActor, gate.Task));

        actor.Tell("wait");
        actor.Tell("next");

        ExpectMsg("begun");
        ExpectNoMsg(Silence);
        gate.SetResult();
        ExpectMsg("ended");
        ExpectMsg("next");
    }

    [Fact]
    public void ReceiveAsync_KeepsSelfAndSenderAfterAnAwait()
    {
        IActorRef actor = ActorOf(() => new Asynchronous(TestActor, Task.CompletedTask));

        actor.Tell("who");

        ExpectMsg((actor, TestActor));
    }

    [Fact]
    public void ReceiveAsync_SecondMessageOfAnotherSender_HasItsOwnSender()
    {
        IActorRef actor = ActorOf(() => new Asynchronous(TestActor, Task.CompletedTask));
        Akka.TestKit.TestProbe other = CreateTestProbe();

        actor.Tell("who");
        actor.Tell("who", other);

        ExpectMsg((actor, TestActor));
        ExpectMsg((actor, other.Ref));
    }

    [Fact]
    public void ReceiveAsync_Exception_IsSupervised()
    {
        TaskCompletionSource gate = new();
        IActorRef actor = ActorOf(() => new Asynchronous(TestActor, gate.Task));
        actor.Tell("wait");
        actor.Tell("next");
        ExpectMsg("begun");

        gate.SetException(new InvalidTimeZoneException("awaited"));

        ExpectMsg("restarted by awaited");
        ExpectMsg("next");
    }

    [Fact]
    public void ReceiveAsync_PoisonPill_WaitsForTheHandler()
    {
        TaskCompletionSource gate = new();
        IActorRef actor = Watch(ActorOf(() => new Asynchronous(TestActor, gate.Task)));
        actor.Tell("wait");
        actor.Tell(PoisonPill.Instance);
        ExpectMsg("begun");

        gate.SetResult();

        ExpectMsg("ended");
        ExpectTerminated(actor);
    }

    [Fact]
    public void ReceiveAsync_ManyAwaits_StayOneAtATime()
    {
        IActorRef actor = ActorOf(() => new Interleaved(TestActor));
        for (int i = 0; i < 100; i++)
        {
            actor.Tell(i);
        }

        ReceiveN(200).ShouldBe(Enumerable.Range(0, 100).SelectMany(i => (object[])[$"+{i}", $"-{i}"]));
    }

    private sealed class Asynchronous : ReceiveActor
    {
        private readonly IActorRef probe;

        public Asynchronous(IActorRef probe, Task gate)
        {
            this.probe = probe;
            ReceiveAsync<string>(async _ =>
            {
                probe.Tell("begun");
                await gate;
                probe.Tell("ended");
            }, text => text == "wait");
            ReceiveAsync<string>(text => text == "who", async _ =>
            {
                await Task.Yield();
                probe.Tell((Self, Sender));
            });
            Receive<string>(text => probe.Tell(text));
        }

        protected override void PostRestart(Exception reason) => probe.Tell($"restarted by {reason.Message}");
    }

    private sealed class Interleaved : ReceiveActor
    {
        public Interleaved(IActorRef probe) => ReceiveAnyAsync(async message =>
        {
            probe.Tell($"+{message}");
            await Task.Yield();
            await Task.Run(() => { });
            probe.Tell($"-{message}");
        });
    }
}
