using System.Globalization;
using System.Text;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>
/// 200 generated files in the shapes of the Internet Topology Zoo's: no bandwidth but LinkSpeedRaw, LinkSpeed with a unit or nothing;
/// labels that repeat, with HTML entities, in Latin-1; hyperedge nodes; parallel edges; loops; more than one component.
/// </summary>
public class ZooCorpusTests
{
    private const int Files = 200;

    private const double DemandRate = 1e6, DefaultCapacity = 10e9;

    private static readonly string[] Places = ["Oslo", "Zürich", "S&#227;o Paulo", "A&amp;B \\ C", "K&ouml;ln", "\u00c5rhus", "None"];

    [Fact]
    public void Corpus_All200Files_AreReadAndTheirPhiOfEqualWeightsIsThatOfASmallImplementation()
    {
        HashSet<string> traits = [];
        for (int file = 0; file < Files; file++)
        {
            ZooFile zoo = ZooFile.Generate(file);
            traits.UnionWith(zoo.Traits);
            byte[] bytes = zoo.IsLatin1 ? Encoding.Latin1.GetBytes(zoo.Gml) : Encoding.UTF8.GetBytes(zoo.Gml);
            ImportedTopology imported = TopologyImport.ReadAny(
                TextInput.Decode(bytes, $"zoo-{file}.gml", allowLatin1: true), $"zoo-{file}.gml", new ImportOptions());
            Topology topology = imported.Topology;

            topology.NodeCount.ShouldBe(zoo.MainNodes, zoo.Gml);
            topology.LinkCount.ShouldBe(2 * zoo.Edges.Count, zoo.Gml);
            topology.Labels.ToArray().ShouldBeUnique();
            Demand[] demands = [.. from a in Enumerable.Range(0, topology.NodeCount) from b in Enumerable.Range(0, topology.NodeCount)
                where a != b select new Demand(new NodeId(a), new NodeId(b), DemandRate)];
            double[] loads = new double[topology.LinkCount];
            new FluidRouter(topology, demands, new RoutingRule(RoutingModel.Shortest).Paths(topology))
                .Route(ChannelWeights.Uniform(topology), loads).ShouldBe(0);
            double phi = ObjectiveFunction.Variance(loads, topology.Capacities.ToArray());
            double expected = Phi(zoo.MainNodes, zoo.Edges);
            phi.ShouldBe(expected, 1e-9 * Math.Max(expected, 1e-12), zoo.Gml);
        }
        traits.Order(StringComparer.Ordinal).ShouldBe(
            ["Latin-1", "component", "entity", "hyperedge", "loop", "nothing", "parallel", "raw", "repeated label", "speed and unit"]);
    }

    /// <summary>
    /// Everybody sends to everybody; what is at a node is split evenly over the edges to neighbours that are one hop nearer to the end. By
    /// distances from a matrix, node by node from far to near: nothing of the code under test.
    /// </summary>
    private static double Phi(int nodes, IReadOnlyList<(int A, int B, double Capacity)> edges)
    {
        (int From, int To, double Capacity)[] links =
            [.. edges.SelectMany(e => new[] { (e.A, e.B, e.Capacity), (e.B, e.A, e.Capacity) })];
        int[,] hops = new int[nodes, nodes];
        for (int a = 0; a < nodes; a++)
        {
            for (int b = 0; b < nodes; b++)
            {
                hops[a, b] = a == b ? 0 : links.Any(l => l.From == a && l.To == b) ? 1 : 1000;
            }
        }
        for (int k = 0; k < nodes; k++)
        {
            for (int a = 0; a < nodes; a++)
            {
                for (int b = 0; b < nodes; b++)
                {
                    hops[a, b] = Math.Min(hops[a, b], hops[a, k] + hops[k, b]);
                }
            }
        }
        double[] loads = new double[links.Length];
        for (int end = 0; end < nodes; end++)
        {
            double[] here = [.. Enumerable.Repeat(DemandRate, nodes)];
            foreach (int node in Enumerable.Range(0, nodes).Where(n => n != end).OrderByDescending(n => hops[n, end]))
            {
                int[] next = [.. Enumerable.Range(0, links.Length).Where(
                    l => links[l].From == node && hops[links[l].To, end] == hops[node, end] - 1)];
                foreach (int link in next)
                {
                    loads[link] += here[node] / next.Length;
                    here[links[link].To] += here[node] / next.Length;
                }
            }
        }
        double[] utilisation = [.. loads.Zip(links, (load, link) => load / link.Capacity)];
        double mean = utilisation.Average();
        return utilisation.Average(u => (u - mean) * (u - mean));
    }

    /// <param name="Edges">Between the nodes of the largest component, numbered from 0 in the order of the file.</param>
    private sealed record ZooFile(
        string Gml, bool IsLatin1, int MainNodes, IReadOnlyList<(int A, int B, double Capacity)> Edges, IReadOnlyList<string> Traits)
    {
        public static ZooFile Generate(int number)
        {
            RandomStream random = new((ulong)number, "zoo");
            int nodes = 5 + random.NextInt32(12);
            bool latin1 = random.NextInt32(2) == 0, island = random.NextInt32(3) == 0;
            List<string> traits = latin1 ? ["Latin-1"] : [];
            StringBuilder gml = new("Creator \"made for tests\"\ngraph [\n  directed 0\n  Network \"Zoo\"\n");
            HashSet<string> seen = [];
            for (int node = 0; node < nodes + (island ? 2 : 0); node++)
            {
                string place = Places[random.NextInt32(Places.Length)];
                bool hyper = random.NextInt32(12) == 0;
                gml.Append(CultureInfo.InvariantCulture,
                    $"  node [ id {node * 3 + 1} label \"{place}\" Longitude 5.1{(hyper ? " hyperedge 1" : "")} ]\n");
                Add(traits, !seen.Add(place), "repeated label");
                Add(traits, place.Contains('&'), "entity");
                Add(traits, hyper, "hyperedge");
            }
            List<(int A, int B, double Capacity)> edges = [];
            for (int node = 1; node < nodes; node++)
            {
                Edge(node, random.NextInt32(node));
            }
            for (int extra = random.NextInt32(nodes); extra > 0; extra--)
            {
                (int a, int b) = (random.NextInt32(nodes), random.NextInt32(nodes));
                Add(traits, edges.Any(e => (e.A, e.B) == (a, b) || (e.A, e.B) == (b, a)), "parallel");
                Edge(a, b);
            }
            if (island)
            {
                gml.Append(CultureInfo.InvariantCulture, $"  edge [ source {nodes * 3 + 1} target {nodes * 3 + 4} ]\n");
                traits.Add("component");
            }
            return new ZooFile(gml.Append("]\n").ToString(), latin1, nodes, edges, traits);

            void Edge(int a, int b)
            {
                int kind = random.NextInt32(3), speed = 1 + random.NextInt32(40);
                (string text, double capacity) = kind switch
                {
                    0 => ($"LinkSpeedRaw {speed}000000000.0", speed * 1e9),
                    1 => ($"LinkSpeed \"{speed}\" LinkSpeedUnits \"{(speed % 2 == 0 ? "G" : "M")}\"", speed * (speed % 2 == 0 ? 1e9 : 1e6)),
                    _ => ("LinkLabel \"unknown\"", DefaultCapacity),
                };
                gml.Append(CultureInfo.InvariantCulture, $"  edge [ source {a * 3 + 1} target {b * 3 + 1} {text} ]\n");
                traits.Add(kind switch { 0 => "raw", 1 => "speed and unit", _ => "nothing" });
                if (a == b)
                {
                    traits.Add("loop");
                    return;
                }
                edges.Add((a, b, capacity));
            }
        }

        private static void Add(List<string> traits, bool has, string trait)
        {
            if (has)
            {
                traits.Add(trait);
            }
        }
    }
}
