using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Tests.Network;

internal static class Scenarios
{
    /// <summary>A topology of the library with made-up flows between all pairs of nodes.</summary>
    public static NetworkScenario MadeUp(string topology, int flowsPerPair = 3, double meanRate = 2e6)
    {
        Topology network = TopologyLibrary.Get(topology);
        var random = new RandomStream(11, "flows");
        List<ActiveFlow> flows = [];
        for (int start = 0; start < network.NodeCount; start++)
        {
            for (int end = 0; end < network.NodeCount; end++)
            {
                for (int i = 0; start != end && i < flowsPerPair; i++)
                {
                    flows.Add(new ActiveFlow(
                        new FlowId($"flow {start}-{end}-{i}"), new NodeId(start), new NodeId(end), random.NextDouble(0.2, 1.8) * meanRate));
                }
            }
        }

        return new NetworkScenario(network, new FlowRouter(network, flows, new DagPathCalculator(network)));
    }
}
