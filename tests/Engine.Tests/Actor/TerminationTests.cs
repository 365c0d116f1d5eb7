using Akka.Actor;
using Akka.Event;
using Akka.TestKit;

namespace Engine.Tests.Actor;

/// <summary>How actors end, and who hears of it.</summary>
public class TerminationTests : EngineTest
{
    private IActorRef Subject() => ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props);

    [Fact]
    public void Stop_EndsAfterTheMessageAtHand_AndDropsTheQueue()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef actor = ActorOf(() => new Recorder(TestActor));
        TestProbe queue = CreateTestProbe();
        ExpectMsg("started");

        actor.Tell(new StopAfter("queued", queue));

        ExpectMsg("stopping");
        ExpectMsg("stopped");
        ExpectMsg<DeadLetter>(letter => letter.Message.Equals("queued") && letter.Recipient.Equals(actor) && letter.Sender.Equals(queue.Ref));
    }

    [Fact]
    public async Task GracefulStop_CompletesWhenTheActorHasEnded()
    {
        IActorRef actor = ActorOf(() => new Recorder(TestActor));

        (await actor.GracefulStop(TimeSpan.FromSeconds(20))).ShouldBeTrue();

        ExpectMsg("started");
        ReceiveOne(TimeSpan.Zero).ShouldBe("stopped");
    }

    [Fact]
    public void Identify_IsAnsweredByEveryActor()
    {
        IActorRef actor = ActorOf(() => new Recorder(TestActor));
        ExpectMsg("started");

        actor.Tell(new Identify("id"));

        ExpectMsg<ActorIdentity>(identity => identity.MessageId.Equals("id") && actor.Equals(identity.Subject));
    }

    [Fact]
    public async Task Terminate_StopsEverything()
    {
        ActorOf(() => new Recorder(TestActor));
        ExpectMsg("started");
        int ended = 0;
        Sys.RegisterOnTermination(() => ended++);

        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(20));

        Sys.WhenTerminated.IsCompletedSuccessfully.ShouldBeTrue();
        ended.ShouldBe(1);
    }

    [Fact]
    public void Watch_EveryWatcherHearsOfTheEnd()
    {
        IActorRef subject = Subject();
        TestProbe other = CreateTestProbe();
        Watch(subject);
        other.Watch(subject);

        subject.Tell(PoisonPill.Instance);

        ExpectTerminated(subject).ExistenceConfirmed.ShouldBeTrue();
        LastSender.ShouldBe(subject);
        other.ExpectTerminated(subject);
    }

    [Fact]
    public void Watch_WhatNeverWas_IsHeardAsUnconfirmed()
    {
        IActorRef nobody = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef("akka://test/user/nobody");

        Watch(nobody);

        ExpectMsg<Terminated>().ExistenceConfirmed.ShouldBeFalse();
    }

    [Fact]
    public void Parent_ThatWatchesItsChild_HearsOnce_AndMayReuseTheName()
    {
        IActorRef parent = ActorOf(() => new Recreator(TestActor));
        IActorRef first = ExpectMsg<IActorRef>();

        Sys.Stop(first);

        IActorRef second = ExpectMsg<IActorRef>();
        second.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
        parent.Tell("count");
        ExpectMsg(1);
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

    private sealed record StopAfter(string Queued, IActorRef Sender);

    private sealed class Recorder : ReceiveActor
    {
        private readonly IActorRef probe;

        public Recorder(IActorRef probe)
        {
            this.probe = probe;
            Receive<StopAfter>(stop =>
            {
                Self.Tell(stop.Queued, stop.Sender);
                Context.Stop(Self);
                probe.Tell("stopping");
            });
        }

        protected override void PreStart() => probe.Tell("started");

        protected override void PostStop() => probe.Tell("stopped");
    }

    private sealed class Recreator : ReceiveActor
    {
        private int ends;

        public Recreator(IActorRef probe)
        {
            Create(probe);
            Receive<Terminated>(_ =>
            {
                ends++;
                Create(probe);
            });
            Receive<string>(_ => probe.Tell(ends));
        }

        private static void Create(IActorRef probe) =>
            probe.Tell(Context.Watch(Context.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props, "child")));
    }

    private sealed class Asynchronous : ReceiveActor
    {
        public Asynchronous(IActorRef probe, Task gate) => ReceiveAsync<string>(async _ =>
        {
            probe.Tell("begun");
            await gate;
            probe.Tell("ended");
        });
    }
}
