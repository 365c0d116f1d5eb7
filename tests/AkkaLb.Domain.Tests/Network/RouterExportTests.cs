using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

public class RouterExportTests
{
    [Theory]
    [InlineData(new[] { 1.0, 1.0 }, new[] { 1, 1 })]
    [InlineData(new[] { 2.0, 6.0 }, new[] { 1, 3 })]
    [InlineData(new[] { 1e-9, 1.0 }, new[] { 1, 255 })]
    [InlineData(new[] { 1e300 }, new[] { 1 })]
    [InlineData(new[] { 0.5, 0.3, 0.2 }, new[] { 5, 3, 2 })]
    public void Round_Weights_NearestSharesInSmallestNumbers(double[] weights, int[] expected) =>
        WeightRounding.Round(weights).ShouldBe(expected);

    [Fact]
    public void Round_AnyWeights_SharesAreNear()
    {
        var stream = new RandomStream(5, "test");
        for (int i = 0; i < 100; i++)
        {
            double[] weights = [.. Enumerable.Range(0, 2 + stream.NextInt32(4)).Select(_ => stream.NextDouble(0.1, 5))];
            int[] rounded = WeightRounding.Round(weights);
            rounded.ShouldAllBe(weight => weight >= 1 && weight <= 255);
            for (int w = 0; w < weights.Length; w++)
            {
                ((double)rounded[w] / rounded.Sum()).ShouldBe(weights[w] / weights.Sum(), 0.01);
            }
        }
    }

    [Fact]
    public void Route_TableOfWholeWeights_IsThatOfTheWeights()
    {
        (Topology topology, FluidRouter router, double[] weights) = Geant([1, 2, 3]);
        var table = new NextHopTable(topology, new ShortestHopPathCalculator(topology), weights);
        var loads = new double[topology.LinkCount];
        router.Route(weights, loads);

        table.Route(router).Zip(loads).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
    }

    [Fact]
    public void Constructor_DagRouting_IsRefused()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        Should.Throw<InvalidInputException>(() => new NextHopTable(topology, new DagPathCalculator(topology), [1, 1, 1, 1, 1, 1, 1, 1]))
            .Message.ShouldContain("expected shortest or igp");
    }

    [Fact]
    public void Wcmp_ReadBack_RoutesAsTheTable()
    {
        NextHopTable table = Table(out FluidRouter router);
        Topology topology = table.Topology;
        var shares = new Dictionary<(string Node, string Destination), List<(LinkId Link, double Weight)>>();
        foreach (JsonElement group in JsonSerializer.Deserialize<JsonElement>(RouterSnippets.Wcmp(table)).EnumerateArray())
        {
            string node = group.GetProperty("node").GetString()!;
            List<(LinkId, double)> hops = [.. group.GetProperty("nextHops").EnumerateArray().Select(hop => (
                topology.FindLink(node, hop.GetProperty("to").GetString()!, hop.GetProperty("key").GetInt32())!.Value,
                hop.GetProperty("weight").GetDouble()))];
            foreach (JsonElement destination in group.GetProperty("destinations").EnumerateArray())
            {
                shares.Add((node, destination.GetString()!), hops);
            }
        }

        Check(table, router, shares);
    }

    [Fact]
    public void Frr_ReadBack_RoutesAsTheTable()
    {
        NextHopTable table = Table(out FluidRouter router);
        var shares = new Dictionary<(string Node, string Destination), List<(LinkId Link, double Weight)>>();
        string node = "", destination = "";
        var groups = new Dictionary<string, List<(LinkId, double)>>();
        List<(LinkId, double)> group = [];
        Addresses addresses = new(table.Topology);
        foreach (string line in RouterSnippets.Frr(table).Split('\n'))
        {
            switch (line.Trim().Split(' '))
            {
                case ["!", "=====", "router", var label, _]:
                    node = label.TrimEnd(',');
                    break;
                case ["nexthop-group", var name]:
                    groups[name] = group = [];
                    break;
                case ["nexthop", var address, "weight", var weight]:
                    group.Add((addresses.Link(node, address), int.Parse(weight)));
                    break;
                case ["match", "dst-ip", var prefix]:
                    destination = addresses.Node(prefix);
                    break;
                case ["set", "nexthop-group", var name]:
                    shares.Add((node, destination), groups[name]);
                    break;
            }
        }

        Check(table, router, shares);
    }

    [Theory]
    [InlineData(701, null)]
    [InlineData(702, "star: found 701 destinations of router 'n0', expected at most 700 for FRR, whose pbr-map has no numbers for more")]
    public void Frr_MoreDestinationsThanAMapTakes_IsRefused(int nodes, string? message)
    {
        Link[] star = [.. Enumerable.Range(1, nodes - 1).SelectMany(i => new[]
        {
            new Link(new NodeId(0), new NodeId(i), 1e9), new Link(new NodeId(i), new NodeId(0), 1e9),
        })];
        Topology topology = new("star", [.. Enumerable.Range(0, nodes).Select(i => $"n{i}")], star);
        NextHopTable table = new(topology, new ShortestHopPathCalculator(topology), ChannelWeights.Uniform(topology));
        if (message is null)
        {
            RouterSnippets.Frr(table).ShouldContain("pbr-map AKKALB seq 700\n");
        }
        else
        {
            Should.Throw<InvalidInputException>(() => RouterSnippets.Frr(table)).Message.ShouldBe(message);
        }
    }

    [Fact]
    public void Sonic_ReadBack_RoutesAsTheTable()
    {
        NextHopTable table = Table(out FluidRouter router);
        Addresses addresses = new(table.Topology);
        var shares = new Dictionary<(string Node, string Destination), List<(LinkId Link, double Weight)>>();
        JsonElement routers = JsonSerializer.Deserialize<JsonElement>(RouterSnippets.Sonic(table)).GetProperty("routers");
        foreach (JsonProperty node in routers.EnumerateObject())
        {
            foreach (JsonElement entry in node.Value.EnumerateArray())
            {
                JsonProperty route = entry.EnumerateObject().First();
                entry.GetProperty("OP").GetString().ShouldBe("SET");
                string[] hops = route.Value.GetProperty("nexthop").GetString()!.Split(','),
                    weights = route.Value.GetProperty("weight").GetString()!.Split(',');
                shares.Add(
                    (node.Name, addresses.Node(route.Name.Split(':')[1])),
                    [.. hops.Zip(weights, (hop, weight) => (addresses.Link(node.Name, hop), double.Parse(weight)))]);
            }
        }

        Check(table, router, shares);
    }

    [Fact]
    public void MetricsCsv_ReadBack_RoutesAsTheMetrics()
    {
        (Topology topology, FluidRouter router, _) = Geant([1]);
        double[] metrics = [.. topology.Links.Select((_, i) => 1.0 + i % 7)];
        Topology again = TopologyImport.ReadAny(TopologyText.MetricsCsv(topology, metrics), "ospf.csv", new ImportOptions()).Topology;
        NodeId Node(NodeId node) => again.TryFindNode(topology.Labels[node.Index], out NodeId found) ? found
            : throw new KeyNotFoundException();
        double[] expected = new double[topology.LinkCount], loads = new double[topology.LinkCount];
        new OspfRouter(topology, router.Demands).Route(metrics, expected);
        new OspfRouter(again, router.Demands.Select(d => d with { From = Node(d.From), To = Node(d.To) }))
            .Route(IgpPathCalculator.MetricsOf(again), loads);

        Objective.Variance.Evaluate(loads, again.Capacities).ShouldBe(Objective.Variance.Evaluate(expected, topology.Capacities), 1e-12);
    }

    [Fact]
    public void OspfCosts_ReadBack_AreTheMetrics()
    {
        Topology topology = TopologyLibrary.Get("abilene");
        double[] metrics = [.. topology.Links.Select((_, i) => 1.0 + i)];
        double[] costs = [.. Regex.Matches(RouterSnippets.OspfCosts(topology, metrics), "ip ospf cost (\\d+)").Select(
            m => double.Parse(m.Groups[1].Value))];

        costs.ShouldBe(Enumerable.Range(0, topology.NodeCount).SelectMany(node => topology.OutLinks(new NodeId(node)).ToArray())
            .Select(link => metrics[link]));
    }

    [Fact]
    public void GraphMl_ReadBack_IsTheTopology() => RandomNetwork.ForAll((network, _) =>
    {
        Topology topology = network.Topology;
        var loads = new double[topology.LinkCount];
        Topology again = TopologyImport.Read(TopologyText.GraphMl(topology, network.Weights, loads), "t", new ImportOptions()).Topology;

        again.Labels.ShouldBe(topology.Labels.Select(label => label.Trim()));
        again.Links.Select(link => (link.From, link.To, link.Capacity)).ShouldBe(
            topology.Links.Select(link => (link.From, link.To, link.Capacity)));
    });

    [Fact]
    public void Export_LabelsThatFilesCannotHoldAsTheyAre_AreReadBack()
    {
        Topology topology = new("t", ["a\nb", "c😀\f"], [new Link(new NodeId(0), new NodeId(1), 10)]);
        TopologyImport.Read(TopologyText.GraphMl(topology, [1], [0]), "t", new ImportOptions()).Topology.Labels.ShouldBe(["a\nb", "c😀"]);
        TopologyText.LoadsCsv(topology, [2], [5]).Split('\n')[1].ShouldStartWith("a b,\"c😀 \",");
    }

    [Fact]
    public void LoadsCsv_HasAFieldForEachColumn()
    {
        Topology topology = new("t", ["a,\"b", "c"], [new Link(new NodeId(0), new NodeId(1), 10)]);
        TopologyText.LoadsCsv(topology, [2], [5]).ShouldBe(
            "from,to,key,capacity,channel_weight,load,utilisation,directed\n\"a,\"\"b\",c,0,10,2,5,0.5,1\n");
    }

    /// <summary>Spaces within quotes are of the label, those around a field are not.</summary>
    [Fact]
    public void MetricsCsv_LabelsThatDifferInSpaces_AreReadBack()
    {
        string[] labels = [" a", "a", "a \"b\" "];
        Topology topology = new("t", labels, [new Link(new NodeId(0), new NodeId(1), 10), new Link(new NodeId(1), new NodeId(2), 10)]);
        string csv = TopologyText.MetricsCsv(topology, [1, 2]);
        TopologyImport.ReadAny(csv, "t.csv", new ImportOptions()).Topology.Labels.ShouldBe(labels);
        TopologyImport.ReadAny("from,to\n a , \"a \" \n", "t.csv", new ImportOptions()).Topology.Labels.ShouldBe(["a", "a "]);
    }

    [Fact]
    public void MetricSearch_FindsLoadsThatMetricsGive_AndTheSameEveryTime()
    {
        (Topology topology, FluidRouter router, _) = Geant([1]);
        double[] metrics = [.. topology.Links.Select((_, i) => 1.0 + i % 3)], wanted = new double[topology.LinkCount];
        new OspfRouter(topology, router.Demands).Route(metrics, wanted);
        double Distance(double[] loads) => loads.Zip(wanted, (a, b) => (a - b) * (a - b)).Sum();
        double[] start = new double[topology.LinkCount];
        new OspfRouter(topology, router.Demands).Route(ChannelWeights.Uniform(topology), start);
        var options = new MetricOptions { Evaluations = 2000, MaxMetric = 8 };

        List<SearchProgress> reports = [];

        SearchResult found = MetricSearch.Run(topology, router.Demands, Distance, options, reports.Add);

        reports.Select(report => report.Evaluations).ShouldBe(Enumerable.Range(1, 20).Select(i => i * MetricSearch.ReportEvery));
        (reports[^1].BestPhi, found.Evaluations).ShouldBe((found.Phi, 2000));
        found.Phi.ShouldBeLessThan(0.5 * Distance(start));
        found.Weights.ShouldAllBe(metric => metric >= 1 && metric <= 8 && metric == Math.Round(metric));
        MetricSearch.Run(topology, router.Demands, Distance, options).Weights.ShouldBe(found.Weights);
        MetricSearch.Run(topology, router.Demands, Distance, options with { Seed = 2 }).Weights.ShouldNotBe(found.Weights);
    }

    [Fact]
    public void Failures_Square_SayWhatIsLostAndWhatIsFull()
    {
        Topology topology = TopologyImport.Read("from,to,capacity\na,b,10\nb,d,10\na,c,10\nc,d,10\nd,e,20\n", "t",
            new ImportOptions()).Topology;
        topology.TryFindNode("a", out NodeId a).ShouldBeTrue();
        topology.TryFindNode("d", out NodeId d).ShouldBeTrue();
        topology.TryFindNode("e", out NodeId e).ShouldBeTrue();
        ConcurrentBag<(int, int)> told = [];
        IReadOnlyList<Failure> failures = Failures.Evaluate(
            topology, [new Demand(a, d, 8), new Demand(e, d, 1)], new RoutingRule(RoutingModel.Shortest, Hash: FlowHash.Fluid),
            ChannelWeights.Uniform(topology), threads: 2, progress: (done, all) => told.Add((done, all)));

        told.Order().ShouldBe(Enumerable.Range(1, 10).Select(done => (done, 10)));
        failures.Count.ShouldBe(5 + 5);
        failures.Single(f => f.What == "a ↔ b").ShouldSatisfyAllConditions(
            f => f.MaxUtilisation.ShouldBe(0.8), f => f.Isolated.ShouldBe(0), f => f.IsNode.ShouldBeFalse());
        failures.Single(f => f.What == "d ↔ e").ShouldSatisfyAllConditions(
            f => f.MaxUtilisation.ShouldBe(0.4), f => f.Isolated.ShouldBe(1));
        failures.Single(f => f.What == "d" && f.IsNode).ShouldSatisfyAllConditions(
            f => f.MaxUtilisation.ShouldBe(0), f => f.Isolated.ShouldBe(0), f => f.Fullest.ShouldBeNull());
    }

    private static NextHopTable Table(out FluidRouter router)
    {
        (Topology topology, router, double[] weights) = Geant([1, 2, 5, 0.7]);
        return new NextHopTable(topology, new ShortestHopPathCalculator(topology), weights);
    }

    private static (Topology Topology, FluidRouter Router, double[] Weights) Geant(double[] weights)
    {
        Topology topology = TopologyLibrary.Get("geant2009");
        Demand[] demands = [.. Enumerable.Range(0, topology.NodeCount).SelectMany(from => Enumerable.Range(0, topology.NodeCount)
            .Where(to => to != from).Select(to => new Demand(new NodeId(from), new NodeId(to), 1000 + 10 * from + to)))];
        return (topology, new FluidRouter(topology, demands, new ShortestHopPathCalculator(topology)),
            [.. topology.Links.Select((_, i) => weights[i % weights.Length])]);
    }

    /// <summary>Routes by what was read and compares with what the table gives.</summary>
    private static void Check(
        NextHopTable table, FluidRouter router, Dictionary<(string Node, string Destination), List<(LinkId Link, double Weight)>> shares)
    {
        Topology topology = table.Topology;
        var loads = new double[topology.LinkCount];
        void Follow(NodeId at, NodeId to, double rate)
        {
            if (at != to)
            {
                List<(LinkId Link, double Weight)> hops = shares[(topology.Labels[at.Index], topology.Labels[to.Index])];
                foreach ((LinkId link, double weight) in hops)
                {
                    double part = rate * weight / hops.Sum(hop => hop.Weight);
                    loads[link.Index] += part;
                    Follow(topology.Links[link.Index].To, to, part);
                }
            }
        }

        foreach (Demand demand in router.Demands)
        {
            Follow(demand.From, demand.To, demand.Rate);
        }

        table.Route(router).Zip(loads).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
    }

    /// <summary>The plan that snippets state, read from its words.</summary>
    private sealed class Addresses(Topology topology)
    {
        public string Node(string prefix)
        {
            prefix.ShouldStartWith("10.255.");
            int[] parts = [.. prefix.Split('/')[0].Split('.').Select(int.Parse)];
            return topology.Labels[parts[2] * 256 + parts[3]];
        }

        public LinkId Link(string node, string address)
        {
            int[] parts = [.. address.Split('.').Select(int.Parse)];
            int pair = (parts[1] << 16) + (parts[2] << 8) + parts[3];
            var pairs = topology.Links.Select(l =>
                (Math.Min(l.From.Index, l.To.Index), Math.Max(l.From.Index, l.To.Index))).Distinct().ToArray();
            (int low, int high) = pairs[pair / 2];
            return topology.FindLink(node, topology.Labels[pair % 2 == 1 ? high : low])!.Value;
        }
    }
}
