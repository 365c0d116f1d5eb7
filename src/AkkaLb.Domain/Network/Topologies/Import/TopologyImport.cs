using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>How a file of another program becomes a topology.</summary>
public sealed record ImportOptions
{
    /// <summary>Capacity in bit/s of an edge that does not tell its own; published Topology Zoo files often do not.</summary>
    public double DefaultCapacity { get; init; } = 10e9;

    /// <summary>Whether a graph of several components is refused; else the largest is kept.</summary>
    public bool RefuseComponents { get; init; }
}

/// <summary>A topology and, line by line, what was changed or supposed to make it one.</summary>
/// <param name="DefaultCapacities">Edges that got the default capacity.</param>
public sealed record ImportedTopology(Topology Topology, string Format, int DefaultCapacities, IReadOnlyList<string> Notes);

/// <summary>
/// Makes topologies of graphs as people have them, those of the Internet Topology Zoo first of all: GML and GraphML without bandwidths,
/// with labels that repeat, hyperedges as nodes, loops, parallel edges and several components. Nothing is changed without a note.
/// </summary>
public static class TopologyImport
{
    private const int MostNames = 5;

    /// <param name="text">The content of the file, GML or GraphML.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <exception cref="InvalidInputException">It is neither, is damaged, or has no edge between two nodes.</exception>
    public static ImportedTopology Read(string text, string fileName, ImportOptions options)
    {
        bool xml = text.AsSpan().TrimStart().StartsWith("<");
        GraphFile graph = xml ? GraphMlReader.Read(text, fileName) : GmlGraphReader.Read(text, fileName);
        return new Import(graph, fileName, options).Run();
    }

    private sealed class Import(GraphFile graph, string fileName, ImportOptions options)
    {
        private readonly List<string> _notes = [];
        private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
        private readonly List<(int From, int To, double Capacity)> _edges = [];
        private int _byDefault;

        public ImportedTopology Run()
        {
            foreach ((int index, GraphNode node) in graph.Nodes.Index())
            {
                if (!_nodes.TryAdd(node.Id, index))
                {
                    throw new InvalidInputException($"{fileName}, line {node.Line}: node id {node.Id} appears twice, ids must be unique");
                }
            }

            ReadEdges();
            string[] labels = Labels();
            int[] kept = Kept(labels);
            NoteHyperedges(kept);
            int[] place = [.. Enumerable.Repeat(-1, graph.Nodes.Count)];
            for (int i = 0; i < kept.Length; i++)
            {
                place[kept[i]] = i;
            }

            List<Link> links = Links(place);
            if (!graph.Directed)
            {
                links.AddRange([.. links.Select(link => link with { From = link.To, To = link.From })]);
                _notes.Add($"the {graph.Format} is undirected: every edge became two opposite links");
            }

            return new ImportedTopology(
                new Topology(fileName, [.. kept.Select(node => labels[node])], links), graph.Format, _byDefault, _notes);
        }

        private void ReadEdges()
        {
            int loops = 0, raw = 0, speed = 0;
            foreach (GraphEdge edge in graph.Edges)
            {
                int from = Node(edge, edge.Source), to = Node(edge, edge.Target);
                if (from == to)
                {
                    loops++;
                    continue;
                }

                double capacity;
                if (Number(edge, "bandwidth") is { } own)
                {
                    capacity = own;
                }
                else if (Number(edge, "LinkSpeedRaw") is { } bits)
                {
                    (capacity, raw) = (bits, raw + 1);
                }
                else if (edge.Attributes.TryGetValue("LinkSpeed", out string? written)
                    && written + edge.Attributes.GetValueOrDefault("LinkSpeedUnits", "") is var text
                    // A bare number does not say of what.
                    && text.Any(char.IsAsciiLetter) && LinkSpeed.Parse(text) is { } said)
                {
                    (capacity, speed) = (said, speed + 1);
                }
                else
                {
                    (capacity, _byDefault) = (options.DefaultCapacity, _byDefault + 1);
                }

                _edges.Add((from, to, capacity));
            }

            if (_edges.Count == 0)
            {
                throw new InvalidInputException($"{fileName}: expected at least one edge between two different nodes");
            }

            Note(raw, "edge has its capacity of LinkSpeedRaw", "edges have their capacity of LinkSpeedRaw");
            Note(speed, "edge has its capacity of LinkSpeed", "edges have their capacity of LinkSpeed");
            string fallback = LinkSpeed.Write(options.DefaultCapacity);
            Note(_byDefault, $"edge tells no capacity: {fallback}bit/s", $"edges tell no capacity: {fallback}bit/s each");
            Note(loops, "loop from a node to itself left out", "loops from a node to itself left out");
        }

        private int Node(GraphEdge edge, string id) => _nodes.TryGetValue(id, out int node)
            ? node
            : throw new InvalidInputException($"{fileName}, line {edge.Line}: edge names node {id}, expected the id of a node");

        /// <summary>A capacity in bit/s; 0 and what is no number say nothing.</summary>
        private static double? Number(GraphEdge edge, string key) =>
            edge.Attributes.TryGetValue(key, out string? text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number is >= Topology.LowestCapacity and <= Topology.HighestCapacity
                ? number
                : null;

        /// <summary>Labels that repeat get their node's id behind them.</summary>
        private string[] Labels()
        {
            string[] labels = [.. graph.Nodes.Select(node =>
                node.Attributes.GetValueOrDefault("label") is { Length: > 0 } label ? label : node.Id)];
            string[] repeated = [.. labels.GroupBy(label => label, StringComparer.Ordinal).Where(group => group.Count() > 1)
                .Select(group => group.Key)];
            if (repeated.Length == 0)
            {
                return labels;
            }

            var taken = new HashSet<string>(labels.Except(repeated, StringComparer.Ordinal), StringComparer.Ordinal);
            int renamed = 0;
            for (int node = 0; node < labels.Length; node++)
            {
                if (repeated.Contains(labels[node], StringComparer.Ordinal))
                {
                    renamed++;
                    string distinct = $"{labels[node]} ({graph.Nodes[node].Id})";
                    while (!taken.Add(distinct))
                    {
                        distinct += "'";
                    }

                    labels[node] = distinct;
                }
            }

            _notes.Add($"{renamed} nodes share {Names(repeated)}: their ids were added");
            return labels;
        }

        /// <summary>The nodes of the largest component, in the order of the file; directions do not count.</summary>
        private int[] Kept(string[] labels)
        {
            int[] component = [.. Enumerable.Range(0, labels.Length)];
            int Root(int node)
            {
                while (component[node] != node)
                {
                    node = component[node] = component[component[node]];
                }

                return node;
            }

            foreach ((int from, int to, _) in _edges)
            {
                (int a, int b) = (Root(from), Root(to));
                component[Math.Max(a, b)] = Math.Min(a, b);
            }

            IGrouping<int, int>[] components =
                [.. Enumerable.Range(0, labels.Length).GroupBy(Root).OrderByDescending(group => group.Count())];
            if (components.Length == 1)
            {
                return [.. components[0]];
            }

            string[] others = [.. components.Skip(1).SelectMany(group => group).Order().Select(node => labels[node])];
            if (options.RefuseComponents)
            {
                throw new InvalidInputException(
                    $"{fileName}: found {components.Length} components, expected a connected graph; {Names(others)} not in the largest");
            }

            _notes.Add($"{components.Length} components: the largest is kept, {Names(others)} left out");
            return [.. components[0].Order()];
        }

        private void NoteHyperedges(int[] kept) => Note(
            kept.Count(node => graph.Nodes[node].Attributes.GetValueOrDefault("hyperedge") is "1"),
            "node stands for a hyperedge, and is kept as a node", "nodes stand for hyperedges, and are kept as nodes");

        /// <summary>Parallel edges are told apart by keys in the order of the file.</summary>
        private List<Link> Links(int[] place)
        {
            var parallel = new Dictionary<(int, int), int>();
            var links = new List<Link>();
            int more = 0;
            foreach ((int from, int to, double capacity) in _edges.Where(edge => place[edge.From] >= 0))
            {
                (int, int) pair = graph.Directed || from < to ? (from, to) : (to, from);
                int key = parallel.GetValueOrDefault(pair);
                parallel[pair] = key + 1;
                more += key > 0 ? 1 : 0;
                links.Add(new Link(new NodeId(place[from]), new NodeId(place[to]), capacity, key));
            }

            Note(more, "edge is parallel to another, and is kept with a key", "edges are parallel to others, and are kept with keys");
            return links;
        }

        private void Note(int count, string one, string several)
        {
            if (count > 0)
            {
                _notes.Add($"{count} {(count == 1 ? one : several)}");
            }
        }

        private static string Names(IReadOnlyList<string> names) =>
            string.Join(", ", names.Take(MostNames).Select(name => $"\"{name}\""))
            + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
    }
}
