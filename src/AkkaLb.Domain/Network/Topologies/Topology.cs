namespace AkkaLb.Domain.Network;

/// <summary>
/// A directed multigraph of nodes and links with capacities; immutable. Links are enumerated "for node in file order, for
/// out-neighbour in the order in which the neighbour first appeared, for parallel link in order of appearance", which is the edge
/// order of a networkx MultiDiGraph (specification section 2.1): the position is the <see cref="LinkId"/> and the agent's index.
/// </summary>
public sealed class Topology
{
    /// <summary>
    /// Capacities in bit/s, and rates from above, that are accepted: within them no load, no square of a utilisation and no sum of them
    /// over any network overflows, so that nothing computed from a topology and flows is infinite or not a number.
    /// </summary>
    public const double LowestCapacity = 1e-60, HighestCapacity = 1e60;

    /// <summary>IGP metrics that are accepted; how far apart in one topology: <see cref="IgpPathCalculator.MetricsOf"/>.</summary>
    public const double LowestMetric = 1e-6, HighestMetric = 1e9;

    private readonly double[] _capacities;
    private readonly int[][] _outLinks, _inLinks;
    private readonly Dictionary<string, NodeId> _nodesByLabel;

    /// <param name="name">What to call the topology in messages, for example the file name.</param>
    /// <param name="labels">Node labels in file order.</param>
    /// <param name="links">Links in file order.</param>
    /// <exception cref="InvalidInputException">No node or link, a label twice or with control characters, a self-loop, an unknown node, a
    /// capacity that is not positive and finite, or the same (from, to, key) twice.</exception>
    public Topology(string name, IReadOnlyList<string> labels, IReadOnlyList<Link> links)
    {
        Name = name;
        Labels = [.. labels];
        _nodesByLabel = new Dictionary<string, NodeId>(labels.Count, StringComparer.Ordinal);
        for (int node = 0; node < labels.Count; node++)
        {
            // Labels go to terminals and into routers' configurations, which they must not steer.
            if (labels[node].Any(Steers))
            {
                throw new InvalidInputException(
                    $"{name}: node label {TextInput.Shown(labels[node])} has control characters, expected none");
            }

            if (!_nodesByLabel.TryAdd(labels[node], new NodeId(node)))
            {
                throw new InvalidInputException($"{name}: node label \"{labels[node]}\" appears twice, labels must be unique");
            }
        }

        if (labels.Count == 0 || links.Count == 0)
        {
            throw new InvalidInputException($"{name}: expected at least one node and one link");
        }

        Links = Enumerate(links);
        _capacities = [.. Links.Select(link => link.Capacity)];
        _outLinks = LinksBy(link => link.From);
        _inLinks = LinksBy(link => link.To);
    }

    public string Name { get; }

    /// <summary>The format of another program that it was imported from; null for one that was made for this program.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// Of every node of the file that it was imported from, in the file's order, its identifier there, its label, and what became of it,
    /// null where it was left out; empty where all are kept and go by their positions or labels.
    /// </summary>
    public IReadOnlyList<(string Id, string Label, NodeId? Node)> SourceNodes { get; init; } = [];

    /// <summary>Where nodes are drawn, one for each; null for one that the file does not place; empty where it places none.</summary>
    public IReadOnlyList<NodePosition?> Positions { get; init; } = [];

    /// <summary>Node labels; the position is the <see cref="NodeId"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Links in enumeration order; the position is the <see cref="LinkId"/>.</summary>
    public IReadOnlyList<Link> Links { get; }

    public int NodeCount => Labels.Count;

    public int LinkCount => Links.Count;

    /// <summary>Capacity of every link in bit/s.</summary>
    public ReadOnlySpan<double> Capacities => _capacities;

    /// <summary>Indices of the links that leave a node, ascending.</summary>
    public ReadOnlySpan<int> OutLinks(NodeId node) => _outLinks[node.Index];

    /// <summary>Indices of the links that enter a node, ascending.</summary>
    public ReadOnlySpan<int> InLinks(NodeId node) => _inLinks[node.Index];

    /// <summary>
    /// The links (j→k) to which the agent of the link (i→j) sends its state, the reverse link (k = i) included: ascending indices.
    /// </summary>
    public ReadOnlySpan<int> Successors(LinkId link) => _outLinks[Links[link.Index].To.Index];

    /// <summary>The links (i→j) from which the agent of the link (j→k) hears, the reverse link included: ascending indices.</summary>
    public ReadOnlySpan<int> Predecessors(LinkId link) => _inLinks[Links[link.Index].From.Index];

    /// <summary>Messages in one exchange of all agents: M = Σ over nodes of in-degree · out-degree.</summary>
    public int MessagesPerExchange => Enumerable.Range(0, NodeCount).Sum(node => _inLinks[node].Length * _outLinks[node].Length);

    /// <summary>Whether no label has it: a control character other than white space, such as an escape.</summary>
    internal static bool Steers(char character) => char.IsControl(character) && !char.IsWhiteSpace(character);

    public bool TryFindNode(string label, out NodeId node) => _nodesByLabel.TryGetValue(label, out node);

    /// <summary>The link between two labelled nodes with a key, if there is one.</summary>
    public LinkId? FindLink(string from, string to, int key = 0)
    {
        if (TryFindNode(from, out NodeId tail) && TryFindNode(to, out NodeId head))
        {
            foreach (int link in OutLinks(tail))
            {
                if (Links[link].To == head && Links[link].Key == key)
                {
                    return new LinkId(link);
                }
            }
        }

        return null;
    }

    /// <summary>"A → B", and " #key" for a parallel link.</summary>
    public string Describe(LinkId link)
    {
        Link l = Links[link.Index];
        return $"{Labels[l.From.Index]} → {Labels[l.To.Index]}{(l.Key == 0 ? "" : $" #{l.Key}")}";
    }

    /// <summary>Largest hop distance between two nodes of which one reaches the other.</summary>
    public int Diameter()
    {
        int diameter = 0;
        for (int node = 0; node < NodeCount; node++)
        {
            diameter = Math.Max(diameter, HopDistancesTo(new NodeId(node)).Max());
        }

        return diameter;
    }

    /// <summary>Hop distance from every node to a destination; −1 where there is no path.</summary>
    public int[] HopDistancesTo(NodeId destination)
    {
        var distances = new int[NodeCount];
        Array.Fill(distances, -1);
        distances[destination.Index] = 0;
        var queue = new Queue<int>([destination.Index]);
        while (queue.TryDequeue(out int node))
        {
            foreach (int link in _inLinks[node])
            {
                int neighbour = Links[link].From.Index;
                if (distances[neighbour] < 0)
                {
                    distances[neighbour] = distances[node] + 1;
                    queue.Enqueue(neighbour);
                }
            }
        }

        return distances;
    }

    /// <summary>Whether nodes and links are the same, whatever the capacities.</summary>
    public bool HasLinksOf(Topology other) =>
        Labels.SequenceEqual(other.Labels)
        && Links.Select(link => (link.From, link.To, link.Key)).SequenceEqual(other.Links.Select(link => (link.From, link.To, link.Key)));

    /// <summary>The topology without the given links; nodes keep their identifiers, links are enumerated anew.</summary>
    public Topology Without(IReadOnlySet<LinkId> missing) =>
        missing.Count == 0 ? this : new Topology(Name, Labels, [.. Links.Where((_, index) => !missing.Contains(new LinkId(index)))])
        {
            Origin = Origin,
            SourceNodes = SourceNodes,
            Positions = Positions,
        };

    private Link[] Enumerate(IReadOnlyList<Link> links)
    {
        var byTail = new Dictionary<NodeId, List<Link>>[NodeCount];
        foreach (Link link in links)
        {
            Check(link);
            Dictionary<NodeId, List<Link>> byHead = byTail[link.From.Index] ??= [];
            if (!byHead.TryGetValue(link.To, out List<Link>? parallel))
            {
                byHead.Add(link.To, parallel = []);
            }

            if (parallel.Exists(other => other.Key == link.Key))
            {
                throw new InvalidInputException(
                    $"{Name}: link {Labels[link.From.Index]} → {Labels[link.To.Index]} with key {link.Key} appears twice");
            }

            parallel.Add(link);
        }

        // A Dictionary without removals enumerates in insertion order, which is the adjacency order wanted here.
        return [.. byTail.Where(byHead => byHead is not null).SelectMany(byHead => byHead.Values).SelectMany(parallel => parallel)];
    }

    private void Check(Link link)
    {
        if ((uint)link.From.Index >= NodeCount || (uint)link.To.Index >= NodeCount)
        {
            throw new InvalidInputException($"{Name}: a link joins {link.From} and {link.To}, expected 0 … {NodeCount - 1}");
        }

        string ends = $"{Labels[link.From.Index]} → {Labels[link.To.Index]}";
        if (link.From == link.To)
        {
            throw new InvalidInputException($"{Name}: link {ends} is a self-loop, expected two different nodes");
        }

        if (!(link.Capacity > 0) || double.IsInfinity(link.Capacity))
        {
            throw new InvalidInputException($"{Name}: link {ends} has bandwidth {link.Capacity:R}, expected a positive number of bit/s");
        }

        if (link.Capacity is < LowestCapacity or > HighestCapacity)
        {
            throw new InvalidInputException(
                $"{Name}: link {ends} has bandwidth {link.Capacity:R}, expected {LowestCapacity} to {HighestCapacity} bit/s");
        }

        if (link.Metric is not (null or (>= LowestMetric and <= HighestMetric)))
        {
            throw new InvalidInputException(
                $"{Name}: link {ends} has weight {link.Metric:R}, expected a metric of {LowestMetric} to {HighestMetric}");
        }
    }

    private int[][] LinksBy(Func<Link, NodeId> end)
    {
        var lists = new List<int>[NodeCount];
        for (int node = 0; node < NodeCount; node++)
        {
            lists[node] = [];
        }

        for (int link = 0; link < LinkCount; link++)
        {
            lists[end(Links[link]).Index].Add(link);
        }

        return [.. lists.Select(list => list.ToArray())];
    }
}
