using AkkaLb.Domain.Network;

namespace AkkaLb.Bench.Learning;

internal static class Scenarios
{
    /// <summary>A published flow set: flows at t = 0, the path calculator and hash of the publication, equal weights to start with.</summary>
    public static NetworkScenario Published(string data, string folder, string load)
    {
        string topologyFile = Path.Combine(data, folder, "topology.gml"), flowFile = Path.Combine(data, folder, $"flows{load}.json");
        Topology topology = GmlTopology.Read(File.ReadAllText(topologyFile), topologyFile);
        FlowSet flows = FlowJson.Read(File.ReadAllText(flowFile), flowFile, topology);
        return new NetworkScenario(topology, new FlowRouter(topology, flows.ActiveAt(0), new DagPathCalculator(topology)));
    }
}
