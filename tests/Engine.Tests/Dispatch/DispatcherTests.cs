using Akka.Actor;
using Akka.Configuration;

namespace Engine.Tests.Dispatch;

public class DispatcherTests() : EngineTest(ConfigurationFactory.ParseString("""
    pinned { type = PinnedDispatcher }
    forked { type = ForkJoinDispatcher, throughput = 3, dedicated-thread-pool.thread-count = 2 }
    """))
{
    [Fact]
    public void Pinned_ActorKeepsItsThread()
    {
        IActorRef actor = ActorOf(Props.Create(() => new Whereabouts()).WithDispatcher("pinned"));
        HashSet<int> threads = [];

        for (int i = 0; i < 50; i++)
        {
            actor.Tell("where");
            threads.Add(ExpectMsg<int>());
        }

        threads.ShouldHaveSingleItem().ShouldNotBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void ForkJoin_UsesItsThreadsOnly()
    {
        IActorRef[] actors = [.. Enumerable.Range(0, 8).Select(_ => ActorOf(Props.Create(() => new Whereabouts()).WithDispatcher("forked")))];

        foreach (IActorRef actor in actors.Concat(actors).Concat(actors))
        {
            actor.Tell("where");
        }

        ReceiveN(24).Distinct().Count().ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Dispatcher_HasTheThroughputOfItsConfiguration()
    {
        Sys.Dispatchers.Lookup("forked").Throughput.ShouldBe(3);
        Sys.Dispatchers.Lookup("pinned").Id.ShouldBe("pinned");
        Sys.Dispatchers.DefaultGlobalDispatcher.Throughput.ShouldBe(30);
        Sys.Dispatchers.HasDispatcher("forked").ShouldBeTrue();
        Sys.Dispatchers.HasDispatcher("unheard-of").ShouldBeFalse();
    }

    [Fact]
    public void UnknownDispatcher_IsAConfigurationError() =>
        Should.Throw<ConfigurationException>(() => ActorOf(Props.Create(() => new Whereabouts()).WithDispatcher("unheard-of")));

    private sealed class Whereabouts : ReceiveActor
    {
        public Whereabouts() => Receive<string>(_ => Sender.Tell(Environment.CurrentManagedThreadId));
    }
}
