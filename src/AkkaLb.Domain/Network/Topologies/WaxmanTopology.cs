using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Random topologies that look like backbones: nodes anywhere in a square, near ones joined more often than far ones with the
/// probabilities of Waxman, "Routing of Multipoint Connections", IEEE JSAC 6(9), 1988. Links come in pairs, one for each direction.
/// </summary>
/// <param name="MinNodes">At least <see cref="Fewest"/>.</param>
/// <param name="MaxNodes">At least <paramref name="MinNodes"/>, at most <see cref="Most"/>.</param>
public sealed record WaxmanTopology(int MinNodes, int MaxNodes)
{
    /// <summary>Nodes of the smallest and the largest topology; the search for the shortest tree is cubic.</summary>
    public const int Fewest = 3, Most = 200;

    /// <summary>Distance over the longest one at which the probability has fallen to 1/e.</summary>
    private const double Reach = 0.25;

    /// <summary>Pairs of links per node, as the Topology Zoo's backbones have.</summary>
    private const double FewestPairs = 1.2, MostPairs = 1.7;

    private const double Capacity = 10e9;

    /// <summary>Of the links of a network of several speeds.</summary>
    private static readonly double[] Speeds = [0.1 * Capacity, 0.25 * Capacity, Capacity];

    /// <summary>
    /// A topology in which all nodes reach each other: the shortest tree first, then pairs that are drawn. In half of them all links have
    /// the same capacity, in the others each pair has one of three.
    /// </summary>
    public Topology Draw(RandomStream random, string name)
    {
        int nodes = MinNodes + random.NextInt32(MaxNodes - MinNodes + 1);
        (double X, double Y)[] places = [.. Enumerable.Range(0, nodes).Select(_ => (random.NextDouble(), random.NextDouble()))];
        bool severalSpeeds = random.NextDouble() < 0.5;
        List<(int From, int To)> pairs = Tree(places);
        int count = Math.Min((int)Math.Round(nodes * random.NextDouble(FewestPairs, MostPairs)), nodes * (nodes - 1) / 2);
        AddNear(pairs, count, places, random);
        List<Link> links = [];
        foreach ((int from, int to) in pairs)
        {
            double capacity = severalSpeeds ? Speeds[random.NextInt32(Speeds.Length)] : Capacity;
            links.Add(new Link(new NodeId(from), new NodeId(to), capacity));
            links.Add(new Link(new NodeId(to), new NodeId(from), capacity));
        }

        return new Topology(name, [.. Enumerable.Range(0, nodes).Select(node => $"{node}")], links)
        {
            Positions = [.. places.Select(place => (NodePosition?)new NodePosition(place.X, place.Y))],
        };
    }

    /// <summary>The shortest tree that joins all places (Prim).</summary>
    private static List<(int From, int To)> Tree((double X, double Y)[] places)
    {
        List<(int, int)> pairs = [];
        HashSet<int> joined = [0];
        while (joined.Count < places.Length)
        {
            (int from, int to) = Pairs(places.Length)
                .Where(pair => joined.Contains(pair.From) != joined.Contains(pair.To))
                .MinBy(pair => Distance(places, pair));
            pairs.Add((from, to));
            joined.Add(from);
            joined.Add(to);
        }

        return pairs;
    }

    private static void AddNear(List<(int From, int To)> pairs, int count, (double X, double Y)[] places, RandomStream random)
    {
        List<(int From, int To)> left = [.. Pairs(places.Length).Except(pairs)];
        double longest = Pairs(places.Length).Max(pair => Distance(places, pair));
        List<double> probabilities = [.. left.Select(pair => Math.Exp(-Distance(places, pair) / (Reach * longest)))];
        while (pairs.Count < count)
        {
            double draw = random.NextDouble() * probabilities.Sum();
            int drawn = 0;
            while (drawn < left.Count - 1 && (draw -= probabilities[drawn]) >= 0)
            {
                drawn++;
            }

            pairs.Add(left[drawn]);
            left.RemoveAt(drawn);
            probabilities.RemoveAt(drawn);
        }
    }

    private static IEnumerable<(int From, int To)> Pairs(int nodes) =>
        Enumerable.Range(0, nodes).SelectMany(from => Enumerable.Range(from + 1, nodes - from - 1).Select(to => (from, to)));

    private static double Distance((double X, double Y)[] places, (int From, int To) pair) =>
        Math.Sqrt(
            Math.Pow(places[pair.From].X - places[pair.To].X, 2) + Math.Pow(places[pair.From].Y - places[pair.To].Y, 2));
}
