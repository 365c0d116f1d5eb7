using AkkaLb.Domain.Network;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Reads what varies from episode to episode of training, and draws it.</summary>
internal static class TrafficVariationReader
{
    public static TrafficVariation Read(
        SectionReader reader, bool asynchronous, int periods, NetworkLearningOptions learning, BackendOptions backend)
    {
        const string Variation = "akkalb.network.training.variation", Graphs = $"{Variation}.graphs";
        int nodes = reader.Integer($"{Graphs}.min-nodes", WaxmanTopology.Fewest, WaxmanTopology.Most);
        TrafficVariation variation = new(
            reader.Integer($"{Variation}.sets", 1, 10_000), reader.Number($"{Variation}.load-spread", 0, 0.99),
            reader.Number($"{Variation}.failures", 0, 1))
        {
            Graphs = reader.Integer($"{Graphs}.count", 0, 1000),
            Graph = new WaxmanTopology(
                nodes, reader.Integer($"{Graphs}.max-nodes", Math.Max(WaxmanTopology.Fewest, nodes), WaxmanTopology.Most)),
        };
        if (variation.Varies && (asynchronous || periods > 1 || reader.Text("akkalb.network.topology-changes").Length > 0))
        {
            reader.Problem(
                variation.Graphs > 0 ? $"{Graphs}.count" : $"{Variation}.sets",
                $"{(variation.Graphs > 0 ? 0 : 1)} where 'akkalb.network.mode' is asynchronous, or there are several periods or changes of "
                    + "the topology");
        }
        if (variation.Graphs > 0 && learning.Readout != ReadoutMode.Shared)
        {
            reader.Problem("akkalb.network.agents.readout", $"shared where '{Graphs}.count' is above 0");
        }
        if (variation.Graphs > 0 && (learning.Memory is not null || backend.Choice == BackendChoice.Torch))
        {
            reader.Problem($"{Graphs}.count", "0, or a method without memory and 'akkalb.learning.backend' native or auto");
        }
        return variation;
    }

    /// <summary>The run's own network first, then those drawn, when they are first asked for.</summary>
    public static ScenarioSchedule Vary(
        NetworkScenario own, TrafficVariation variation, GravityOptions gravity, NetworkTimeline timeline, NetworkLearningOptions learning)
    {
        return ScenarioSchedule.TakingTurns(Enumerable.Range(0, variation.Graphs + 1).Select(Networks), learning.EpisodesPerUpdate);

        IEnumerable<Func<CancellationToken, NetworkScenario>> Networks(int graph)
        {
            Topology topology = graph == 0 ? own.Topology : variation.DrawGraph(gravity.Seed, graph);
            double[] initialWeights = learning.InitialWeights(topology);
            return Enumerable.Range(0, variation.Sets).Select(set => (Func<CancellationToken, NetworkScenario>)(cancellation =>
            {
                if ((graph, set) == (0, 0))
                {
                    return own;
                }
                (FlowSet flows, TopologyChanges changes) = variation.Draw(topology, gravity, graph, set, cancellation);
                NetworkTimeline varied = new(topology, flows, changes, timeline.Routing);
                return new NetworkScenario(topology, varied.At(0), initialWeights, own.Objective);
            }));
        }
    }

    /// <summary>What is worth saying of a schedule before it is played.</summary>
    public static IEnumerable<string> Notes(ScenarioSchedule scenarios, NetworkLearningOptions learning)
    {
        int updates = (learning.Episodes + learning.EpisodesPerUpdate - 1) / learning.EpisodesPerUpdate;
        return updates >= scenarios.Topologies ? [] :
            [$"{learning.Episodes} episodes are {updates} updates, each on one of {scenarios.Topologies} topologies in turns, "
                + $"which leaves out {scenarios.Topologies - updates}"];
    }
}
