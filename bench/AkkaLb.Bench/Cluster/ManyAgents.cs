using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaLb.Bench.Cluster;

/// <summary>
/// Writes an experiment with as many link agents as wanted: a torus, with a few flows across it. All agents share one readout: ten thousand
/// of them would make a policy of 400 MB.
/// </summary>
internal static class ManyAgents
{
    private const int Degree = 4, Flows = 200;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var agents, var folder] || !int.TryParse(agents, CultureInfo.InvariantCulture, out int wanted))
        {
            Console.Error.WriteLine("usage: AkkaLb.Bench many-agents AGENTS FOLDER");
            return 2;
        }
        // Each node of a torus has a directed link to each of its four neighbours.
        int side = (int)Math.Round(Math.Sqrt(wanted / (double)Degree)), nodes = side * side;
        Directory.CreateDirectory(folder);
        StringBuilder gml = new("graph [\n  directed 0\n");
        for (int node = 0; node < nodes; node++)
        {
            gml.Append(CultureInfo.InvariantCulture, $"  node [ id {node} label \"{node}\" ]\n");
        }
        for (int node = 0; node < nodes; node++)
        {
            int right = node / side * side + (node + 1) % side, below = (node + side) % nodes;
            gml.Append(CultureInfo.InvariantCulture, $"  edge [ source {node} target {right} bandwidth 10000000 ]\n");
            gml.Append(CultureInfo.InvariantCulture, $"  edge [ source {node} target {below} bandwidth 10000000 ]\n");
        }
        File.WriteAllText(Path.Combine(folder, "topology.gml"), gml.Append("]\n").ToString());
        File.WriteAllText(Path.Combine(folder, "flows.json"), JsonSerializer.Serialize(Enumerable.Range(0, Flows).Select(flow => new
        {
            flow_id = $"{flow}",
            start = $"{flow * 37 % nodes}",
            end = $"{(flow * 37 + nodes / 2 + flow) % nodes}",
            all_bandwidth = new Dictionary<string, long> { ["0"] = 100_000 },
            start_time = 0,
            end_time = 1000,
            bandwidth = (string?)null,
        })));
        File.WriteAllText(
            Path.Combine(folder, "experiment.conf"),
            """
            akkalb {
              method = samaroh
              network {
                topology = "topology.gml"
                flows.file = "flows.json"
                agents { message-iterations = 3, readout = shared }
                training { episodes = 8, update-every = 4, horizons = 5, epochs = 1 }
              }
              baselines.genetic.enabled = off
            }

            """);
        Console.WriteLine($"{nodes * Degree} link agents in {folder}");
        return 0;
    }
}
