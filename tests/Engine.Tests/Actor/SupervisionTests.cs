using Akka.Actor;

namespace Engine.Tests.Actor;

public sealed class SupervisionTests : ActorTest
{
    private static Exception Fault(string message = "fault") => new InvalidOperationException(message);

    private async Task<(IActorRef Parent, IActorRef Child)> Family(SupervisorStrategy? strategy)
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, strategy)), "parent");
        IActorRef child = await parent.Child(TestActor, "child");
        ExpectMsg("child PreStart");
        return (parent, child);
    }

    private static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    [Fact]
    public async Task Restart_ByDefault_CallsHooksInOrderWithTheMessage()
    {
        (_, IActorRef child) = await Family(null);
        int before = await child.Get(p => p.Instance);
        child.Tell(Fault());
        ExpectMsg("child PreRestart fault InvalidOperationException");
        ExpectMsg("child PostStop");
        ExpectMsg("child PostRestart fault");
        ExpectMsg("child PreStart");
        (await child.Get(p => p.Instance)).ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task Restart_KeepsMailboxAndReference()
    {
        (_, IActorRef child) = await Family(Always(Directive.Restart));
        child.Tell(Fault());
        child.Do(p => p.Sender.Tell("after", p.Self));
        FishForMessage(m => m is "after");
        LastSender.ShouldBe(child);
    }

    [Fact]
    public async Task Resume_KeepsTheInstance()
    {
        (_, IActorRef child) = await Family(Always(Directive.Resume));
        int before = await child.Get(p => p.Instance);
        child.Tell(Fault());
        (await child.Get(p => p.Instance)).ShouldBe(before);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Stop_EndsTheChild()
    {
        (_, IActorRef child) = await Family(Always(Directive.Stop));
        Watch(child);
        child.Tell(Fault());
        ExpectMsg("child PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Escalate_FailsTheParent_WhoseSupervisorRestartsTheTree()
    {
        IActorRef top = Sys.ActorOf(Props.Create(() => new Puppet(null, Always(Directive.Restart))), "top");
        IActorRef middle = await top.Child(TestActor, "middle", Always(Directive.Escalate));
        ExpectMsg("middle PreStart");
        IActorRef bottom = await middle.Child(TestActor, "bottom");
        ExpectMsg("bottom PreStart");
        bottom.Tell(Fault());
        ExpectMsg("middle PreRestart fault null");
        // The parent's default PreRestart stops its children before the new instance.
        string[] rest = [ExpectMsg<string>(), ExpectMsg<string>()];
        rest.ShouldBe(["middle PostStop", "bottom PostStop"], ignoreOrder: true);
        ExpectMsg("middle PostRestart fault");
        ExpectMsg("middle PreStart");
        (await middle.Get(p => p.Cell.GetChildren().Count())).ShouldBe(0);
    }

    [Fact]
    public async Task AllForOne_RestartsEveryChild()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, new AllForOneStrategy(_ => Directive.Restart))));
        IActorRef a = await parent.Child(TestActor, "a");
        ExpectMsg("a PreStart");
        await parent.Child(TestActor, "b");
        ExpectMsg("b PreStart");
        a.Tell(Fault());
        string[] events = Enumerable.Range(0, 8).Select(_ => ExpectMsg<string>()).ToArray();
        events.Where(e => e[0] == 'a').ShouldBe(["a PreRestart fault InvalidOperationException", "a PostStop", "a PostRestart fault", "a PreStart"]);
        events.Where(e => e[0] == 'b').ShouldBe(["b PreRestart fault null", "b PostStop", "b PostRestart fault", "b PreStart"]);
    }

    [Fact]
    public async Task AllForOne_Stop_EndsEveryChild()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, new AllForOneStrategy(_ => Directive.Stop))));
        IActorRef a = await parent.Child(null, "a");
        IActorRef b = await parent.Child(null, "b");
        Watch(a);
        Watch(b);
        a.Tell(Fault());
        IActorRef[] dead = [ExpectMsg<Terminated>().ActorRef, ExpectMsg<Terminated>().ActorRef];
        dead.ShouldBe([a, b], ignoreOrder: true);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public async Task Restart_MoreThanAllowed_Stops(int allowed, int restarts)
    {
        (_, IActorRef child) = await Family(new OneForOneStrategy(allowed, -1, _ => Directive.Restart));
        Watch(child);
        for (int i = 0; i < restarts; i++)
        {
            child.Tell(Fault());
            FishForMessage(m => m is "child PreStart");
        }
        child.Tell(Fault());
        ExpectMsg("child PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Restart_WithinALongWindow_CountsAll()
    {
        (_, IActorRef child) = await Family(new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart));
        Watch(child);
        for (int i = 0; i < 3; i++) { child.Tell(Fault()); }
        FishForMessage(m => m is Terminated);
    }

    [Fact]
    public async Task Decider_GetsTheExceptionThrown()
    {
        (_, IActorRef child) = await Family(new OneForOneStrategy(Decider.From(
            Directive.Stop,
            Directive.Resume.When<InvalidOperationException>(),
            Directive.Restart.When<ArgumentException>())));
        int first = await child.Get(p => p.Instance);
        child.Tell(new InvalidOperationException());
        (await child.Get(p => p.Instance)).ShouldBe(first);
        child.Tell(new ArgumentNullException());
        (await child.Get(p => p.Instance)).ShouldNotBe(first);
        Watch(child);
        child.Tell(new FormatException());
        FishForMessage(m => m is Terminated);
    }

    [Fact]
    public async Task Kill_StopsByDefault()
    {
        (_, IActorRef child) = await Family(null);
        Watch(child);
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => child.Tell(Kill.Instance));
        ExpectMsg("child PostStop");
        ExpectTerminated(child);
    }

    private sealed class BadStart : UntypedActor
    {
        public BadStart(bool inConstructor)
        {
            if (inConstructor) { throw new InvalidOperationException("no start"); }
        }

        protected override void PreStart() => throw new InvalidOperationException("no start");

        protected override void OnReceive(object message) { }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_Fails_SupervisorStopsTheChild(bool inConstructor)
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, null)));
        await EventFilter.Exception<ActorInitializationException>().ExpectOneAsync(async () =>
        {
            IActorRef child = await parent.Get(p => p.Cell.ActorOf(Props.Create(() => new BadStart(inConstructor))));
            Watch(child);
            ExpectTerminated(child);
        });
    }

    private sealed class FailsOnRestart : UntypedActor
    {
        private static int _made;

        public FailsOnRestart()
        {
            if (Interlocked.Increment(ref _made) == 2) { throw new FormatException("second instance"); }
        }

        protected override void OnReceive(object message)
        {
            if (message is Exception e) { throw e; }
            Sender.Tell(message, Self);
        }
    }

    [Fact]
    public async Task Restart_ConstructorFails_IsAFailureOfItsOwn()
    {
        List<Exception> seen = [];
        OneForOneStrategy strategy = new(e =>
        {
            seen.Add(e);
            return Directive.Restart;
        });
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, strategy)));
        IActorRef child = await parent.Get(p => p.Cell.ActorOf(Props.Create(() => new FailsOnRestart())));
        child.Tell(Fault());
        child.Tell("alive");
        ExpectMsg("alive");
        seen.Count.ShouldBe(2);
        seen[1].ShouldBeOfType<PostRestartException>().OriginalCause!.Message.ShouldBe("fault");
    }

    [Fact]
    public async Task Restart_WaitsForTheEndOfChildren()
    {
        (IActorRef parent, _) = await Family(null);
        IActorRef child = await parent.Child(null, "second");
        IActorRef grandchild = await child.Child(TestActor, "grandchild");
        ExpectMsg("grandchild PreStart");
        child.Tell(Fault());
        ExpectMsg("grandchild PostStop");
        IActorRef again = await child.Child(TestActor, "grandchild");
        ExpectMsg("grandchild PreStart");
        again.ShouldNotBe(grandchild);
    }

    [Fact]
    public async Task Props_SupervisorStrategy_OverridesTheActors()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, Always(Directive.Restart))).WithSupervisorStrategy(Always(Directive.Stop)));
        IActorRef child = await parent.Child(null);
        Watch(child);
        child.Tell(Fault());
        ExpectTerminated(child);
    }

    [Fact]
    public void GuardianStrategy_FromConfiguration_StopsTopLevelActors()
    {
        ActorSystem system = ActorSystem.Create("stopping", "akka { loglevel = OFF, stdout-loglevel = OFF, actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\" }");
        try
        {
            IActorRef actor = system.ActorOf(Props.Create(() => new Puppet(TestActor, null)), "a");
            actor.Tell(Fault());
            ExpectMsg("a PreStart");
            ExpectMsg("a PostStop");
        }
        finally
        {
            Shutdown(system);
        }
    }

    [Fact]
    public async Task Failure_SuspendsTheActorUntilTheDirective()
    {
        // The parent's strategy runs in the grandparent's turn; the failed actor waits for it.
        TaskCompletionSource decide = new();
        OneForOneStrategy slow = new(_ =>
        {
            decide.Task.Wait(PuppetExtensions.Patience);
            return Directive.Resume;
        });
        IActorRef top = Sys.ActorOf(Props.Create(() => new Puppet(null, slow)));
        IActorRef middle = await top.Child(null);
        IActorRef bottom = await middle.Child(null);
        middle.Tell(Fault());
        middle.Do(_ => TestActor.Tell("middle"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        decide.SetResult();
        ExpectMsg("middle");
        bottom.Do(_ => TestActor.Tell("bottom"));
        ExpectMsg("bottom");
    }
}
