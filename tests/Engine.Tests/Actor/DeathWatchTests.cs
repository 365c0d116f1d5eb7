using Akka.Actor;

namespace Engine.Tests.Actor;

public sealed class DeathWatchTests : ActorTest
{
    private IActorRef NewPuppet(IActorRef? reports = null) => Sys.ActorOf(Props.Create(() => new Puppet(reports, null)));

    [Fact]
    public void Watch_ActorDies_TerminatedComesOnceAfterPostStop()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Puppet(TestActor, null)), "a");
        ExpectMsg("a PreStart");
        Watch(actor);
        Watch(actor);
        Sys.Stop(actor);
        ExpectMsg("a PostStop");
        Terminated terminated = ExpectTerminated(actor);
        terminated.ExistenceConfirmed.ShouldBeTrue();
        terminated.AddressTerminated.ShouldBeFalse();
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Watch_DeadActor_TerminatedComesAtOnce()
    {
        IActorRef actor = NewPuppet();
        await actor.GracefulStop(PuppetExtensions.Patience);
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public async Task WatchWith_ActorDies_OwnMessageComesFromTheDead()
    {
        IActorRef watcher = Sys.ActorOf(Props.Create(() => new Forwarder(TestActor)));
        IActorRef actor = NewPuppet();
        watcher.Tell(("watch", actor));
        (await watcher.Ask<string>("ready", PuppetExtensions.Patience)).ShouldBe("ready");
        Sys.Stop(actor);
        ExpectMsg("it died");
    }

    private sealed class Forwarder : UntypedActor
    {
        private readonly IActorRef _target;

        public Forwarder(IActorRef target) => _target = target;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ("watch", IActorRef actor):
                    Context.WatchWith(actor, "it died");
                    break;
                case "ready":
                    Sender.Tell("ready", Self);
                    break;
                default:
                    _target.Forward(message);
                    break;
            }
        }
    }

    [Fact]
    public async Task Watch_AgainWithAnotherMessage_Throws()
    {
        IActorRef watcher = NewPuppet();
        IActorRef actor = NewPuppet();
        await watcher.Get(p => p.Cell.Watch(actor));
        await Should.ThrowAsync<InvalidOperationException>(watcher.Get(p => p.Cell.WatchWith(actor, "else")));
    }

    [Fact]
    public async Task Unwatch_AfterTheDeath_SuppressesTerminatedInTheMailbox()
    {
        IActorRef watcher = NewPuppet(TestActor);
        ExpectMsg<string>();
        IActorRef actor = NewPuppet();
        await watcher.Get(p => p.Cell.Watch(actor));
        TaskCompletionSource entered = new();
        TaskCompletionSource go = new();
        watcher.Do(p =>
        {
            entered.SetResult();
            go.Task.Wait(PuppetExtensions.Patience);
            p.Cell.Unwatch(actor);
        });
        await entered.Task.WaitAsync(PuppetExtensions.Patience);
        await actor.GracefulStop(PuppetExtensions.Patience);
        go.SetResult();
        watcher.Do(_ => TestActor.Tell("next"));
        ExpectMsg("next");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    private sealed class Unaware : UntypedActor
    {
        private readonly IActorRef _watched;

        public Unaware(IActorRef watched) => _watched = watched;

        protected override void PreStart() => Context.Watch(_watched);

        protected override void OnReceive(object message)
        {
            if (message is "ready") { Sender.Tell("ready", Self); }
            else { Unhandled(message); }
        }
    }

    [Fact]
    public async Task Terminated_Unhandled_IsADeathPact()
    {
        IActorRef watched = NewPuppet();
        IActorRef watcher = Sys.ActorOf(Props.Create(() => new Unaware(watched)));
        (await watcher.Ask<string>("ready", PuppetExtensions.Patience)).ShouldBe("ready");
        Watch(watcher);
        EventFilter.Exception<DeathPactException>().ExpectOne(() => Sys.Stop(watched));
        ExpectTerminated(watcher);
    }

    [Fact]
    public async Task Terminated_OfAnActorNotWatched_IsIgnored()
    {
        IActorRef actor = NewPuppet(TestActor);
        ExpectMsg<string>();
        actor.Tell(new Terminated(TestActor, true, false));
        (await actor.Get(_ => true)).ShouldBeTrue();
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Terminated_ComesAfterTheMessagesOfTheDead()
    {
        IActorRef watcher = NewPuppet(TestActor);
        ExpectMsg<string>();
        IActorRef actor = NewPuppet();
        await watcher.Get(p => p.Cell.Watch(actor));
        actor.Do(p =>
        {
            for (int i = 0; i < 100; i++)
            {
                int number = i;
                watcher.Do(_ => TestActor.Tell(number));
            }
            p.Cell.Stop(p.Self);
        });
        for (int i = 0; i < 100; i++) { ExpectMsg(i); }
        ExpectMsg(new Died(actor));
    }

    [Fact]
    public async Task WatchAsync_CompletesWithTheActor()
    {
        IActorRef actor = NewPuppet();
        Task<bool> dead = actor.WatchAsync();
        dead.IsCompleted.ShouldBeFalse();
        Sys.Stop(actor);
        (await dead.WaitAsync(PuppetExtensions.Patience)).ShouldBeTrue();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        (await NewPuppet().WatchAsync(cancelled.Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task GracefulStop_ActorDoesNotStop_IsCancelled() =>
        await Should.ThrowAsync<TaskCanceledException>(NewPuppet().GracefulStop(TimeSpan.FromMilliseconds(20), "not a stop"));
}
