using Akka.Actor;

namespace Engine.Tests.Actor;

public sealed class LifecycleTests : ActorTest
{
    private IActorRef NewPuppet(string? name = null) => Sys.ActorOf(Props.Create(() => new Puppet(TestActor, null)), name);

    [Fact]
    public void Actor_StartedAndStopped_CallsHooksInOrder()
    {
        IActorRef actor = NewPuppet("a");
        ExpectMsg("a PreStart");
        Watch(actor);
        Sys.Stop(actor);
        ExpectMsg("a PostStop");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Actor_PoisonPill_StopsAfterEarlierMessages()
    {
        IActorRef actor = NewPuppet("a");
        ExpectMsg("a PreStart");
        actor.Do(p => TestActor.Tell("first"));
        actor.Tell(PoisonPill.Instance);
        actor.Do(p => TestActor.Tell("never"));
        ExpectMsg("first");
        ExpectMsg("a PostStop");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Actor_StopsItself_EndsAfterTheMessageInHand()
    {
        IActorRef actor = NewPuppet("a");
        ExpectMsg("a PreStart");
        actor.Do(p =>
        {
            p.Cell.Stop(p.Self);
            TestActor.Tell("still here");
        });
        ExpectMsg("still here");
        ExpectMsg("a PostStop");
    }

    [Fact]
    public async Task Actor_Stopped_StopsChildrenFirst()
    {
        IActorRef parent = NewPuppet("parent");
        ExpectMsg("parent PreStart");
        IActorRef child = await parent.Child(TestActor, "child");
        ExpectMsg("child PreStart");
        await child.Child(TestActor, "grandchild");
        ExpectMsg("grandchild PreStart");
        Sys.Stop(parent);
        ExpectMsg("grandchild PostStop");
        ExpectMsg("child PostStop");
        ExpectMsg("parent PostStop");
    }

    [Fact]
    public async Task Actor_MadeWithNew_Throws() =>
        // On a thread of its own: that of the test stands in for the test actor.
        await Should.ThrowAsync<ActorInitializationException>(Task.Factory.StartNew(() => new Puppet(), TaskCreationOptions.LongRunning));

    [Fact]
    public void Actor_PostStopThrows_EndsAllTheSame()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new BadEnd()));
        Watch(actor);
        EventFilter.Exception<InvalidOperationException>("bad end").ExpectOne(() => actor.Tell(PoisonPill.Instance));
        ExpectTerminated(actor);
    }

    private sealed class BadEnd : UntypedActor
    {
        protected override void OnReceive(object message) { }

        protected override void PostStop() => throw new InvalidOperationException("bad end");
    }

    [Fact]
    public async Task Context_OutsideOfATurn_Throws()
    {
        IActorRef actor = NewPuppet("a");
        Func<IActorRef> leaked = await actor.Get<Func<IActorRef>>(p => () => p.Sender);
        await Should.ThrowAsync<NotSupportedException>(Task.Factory.StartNew(leaked, TaskCreationOptions.LongRunning));
    }

    [Fact]
    public async Task Sender_OfAMessageFromNobody_IsTheDeadLetters()
    {
        IActorRef actor = NewPuppet();
        TaskCompletionSource<IActorRef> sender = new();
        actor.Tell((Action<Puppet>)(p => sender.SetResult(p.Sender)), ActorRefs.NoSender);
        (await sender.Task.WaitAsync(PuppetExtensions.Patience)).ShouldBe(Sys.DeadLetters);
    }

    [Fact]
    public void Forward_KeepsTheSender()
    {
        IActorRef second = NewPuppet("second");
        ExpectMsg("second PreStart");
        IActorRef first = NewPuppet("first");
        ExpectMsg("first PreStart");
        first.Tell((Action<Puppet>)(_ => second.Forward((Action<Puppet>)(p => p.Sender.Tell("back", p.Self)))), TestActor);
        ExpectMsg("back");
        LastSender.ShouldBe(second);
    }

    [Fact]
    public void Tell_Null_Throws() => Should.Throw<InvalidMessageException>(() => TestActor.Tell(null!, ActorRefs.NoSender));
}
