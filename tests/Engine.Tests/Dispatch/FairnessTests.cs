using Akka.Actor;
using Akka.Configuration;
using Engine.Tests.Actor;

namespace Engine.Tests.Dispatch;

public sealed class FairnessTests : ActorTest
{
    private static readonly Config Dispatchers = """
        fair { type = Dispatcher, throughput = 1 }
        timed { type = Dispatcher, throughput = 1000000, throughput-deadline-time = 1ms }
        own { type = ForkJoinDispatcher, throughput = 7, dedicated-thread-pool.thread-count = 2 }
        executor { type = Dispatcher, executor = fork-join-executor, fork-join-executor { parallelism-min = 2, parallelism-max = 2 } }
        pinned { type = PinnedDispatcher }
        tasks { type = TaskDispatcher }
        bad { type = "No.Such.Type" }
        zero { throughput = 0 }
        """;

    public FairnessTests() : base(Dispatchers) { }

    private IActorRef On(string dispatcher) => Sys.ActorOf(Props.Create(() => new Puppet(null, null)).WithDispatcher(dispatcher));

    [Theory]
    [InlineData("fair", 1)]
    [InlineData("timed", 1000000)]
    [InlineData("own", 7)]
    [InlineData("executor", 30)]
    [InlineData("pinned", 30)]
    [InlineData("tasks", 30)]
    [InlineData("akka.actor.default-dispatcher", 30)]
    [InlineData("akka.actor.internal-dispatcher", 5)]
    public async Task Dispatcher_RunsActorsAsConfigured(string id, int throughput)
    {
        IActorRef actor = On(id);
        (await actor.Get(p => p.Cell.Dispatcher.Id)).ShouldBe(id);
        (await actor.Get(p => p.Cell.Dispatcher.Throughput)).ShouldBe(throughput);
        actor.Tell(new FormatException());
        int[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => actor.Get(_ => i)));
        answers.ShouldBe(Enumerable.Range(0, 200));
        (await actor.GracefulStop(PuppetExtensions.Patience)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("bad")]
    [InlineData("zero")]
    public void Dispatcher_BadConfiguration_Throws(string id) => Should.Throw<ConfigurationException>(() => On(id));

    [Fact]
    public void DefaultDispatcher_EndlessChains_DoNotStarveOthers()
    {
        // As many pairs as there are workers keep each other busy for ever; another actor must have its turn all the same.
        IActorRef[] pairs = [.. Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => Sys.ActorOf(Props.Create(() => new Pair())))];
        foreach (IActorRef pair in pairs) { pair.Tell("go"); }
        IActorRef other = Sys.ActorOf(Props.Create(() => new Puppet(null, null)));
        for (int i = 0; i < 50; i++)
        {
            int number = i;
            other.Do(_ => TestActor.Tell(number));
            ExpectMsg(number);
        }
        foreach (IActorRef pair in pairs) { Sys.Stop(pair); }
    }

    private sealed class Pair : ReceiveActor
    {
        public Pair()
        {
            IActorRef other = Context.ActorOf(Props.Create(() => new Back()));
            Receive<string>(m => other.Tell(m));
        }
    }

    private sealed class Back : ReceiveActor
    {
        public Back() => Receive<string>(m => Sender.Tell(m));
    }
}
