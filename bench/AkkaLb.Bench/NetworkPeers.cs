using System.Diagnostics;
using System.Globalization;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using Google.OrTools.LinearSolver;
using Objective = AkkaLb.Domain.Network.Objective;

namespace AkkaLb.Bench;

/// <summary>
/// Ways to route the same demands on ten generated topologies in the shape of those of the Topology Zoo: equal splits, searches over
/// weights and over metrics, and the bounds that a linear programme gives for any routing at all.
/// </summary>
internal static class NetworkPeers
{
    private static readonly double[] Speeds = [1e9, 2.5e9, 10e9];

    /// <summary>From which utilisation on which slope the cost has, as <see cref="Objective.FortzThorup"/>.</summary>
    private static readonly (double From, double Slope)[] Pieces =
        [(0, 1), (1.0 / 3, 3), (2.0 / 3, 10), (0.9, 70), (1, 500), (1.1, 5000)];

    public static int Run(string[] arguments)
    {
        int evaluations = arguments is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 20_000;
        Console.WriteLine("topology   method               Φ        max u    FT cost   seconds");
        for (int number = 1; number <= 10; number++)
        {
            var stream = new RandomStream((ulong)number, "peers");
            Topology topology = Generate(8 + 2 * number, stream);
            Demand[] demands = Gravity(topology);
            string name = $"{topology.NodeCount}/{topology.LinkCount}";
            var scenario = new NetworkScenario(
                topology, new FluidRouter(topology, demands, new IgpPathCalculator(topology)), Objective.FortzThorup);
            Row(name, "ECMP, fewest hops", topology, loads => new FluidRouter(topology, demands, new ShortestHopPathCalculator(topology))
                .Route(ChannelWeights.Uniform(topology), loads));
            Row(name, "ECMP, 1/capacity", topology, loads => scenario.Router.Route(ChannelWeights.Uniform(topology), loads));
            Row(name, "genetic WCMP", topology, loads =>
            {
                SearchResult found = new GeneticSearch(scenario, new GeneticOptions { Seed = 1 }).Run();
                scenario.Router.Route([.. found.Weights], loads);
            });
            Row(name, "OSPF local search", topology, loads =>
            {
                SearchResult found = MetricSearch.Run(
                    topology, demands, now => Objective.FortzThorup.Evaluate(now, topology.Capacities),
                    new MetricOptions { Evaluations = evaluations });
                new OspfRouter(topology, demands).Route([.. found.Weights], loads);
            });
            Row(name, "LP, least FT cost", topology, loads => Solve(topology, demands, loads, leastCost: true));
            Row(name, "LP, least max u", topology, loads => Solve(topology, demands, loads, leastCost: false));
        }

        return 0;
    }

    private static void Row(string name, string method, Topology topology, Action<double[]> route)
    {
        var loads = new double[topology.LinkCount];
        var watch = Stopwatch.StartNew();
        route(loads);
        double seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-10} {method,-18} {Of(Objective.Variance),9:F5} {Of(Objective.MaxUtilisation),8:F4} {Of(Objective.FortzThorup),9:F4} "
                + $"{seconds,8:F2}"));

        double Of(Objective objective) => objective.Evaluate(loads, topology.Capacities);
    }

    /// <summary>Nodes in the plane, each joined to the nearest of a few before it, and half as many more short edges.</summary>
    private static Topology Generate(int nodes, RandomStream stream)
    {
        (double X, double Y)[] places = [.. Enumerable.Range(0, nodes).Select(_ => (stream.NextDouble(), stream.NextDouble()))];
        double Distance(int a, int b) => Math.Pow(places[a].X - places[b].X, 2) + Math.Pow(places[a].Y - places[b].Y, 2);
        var edges = new HashSet<(int, int)>();
        int Near(int node, int among) => Enumerable.Range(0, 6).Select(_ => stream.NextInt32(among)).Where(other => other != node)
            .DefaultIfEmpty((node + 1) % among).MinBy(other => Distance(node, other));
        for (int node = 1; node < nodes; node++)
        {
            edges.Add((Near(node, node), node));
        }

        while (edges.Count < nodes - 1 + nodes / 2)
        {
            int node = stream.NextInt32(nodes), other = Near(node, nodes);
            edges.Add((Math.Min(node, other), Math.Max(node, other)));
        }

        var links = new List<Link>();
        foreach ((int a, int b) in edges)
        {
            double capacity = Speeds[stream.NextInt32(Speeds.Length)];
            links.Add(new Link(new NodeId(a), new NodeId(b), capacity));
            links.Add(new Link(new NodeId(b), new NodeId(a), capacity));
        }

        return new Topology("generated", [.. Enumerable.Range(0, nodes).Select(node => $"n{node}")], links);
    }

    /// <summary>Products of the nodes' capacities, so much of them that ECMP on inverse capacities fills its fullest link.</summary>
    private static Demand[] Gravity(Topology topology)
    {
        double[] masses = [.. Enumerable.Range(0, topology.NodeCount).Select(node =>
            topology.OutLinks(new NodeId(node)).ToArray().Sum(link => topology.Capacities[link]) / 1e9)];
        Demand[] demands = [.. Enumerable.Range(0, masses.Length).SelectMany(a => Enumerable.Range(0, masses.Length).Where(b => b != a)
            .Select(b => new Demand(new NodeId(a), new NodeId(b), masses[a] * masses[b])))];
        var loads = new double[topology.LinkCount];
        new FluidRouter(topology, demands, new IgpPathCalculator(topology)).Route(ChannelWeights.Uniform(topology), loads);
        double scale = 1 / Objective.MaxUtilisation.Evaluate(loads, topology.Capacities);
        return [.. demands.Select(demand => demand with { Rate = demand.Rate * scale })];
    }

    /// <summary>Multi-commodity flow, one commodity for each destination; rates in units of the highest capacity.</summary>
    private static void Solve(Topology topology, Demand[] demands, double[] loads, bool leastCost)
    {
        double unit = topology.Capacities.ToArray().Max();
        using var solver = Solver.CreateSolver("GLOP");
        int nodes = topology.NodeCount, links = topology.LinkCount;
        var flow = new Variable[nodes, links];
        for (int to = 0; to < nodes; to++)
        {
            for (int link = 0; link < links; link++)
            {
                flow[to, link] = solver.MakeNumVar(0, double.PositiveInfinity, "");
            }

            for (int node = 0; node < nodes; node++)
            {
                if (node == to)
                {
                    continue;
                }

                double rate = demands.Where(d => d.From.Index == node && d.To.Index == to).Sum(d => d.Rate) / unit;
                Constraint conserved = solver.MakeConstraint(rate, rate);
                foreach (int link in topology.OutLinks(new NodeId(node)))
                {
                    conserved.SetCoefficient(flow[to, link], 1);
                }

                foreach (int link in topology.InLinks(new NodeId(node)))
                {
                    conserved.SetCoefficient(flow[to, link], -1);
                }
            }
        }

        Google.OrTools.LinearSolver.Objective goal = solver.Objective();
        goal.SetMinimization();
        Variable highest = solver.MakeNumVar(0, double.PositiveInfinity, "");
        goal.SetCoefficient(highest, leastCost ? 0 : 1);
        for (int link = 0; link < links; link++)
        {
            double capacity = topology.Capacities[link] / unit, intercept = 0, before = 0;
            Variable cost = solver.MakeNumVar(0, double.PositiveInfinity, "");
            goal.SetCoefficient(cost, leastCost ? 1 : 0);
            foreach ((double from, double slope) in leastCost ? Pieces : [(0, 1)])
            {
                // Above its own start each piece is the highest of all, so the cost is the least number above all of them.
                intercept += (slope - before) * from * capacity;
                before = slope;
                Constraint above = solver.MakeConstraint(leastCost ? -intercept : 0, double.PositiveInfinity);
                above.SetCoefficient(leastCost ? cost : highest, leastCost ? 1 : capacity);
                for (int to = 0; to < nodes; to++)
                {
                    above.SetCoefficient(flow[to, link], leastCost ? -slope : -1);
                }
            }
        }

        if (solver.Solve() != Solver.ResultStatus.OPTIMAL)
        {
            throw new InvalidOperationException("the linear programme was not solved to its optimum");
        }

        for (int link = 0; link < links; link++)
        {
            for (int to = 0; to < nodes; to++)
            {
                loads[link] += flow[to, link].SolutionValue() * unit;
            }
        }
    }
}
