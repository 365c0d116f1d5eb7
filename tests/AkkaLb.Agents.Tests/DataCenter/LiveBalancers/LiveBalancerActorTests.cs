using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Agents.Tests.DataCenter.LiveBalancers;

public sealed class LiveBalancerActorTests() : Akka.TestKit.Xunit2.TestKit(
    """
    akka {
      loglevel = OFF, stdout-loglevel = OFF, loggers = []
      test.single-expect-default = 20s
      persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    }
    """ + WireBindings.Hocon)
{
    private static readonly LiveBalancerCommands.SetServers Servers = new([new LiveServer("fast", true), new LiveServer("slow", true)]);

    [Fact]
    public void Decide_ServersOfDifferentSpeed_PublishesWeightsAndTheirReason()
    {
        IActorRef balancer = Start();
        balancer.Tell(Servers);
        balancer.Tell(new LiveBalancerCommands.Observe(Traffic()));
        LiveDecision decision = Decide(balancer)!;
        decision.Number.ShouldBe(1);
        decision.Weights[0].ShouldBeGreaterThan(decision.Weights[1]);
        decision.Capacities[0].Rate.ShouldBeGreaterThan(decision.Capacities[1].Rate);
        decision.Reason.ShouldStartWith("capacities");
    }

    [Fact]
    public void Decide_NothingKnown_ConfirmsThatItLives()
    {
        IActorRef balancer = Start();
        balancer.Tell(Servers);
        Decide(balancer).ShouldBeNull();
    }

    [Fact]
    public async Task Restart_AfterItLearnt_GoesOnWithWhatItKnew()
    {
        IActorRef first = Start();
        first.Tell(Servers);
        first.Tell(new LiveBalancerCommands.Observe(Traffic()));
        LiveDecision? last = null;
        for (int k = 0; k < 20; k++)
        {
            last = Decide(first) ?? last;
        }
        first.Tell(new LiveBalancerCommands.Settle(DateTimeOffset.UnixEpoch));
        ExpectMsg<LiveBalancerCommands.Settled>();
        await End(first);

        IActorRef second = Start();
        // In another order, as a configuration may have it, and with one that is new.
        second.Tell(new LiveBalancerCommands.SetServers(
            [new LiveServer("slow", true), new LiveServer("new", true), new LiveServer("fast", true)]));
        LiveDecision remembered = ExpectMsg<LiveDecision>();
        remembered.Number.ShouldBe(last!.Number);
        remembered.Weights.ShouldBe([last.Weights[1], 1, last.Weights[0]]);
        // What it can do is told apart from the others as far as they are known, and one is new.
        remembered.Capacities[2].Rate.ShouldBe(last.Capacities[0].Rate, 5);
        // It goes on with the next number.
        second.Tell(new LiveBalancerCommands.Observe(Traffic()));
        Decide(second)!.Number.ShouldBe(last.Number + 1);
    }

    private IActorRef Start()
    {
        IActorRef tester = TestActor;
        AgentJournal journal = new("", 1000, e => e.Message, reason => tester.Tell(reason));
        LiveBalancer balancer = new(new LiveBalancerOptions());
        return Sys.ActorOf(LiveBalancerActor.Props("web", balancer, new Sink(tester), journal));
    }

    private LiveDecision? Decide(IActorRef balancer)
    {
        balancer.Tell(new LiveBalancerCommands.Decide(Ticks.FromSeconds(100), DateTimeOffset.UnixEpoch));
        object said = ExpectMsg<object>();
        return said as LiveDecision;
    }

    /// <summary>Two hundred requests to each of two servers, of which one takes four times as long.</summary>
    private static ImmutableArray<Passage> Traffic()
    {
        ImmutableArray<Passage>.Builder passages = ImmutableArray.CreateBuilder<Passage>();
        for (int server = 0; server < 2; server++)
        {
            double seconds = server == 0 ? 0.01 : 0.04;
            for (int n = 0; n < 200; n++)
            {
                long begin = Ticks.FromSeconds(n * seconds), end = Ticks.FromSeconds((n + 1) * seconds);
                passages.Add(new Passage(PassageKind.Started, server, 0, n, begin));
                passages.Add(new Passage(PassageKind.Answered, server, 1, n, end, end - begin));
            }
        }
        return passages.ToImmutable();
    }

    private static async Task End(IActorRef actor) => (await actor.GracefulStop(TimeSpan.FromSeconds(20))).ShouldBeTrue();

    private sealed class Sink(IActorRef tester) : IWeightSink
    {
        public void Publish(LiveDecision decision) => tester.Tell(decision);

        public void Confirm() => tester.Tell("alive");
    }
}
