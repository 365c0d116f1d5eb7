using Akka.Actor;
using AkkaLb.Agents.DataCenter;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Tests.Crashes;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.DataCenter;

/// <summary>
/// Whatever has happened to a load balancer, one that crashed at any message and takes them again from the episode's start says the same,
/// stores the same, and notices if it did not.
/// </summary>
public sealed class LoadBalancerRecoveryTests : DataCenterTestKit
{
    private static readonly LoadBalancerId Id = new(1);

    private readonly List<string> _failures = [];
    private int _histories;

    [Property(MaxTest = 30)]
    public void LoadBalancer_CrashesAtAnyMessage_DecidesTheSameAgain(int seed)
    {
        RandomStream random = new((ulong)seed, "histories/load-balancer");
        string[] policies = [DispatchPolicies.Weighted, .. DispatchPolicies.Names.Where(name => !DispatchPolicies.IsGlobal(name))];
        int policy = random.NextInt32(policies.Length);
        List<ILoadBalancerMessage> history = History(random, controlled: policy == 0);
        IActorRef Begin(AgentJournal journal) => Sys.ActorOf(LoadBalancerActor.Props(
            Id, Eventful, new SimulationOptions(policies[policy], (ulong)seed), new ToTest(TestActor),
            policy == 0 ? new DrawingController((ulong)seed) : null, new EpisodeJournal(journal, "test.0")));

        AgentJournal calm = Journal(), crashing = Journal();
        List<string> expected = Drive(Begin(calm), history, history.Count), lived = [];
        for (int life = 0; life < 4; life++)
        {
            int until = life < 2 ? random.NextInt32(history.Count) : history.Count;
            lived = Drive(Begin(crashing), history, until);
            lived.ShouldBe(expected[..lived.Count]);
        }
        lived.ShouldBe(expected);
        IReadOnlyList<string> stored = this.Read(crashing, LoadBalancerJournal.Agent(Id, "test.0"));
        stored.ShouldBe(this.Read(calm, LoadBalancerJournal.Agent(Id, "test.0")));
        stored.Count.ShouldBe(policy == 0 ? 2 : 1);
        _failures.ShouldBeEmpty();

        history.RemoveAt(history.FindIndex(message => message is LoadBalancerCommands.OpenConnection));
        IActorRef other = Begin(crashing);
        Watch(other);
        history.ForEach(other.Tell);
        FishForMessage(message => message is Terminated, Patience);
        _failures.ShouldHaveSingleItem().ShouldEndWith("connections-opened/1 0 differs from the one in the journal");
        _failures.Clear();
    }

    /// <summary>Connections that open, close and are rejected, observations and decisions, in a random order.</summary>
    private static List<ILoadBalancerMessage> History(RandomStream random, bool controlled)
    {
        List<ILoadBalancerMessage> history = [Available(), new LoadBalancerCommands.Start(Id)];
        long now = 0;
        for (int k = 0; k < 40; k++)
        {
            now += random.NextInt32(1_000_000);
            history.Add(random.NextInt32(8) switch
            {
                0 => Available(),
                1 when controlled => new LoadBalancerCommands.Observe(Id, now, k),
                2 when controlled => new LoadBalancerCommands.Decide(Id),
                _ => new LoadBalancerCommands.OpenConnection(Id, now, new Job { Number = k, Created = now, Hash = random.NextUInt32() }),
            });
        }
        history.Add(new LoadBalancerCommands.OpenConnection(Id, now, new Job { Number = 40, Created = now }));
        history.Add(new LoadBalancerCommands.EndEpisode(Id, HandsOver: false));
        return history;

        LoadBalancerCommands.SetAvailable Available() =>
            new(Id, [.. Eventful.Servers.Select(_ => random.NextInt32(4) > 0)]);
    }

    private AgentJournal Journal() => StoredEvents.Journal($"{_histories++}/", _failures);

    /// <returns>What it said to the first messages of the history.</returns>
    private List<string> Drive(IActorRef loadBalancer, List<ILoadBalancerMessage> history, int until)
    {
        List<string> said = [];
        foreach (ILoadBalancerMessage message in history.Take(until))
        {
            loadBalancer.Tell(message);
            bool answered = message is LoadBalancerCommands.SetAvailable;
            while (!answered)
            {
                object answer = FishForMessage(_ => true, Patience);
                said.Add(Serialization.Structure.Of(answer));
                answered = answer is DataCenterEvents.EventHandled or LoadBalancerEvents.EpisodeStored;
            }
        }
        Watch(loadBalancer);
        Sys.Stop(loadBalancer);
        ExpectTerminated(loadBalancer, Patience);
        return said;
    }

    /// <summary>Draws weights.</summary>
    private sealed class DrawingController(ulong seed) : ILoadBalancerController
    {
        private readonly RandomStream _random = new(seed, "weights");

        public void Observe(LoadBalancerObservation observation)
        {
        }

        public void Decide(Span<float> weights)
        {
            for (int j = 0; j < weights.Length; j++)
            {
                weights[j] = (float)_random.NextDouble(0.5, 2);
            }
        }
    }

    /// <summary>All that a load balancer says comes to the test.</summary>
    private sealed class ToTest(IActorRef test) : IDataCenterAddresses
    {
        public void Tell(ILoadBalancerMessage message, IActorRef sender) => test.Tell(message, sender);

        public void Tell(IServerMessage message, IActorRef sender) => test.Tell(message, sender);

        public void Tell(ITrafficMessage message, IActorRef sender) => test.Tell(message, sender);

        public void TellDataCenter(IDataCenterMessage report, IActorRef sender) => test.Tell(report, sender);
    }
}
