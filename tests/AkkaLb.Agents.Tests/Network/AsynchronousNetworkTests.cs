using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Tests.Network;

public sealed class AsynchronousNetworkTests : TestKit
{
    private const string Failure = """{"30": {"missing_links": [["1", "3", 0], ["3", "1", 0]]}, "60": {}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public AsynchronousNetworkTests()
        // Events of a logger that waits for its turn on a busy machine are awaited as patiently as answers.
        : base("akka.loglevel = WARNING\nakka.test.filter-leeway = 1m")
    {
    }

    [Theory]
    [InlineData("4-node", 1000)]
    [InlineData("4-node", 0)]
    [InlineData("abilene", 250)]
    public void Run_StaticFlowsAndEqualLatencies_IsASynchronousEpisode(string topology, long latency)
    {
        NetworkTimeline timeline = Scenarios.CreateTimeline(topology, "{}");
        NetworkModel model = new(Scenarios.Options(NetworkMethod.Samaroh) with { Horizons = 6 }, timeline.Topology);
        using PpoLearner learner = new(model, 5, threads: 1);
        EpisodeTrajectory episode = PlayEpisode(timeline, model, learner);

        Recorder recorder = Play(Scenario(timeline, model, until: 1000) with { Latency = (latency, latency) }, model, learner);

        recorder.Samples.Select(s => s.Phi).ShouldBe(episode.Objective);
        recorder.Decisions.Count.ShouldBe(model.LinkCount * 6);
        foreach (AsynchronousEvents.WeightSet decided in recorder.Decisions)
        {
            decided.Action.ShouldBe(episode.Choices(decided.Horizon - 1)[decided.Link.Index]);
            decided.LogProbability.ShouldBe(episode.LogProbabilities(decided.Horizon - 1)[decided.Link.Index]);
        }
        recorder.Decisions.GroupBy(d => d.Link.Index).OrderBy(g => g.Key).Select(g => g.Last().Weight).ShouldBe(episode.FinalWeights);
        NetworkSample last = recorder.Samples[^1];
        last.States.ShouldBe((long)model.MessagesPerExchange * model.MessageIterations * 6);
        last.Requests.ShouldBe(last.States);
        last.Time.ShouldBe(6 * 2 * latency * model.MessageIterations);
    }

    [Fact]
    public void Run_StaticFlowsAndMemories_IsASynchronousEpisodeOfAgentsThatSwitchAlone()
    {
        NetworkTimeline timeline = Scenarios.CreateTimeline("4-node", "{}");
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with { Horizons = 6, Memory = new ExperienceOptions { Deltas = [0.5] } };
        NetworkModel model = new(options, timeline.Topology);
        using PpoLearner learner = new(model, 5, threads: 1), other = new(model, 5, threads: 1);
        EpisodeTrajectory episode = PlayEpisode(timeline, model, learner);

        // Without latency a familiar agent's weight comes into force with those of the others.
        Recorder recorder = Play(Scenario(timeline, model, until: 1000) with { Latency = (0, 0) }, model, other);

        recorder.Samples.Select(s => s.Phi).ShouldBe(episode.Objective);
        recorder.Decisions.GroupBy(d => d.Link.Index).OrderBy(g => g.Key).Select(g => g.Last().Weight).ShouldBe(episode.FinalWeights);
        recorder.Samples[^1].States.ShouldBe(episode.MessagesSent);
        recorder.Samples[^1].Requests.ShouldBe(episode.RequestsSent);
        episode.MessagesSent.ShouldBeInRange(1, (long)model.MessagesPerExchange * model.MessageIterations * 6 - 1);
    }

    [Fact]
    public void Run_OtherSeed_IsAnotherRun()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = Failing();
        using (learner)
        {
            Recorder one = Play(scenario, model, learner), again = Play(scenario, model, learner), other = Play(scenario, model, learner, seed: 6);
            again.Samples.ShouldBe(one.Samples);
            again.Decisions.ShouldBe(one.Decisions);
            other.Decisions.ShouldNotBe(one.Decisions);
        }
    }

    [Fact]
    public void Run_LinkFailsAndReturns_FlowsMoveAtOnceAndAgentsWakeUp()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = Failing();
        using (learner)
        {
            Recorder recorder = Play(scenario, model, learner);

            NetworkSample[] changes = [.. recorder.Samples.Where(s => s.IsChange)];
            changes.Select(s => (s.Time, s.Change, s.LinksUp)).ShouldBe([(30_000L, 1, 6), (60_000, 2, 8)]);
            recorder.Samples.ShouldAllBe(s => s.LinksUp == (s.Time >= 30_000 && s.Time < 60_000 ? 6 : 8) && s.Waiting == 0);
            NetworkSample before = recorder.Samples.Last(s => s.Time < 30_000);
            changes[0].Phi.ShouldNotBe(before.Phi);
            changes[1].Horizons.ShouldBeGreaterThan(before.Horizons);
            // The budget of every agent, after the start and after each change.
            recorder.Samples[^1].Horizons.ShouldBeInRange(model.LinkCount, 3L * model.LinkCount * scenario.Agents.Budget);
            recorder.Decisions.ShouldAllBe(d => double.IsFinite(d.Weight) && d.Weight > 0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_HighThreshold_OnlyTheFirstLoadOpensABurstOfHorizons(int burst)
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = Failing();
        using (learner)
        {
            Recorder recorder = Play(scenario with { Agents = scenario.Agents with { Threshold = 100, Burst = burst } }, model, learner);
            recorder.Decisions.GroupBy(d => d.Link.Index).Select(g => g.Count()).ShouldBe(Enumerable.Repeat(burst, model.LinkCount));
        }
    }

    [Fact]
    public void Run_LargestRatio_KeepsTheWeightsOfANodeTogether()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = Failing();
        using (learner)
        {
            double Ratio(double largest) => Play(scenario with { Agents = scenario.Agents with { Burst = 20, Budget = 20, LargestRatio = largest } }, model, learner)
                .Decisions.GroupBy(d => d.Link).Select(g => (Node: model.Topology.Links[g.Key.Index].From, g.Last().Weight))
                .GroupBy(w => w.Node).Max(node => node.Max(w => w.Weight) / node.Min(w => w.Weight));
            Ratio(1e100).ShouldBeGreaterThan(2.5);
            Ratio(2).ShouldBeLessThanOrEqualTo(2.5);
        }
    }

    [Fact]
    public void Run_Cooldown_KeepsDecisionsOfAnAgentApart()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = Failing();
        using (learner)
        {
            AsynchronousScenario slow = scenario with { Agents = scenario.Agents with { Threshold = 0, Cooldown = 20_000, Budget = 100 } };
            Recorder recorder = Play(slow, model, learner);
            // 90 ms at no less than 20 ms each.
            recorder.Decisions.GroupBy(d => d.Link).ShouldAllBe(g => g.Count() >= 2 && g.Count() <= 5);
        }
    }

    [Fact]
    public async Task Run_AgentCrashes_GoesOnWithTheWeightsInForce()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = Failing();
        using (learner)
        {
            IActorRef? agent = null;
            Recorder recorder = new() { OnRoute = sample => { if (sample.IsChange) { agent!.Tell(new AsynchronousCommands.Deliver(new LinkId(2), -1, sample.Time, Poison)); } } };
            IActorRef network = Sys.ActorOf(AsynchronousNetworkActor.Props(scenario, model, learner.Policy, null, 5, recorder));
            // Its answer proves that it has started, and so that its agents exist.
            network.Tell(new Identify("started"), TestActor);
            ExpectMsg<ActorIdentity>(Patience);
            agent = await Sys.ActorSelection(network.Path / "link-2").ResolveOne(Patience);
            EventFilter.Exception<ArgumentException>().Expect(2, () =>
            {
                network.Tell(AsynchronousNetworkCommands.Start.Instance, TestActor);
                ExpectMsg<AsynchronousNetworkEvents.RunFinished>(Patience);
            });
            recorder.Samples[^1].LinksUp.ShouldBe(8);
            recorder.Decisions.Count(d => d.Link.Index == 2).ShouldBeGreaterThan(1);
        }
    }

    /// <summary>A state of a link that does not precede the agent's, and too short.</summary>
    private static AsynchronousCommands.ReceiveState Poison => new(new LinkId(2), new LinkId(7), 0, 0, 0, [1f]);

    private static (AsynchronousScenario, NetworkModel, PpoLearner) Failing()
    {
        NetworkTimeline timeline = Scenarios.CreateTimeline("4-node", Failure);
        NetworkModel model = new(Scenarios.Options(NetworkMethod.Samaroh), timeline.Topology);
        AsynchronousScenario scenario = Scenario(timeline, model, until: 90);
        return (scenario with { Agents = scenario.Agents with { Threshold = 0.001 }, Latency = (100, 900) }, model, new PpoLearner(model, 5, threads: 1));
    }

    private static AsynchronousScenario Scenario(NetworkTimeline timeline, NetworkModel model, long until) => new(
        timeline, Objective.Variance, ChannelWeights.Uniform(timeline.Topology),
        new AsynchronousOptions { Threshold = 0, Budget = 6, SampleShare = model.Options.SampleShare },
        0, until, (1000, 1000));

    private EpisodeTrajectory PlayEpisode(NetworkTimeline timeline, NetworkModel model, PpoLearner learner)
    {
        NetworkScenario scenario = new(timeline.Topology, timeline.At(0), ChannelWeights.Uniform(timeline.Topology), Objective.Variance);
        IActorRef network = Sys.ActorOf(NetworkActor.Props(new ScenarioSchedule(scenario), model, 5));
        network.Tell(new NetworkCommands.FollowPolicy(learner.Policy, learner.Experience?.Save()));
        network.Tell(new NetworkCommands.PlayEpisodes(0, 1), TestActor);
        return ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience).Trajectories[0];
    }

    private Recorder Play(AsynchronousScenario scenario, NetworkModel model, PpoLearner learner, ulong seed = 5)
    {
        Recorder recorder = new();
        IActorRef network = Sys.ActorOf(AsynchronousNetworkActor.Props(scenario, model, learner.Policy, learner.Experience, seed, recorder));
        network.Tell(AsynchronousNetworkCommands.Start.Instance, TestActor);
        ExpectMsg<AsynchronousNetworkEvents.RunFinished>(Patience);
        return recorder;
    }

    private sealed class Recorder : IAsynchronousObserver
    {
        public List<NetworkSample> Samples { get; } = [];

        public List<AsynchronousEvents.WeightSet> Decisions { get; } = [];

        public Action<NetworkSample> OnRoute { get; init; } = _ => { };

        public void Routed(NetworkSample sample)
        {
            Samples.Add(sample);
            OnRoute(sample);
        }

        public void Decided(AsynchronousEvents.WeightSet decision) => Decisions.Add(decision);
    }
}
