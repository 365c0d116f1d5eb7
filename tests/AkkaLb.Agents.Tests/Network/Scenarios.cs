using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Tests.Network;

/// <summary>Small networks with generated flows, and models that learn on them within a test.</summary>
internal static class Scenarios
{
    public static NetworkScenario Create(string topologyName)
    {
        Topology topology = TopologyLibrary.Get(topologyName);
        FlowSet flows = new GravityFlowGenerator(topology,
            new GravityOptions { MeanLoad = 0.4, MaxFlowsPerPair = 5, Seed = 1 }).Generate().Flows;
        return new NetworkScenario(topology, new FlowRouter(topology, flows.ActiveAt(0), new DagPathCalculator(topology)));
    }

    /// <summary>The four nodes: all links in the first period, one failed from the second on.</summary>
    public static ScenarioSchedule CreatePeriods(int episodesPerPeriod)
    {
        NetworkTimeline timeline = CreateTimeline("4-node", """{"50": {"missing_links": [["1", "3", 0]]}}""");
        return new ScenarioSchedule(timeline, [0, 50], episodesPerPeriod, ChannelWeights.Uniform(timeline.Topology), Objective.Variance);
    }

    /// <param name="changes">A topology_changes.json.</param>
    public static NetworkTimeline CreateTimeline(string topologyName, string changes)
    {
        Topology topology = TopologyLibrary.Get(topologyName);
        FlowSet flows = new GravityFlowGenerator(topology,
            new GravityOptions { MeanLoad = 0.4, MaxFlowsPerPair = 5, Seed = 1 }).Generate().Flows;
        return new NetworkTimeline(topology, flows, TopologyChanges.Read(changes, "changes", topology), new RoutingRule());
    }

    public static NetworkLearningOptions Options(NetworkMethod method, ReadoutMode readout = ReadoutMode.PerAgent) => new()
    {
        Method = method,
        Readout = readout,
        Horizons = 4,
        HalveStepsEvery = 2,
        MessageIterations = 3,
        Episodes = 9,
        EpisodesPerUpdate = 3,
        MinibatchSize = 5,
    };
}
