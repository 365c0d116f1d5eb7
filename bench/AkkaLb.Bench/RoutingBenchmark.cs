using System.Diagnostics;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Bench;

/// <summary>
/// One full re-route of every flow, on one thread, under varied weights: with the published flow sets of the
/// directory given by --data where they are, with generated ones elsewhere.
/// </summary>
internal static class RoutingBenchmark
{
    private const double TargetMicroseconds = 100;

    public static int Run(string[] args)
    {
        string data = args is ["--data", var directory] ? directory : "";
        bool published = Directory.Exists(data);
        Console.WriteLine(published ? $"flows of {data}"
            : $"no --data DIR with the published flow sets: generated flows, as many as in the published sets");
        foreach ((string name, string folder, int flowsPerPair) in new[]
            { ("4-node", "rhombus", 9), ("abilene", "abilene", 4), ("symm16", "symm16", 4), ("geant2009", "geant2009", 3) })
        {
            (Topology topology, FlowSet flows) = published ? Read(Path.Combine(data, folder)) : Generate(name, flowsPerPair);
            IReadOnlyList<ActiveFlow> active = flows.ActiveAt(0);
            long start = Stopwatch.GetTimestamp();
            var router = new FlowRouter(topology, active, new DagPathCalculator(topology));
            double preparation = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            double microseconds = Median(topology, router);
            string verdict = name != "geant2009" ? ""
                : $"   target ≤ {TargetMicroseconds} µs: {(microseconds <= TargetMicroseconds ? "reached" : "missed")}";
            Console.WriteLine($"{name,-10}{active.Count,5} flows {router.ReachableStates,5} states   "
                + $"preparation {preparation,6:F1} ms   re-route {microseconds,6:F2} µs{verdict}");
        }

        return 0;
    }

    /// <summary>A network with its flows: a folder of <paramref name="data"/>, or generated flows where there is none.</summary>
    public static NetworkScenario Scenario(string name, string data)
    {
        string folder = Path.Combine(data, name == "4-node" ? "rhombus" : name);
        (Topology topology, FlowSet flows) = data.Length > 0 && Directory.Exists(folder) ? Read(folder) : Generate(
            name, name == "4-node" ? 9 : 4);
        return new NetworkScenario(topology, new FlowRouter(topology, flows.ActiveAt(0), new DagPathCalculator(topology)));
    }

    private static (Topology Topology, FlowSet Flows) Read(string folder)
    {
        Topology topology = GmlTopology.Read(File.ReadAllText(Path.Combine(folder, "topology.gml")), "topology.gml");
        return (topology, FlowJson.Read(File.ReadAllText(Path.Combine(folder, "flows.json")), "flows.json", topology));
    }

    private static (Topology Topology, FlowSet Flows) Generate(string name, int flowsPerPair)
    {
        Topology topology = TopologyLibrary.Get(name);
        var options = new GravityOptions { MaxFlowsPerPair = flowsPerPair, Seed = 1 };
        return (topology, new GravityFlowGenerator(topology, options).Generate().Flows);
    }

    /// <summary>
    /// Median time of one re-route in µs, every one timed alone. Weights are 1.25^k with a random k for every link, as training reaches
    /// them, and there are many vectors: with a few, or nearly equal ones, the processor learns the outcome of the draws by heart, which
    /// makes a re-route look up to twice as fast as it is.
    /// </summary>
    private static double Median(Topology topology, FlowRouter router)
    {
        const int vectors = 400, routes = 4000;
        var stream = new RandomStream(1, "benchmark/weights");
        double[] loads = new double[topology.LinkCount];
        double[][] weights = [.. Enumerable.Range(0, vectors).Select(_ =>
            topology.Links.Select(_ => Math.Pow(1.25, stream.NextInt32(21))).ToArray())];

        // The runtime recompiles hot methods with a delay, so the warm-up goes by time.
        int next = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5;)
        {
            router.Route(weights[next++ % vectors], loads);
        }

        var times = new double[routes];
        for (int i = 0; i < routes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            router.Route(weights[i % vectors], loads);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[routes / 2];
    }
}
