using System.Diagnostics;
using AkkaLb.Domain.Network;

namespace AkkaLb.Bench;

/// <summary>
/// One full re-route of every flow, on one thread, under weights that change all the time as in training. Uses the published flow
/// sets of the directory given by --data.
/// </summary>
internal static class RoutingBenchmark
{
    private const double TargetMicroseconds = 100;

    public static int Run(string[] args)
    {
        string data = args is ["--data", var directory] ? directory : Path.Combine("..", "shared", "data", "maroh");
        foreach (string set in new[] { "rhombus", "abilene", "symm16", "geant2009" })
        {
            string folder = Path.Combine(data, set);
            Topology topology = GmlTopology.Read(File.ReadAllText(Path.Combine(folder, "topology.gml")), "topology.gml");
            IReadOnlyList<ActiveFlow> flows = FlowJson.Read(File.ReadAllText(Path.Combine(folder, "flows.json")), "flows.json", topology).ActiveAt(0);
            long prepared = Stopwatch.GetTimestamp();
            var router = new FlowRouter(topology, flows, new DagPathCalculator(topology));
            double preparation = Stopwatch.GetElapsedTime(prepared).TotalMilliseconds;
            double microseconds = Median(topology, router);
            string target = set == "geant2009" ? $"   target ≤ {TargetMicroseconds} µs: {(microseconds <= TargetMicroseconds ? "reached" : "missed")}" : "";
            Console.WriteLine($"{set,-10} {flows.Count,5} flows {router.ReachableStates,6} states   preparation {preparation,6:F1} ms   re-route {microseconds,7:F2} µs{target}");
        }

        return 0;
    }

    /// <summary>Median over blocks of re-routes, each block with weights of its own, in µs for one re-route.</summary>
    private static double Median(Topology topology, FlowRouter router)
    {
        const int blocks = 301, perBlock = 20;
        var times = new double[blocks];
        double[] weights = ChannelWeights.Uniform(topology), loads = new double[topology.LinkCount];
        // The first rounds warm up: the runtime recompiles a hot method after some time.
        for (int round = 0; round < 5; round++)
        {
            Array.Fill(weights, 1);
            for (int block = 0; block < blocks; block++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < perBlock; i++)
                {
                    weights[(block * perBlock + i) * 7 % weights.Length] *= 1.25;
                    router.Route(weights, loads);
                }

                times[block] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / perBlock;
            }
        }

        Array.Sort(times);
        return times[blocks / 2];
    }
}
