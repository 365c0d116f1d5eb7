using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Engine.Tests.Actor;

public sealed class SystemTests
{
    private const string Quiet = "akka { stdout-loglevel = OFF, loglevel = OFF }";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static ActorSystem Start(string more = "") => ActorSystem.Create("sys", ConfigurationFactory.ParseString(more).WithFallback(Quiet));

    private sealed class Ends(List<string> order, string name) : UntypedActor
    {
        protected override void OnReceive(object message) { }

        protected override void PostStop()
        {
            lock (order) { order.Add(name); }
        }
    }

    [Fact]
    public async Task Terminate_UserActorsEndBeforeSystemActors()
    {
        List<string> order = [];
        ActorSystem system = Start();
        ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new Ends(order, "system")), "s");
        system.ActorOf(Props.Create(() => new Ends(order, "user")), "u");
        system.WhenTerminated.IsCompleted.ShouldBeFalse();
        await system.Terminate().WaitAsync(Patience);
        order.ShouldBe(["user", "system"]);
        await system.WhenTerminated;
        await system.Terminate();
    }

    [Fact]
    public async Task RegisterOnTermination_CallsTheLastFirst_AndFailsAfterTheEnd()
    {
        List<int> calls = [];
        ActorSystem system = Start();
        system.RegisterOnTermination(() => calls.Add(1));
        system.RegisterOnTermination(() => throw new FormatException());
        system.RegisterOnTermination(() => calls.Add(2));
        await system.Terminate().WaitAsync(Patience);
        calls.ShouldBe([2, 1]);
        Should.Throw<InvalidOperationException>(() => system.RegisterOnTermination(() => { }));
    }

    [Fact]
    public async Task ActorOf_AfterTermination_Throws()
    {
        ActorSystem system = Start();
        await system.Terminate().WaitAsync(Patience);
        Should.Throw<InvalidOperationException>(() => system.ActorOf(Props.Create(() => new Puppet(null, null))));
    }

    [Fact]
    public async Task System_HasItsParts()
    {
        ActorSystem system = Start();
        system.Name.ShouldBe("sys");
        system.ToString().ShouldBe("akka://sys");
        system.DeadLetters.Path.ToString().ShouldBe("akka://sys/deadLetters");
        system.ActorOf(Props.Create(() => new Puppet(null, null)), "a").Path.ToString().ShouldBe("akka://sys/user/a");
        ((ExtendedActorSystem)system).PrintTree().ShouldContain("a Puppet");
        system.Uptime.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
        await system.Terminate().WaitAsync(Patience);
    }

    private sealed class Part(string name) : Setup
    {
        public string Name => name;
    }

    [Fact]
    public async Task Create_WithSetups_KeepsThem()
    {
        ActorSystem system = ActorSystem.Create("sys", BootstrapSetup.Create().WithConfig("x = 1").WithConfigFallback(Quiet + ", x = 2, y = 3").And(new Part("p")));
        system.Settings.Config.GetInt("x").ShouldBe(1);
        system.Settings.Config.GetInt("y").ShouldBe(3);
        system.Settings.Setup.Get<Part>().Value.Name.ShouldBe("p");
        system.Settings.InjectTopLevelFallback("z = 4, x = 5");
        system.Settings.Config.GetInt("z").ShouldBe(4);
        system.Settings.Config.GetInt("x").ShouldBe(1);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task Stop_ManyChildren_EndsSoon()
    {
        ActorSystem system = Start();
        IActorRef parent = system.ActorOf(Props.Create(() => new Puppet(null, null)));
        (await parent.Get(p =>
        {
            Props child = Props.Create(() => new Puppet(null, null));
            for (int i = 0; i < 20_000; i++) { p.Cell.ActorOf(child); }
            return p.Cell.GetChildren().Count();
        })).ShouldBe(20_000);
        (await parent.GracefulStop(Patience)).ShouldBeTrue();
        await system.Terminate().WaitAsync(Patience);
    }
}
