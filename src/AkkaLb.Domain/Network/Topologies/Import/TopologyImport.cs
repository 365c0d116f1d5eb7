using System.Globalization;
using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Makes topologies of graphs as people have them, whatever of the formats that it knows the content is in: GML and GraphML (those of the
/// Internet Topology Zoo without bandwidths, with labels that repeat, hyperedges as nodes, loops, parallel edges and several components),
/// SNDlib's XML and native text, REPETITA's graphs, lists of edges as CSV, NetworkX's node-link JSON. Nothing is changed without a note.
/// </summary>
public static class TopologyImport
{
    private const int MostNames = 5;

    /// <param name="text">The content of the file.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <exception cref="InvalidInputException">It is none of the formats, is damaged, or has no edge between two nodes.</exception>
    public static ImportedTopology Read(string text, string fileName, ImportOptions options) =>
        new Import(Graph(text, fileName), fileName, options).Run();

    /// <summary>As <see cref="Read"/>, but takes GML with bandwidths as this program writes it word for word, and strictly.</summary>
    /// <exception cref="InvalidInputException">It is none of the formats, is damaged, or has no edge between two nodes.</exception>
    public static ImportedTopology ReadAny(string text, string fileName, ImportOptions options)
    {
        GraphFile graph = Graph(text, fileName);
        if (graph.Format != GmlGraphReader.Format || !graph.Edges.Any(edge => edge.Attributes.ContainsKey(GraphFile.Capacity)))
        {
            return new Import(graph, fileName, options).Run();
        }

        Topology topology = GmlTopology.Read(text, fileName, options.CapacityUnit ?? 1);
        return new ImportedTopology(topology, null, 0, [], topology.SourceNodes.Count > 0
            ? topology.SourceNodes
            : [.. graph.Nodes.Select((node, i) => (node.Id, topology.Labels[i], (NodeId?)new NodeId(i)))]);
    }

    private static GraphFile Graph(string text, string fileName)
    {
        switch (text.AsSpan().TrimStart())
        {
            case ['<', ..]:
                XElement root = XmlInput.Parse(text, fileName);
                return SndlibXmlReader.Recognises(root) ? SndlibXmlReader.ReadGraph(root, fileName) : GraphMlReader.Read(root, fileName);
            case ['{', ..]:
                return NodeLinkReader.Read(text, fileName);
        }

        return SndlibNativeReader.Recognises(text) ? SndlibNativeReader.ReadGraph(text, fileName)
            : RepetitaReader.RecognisesGraph(text) ? RepetitaReader.ReadGraph(text, fileName)
            : CsvGraphReader.Recognises(text) ? CsvGraphReader.Read(text, fileName)
            : GmlGraphReader.Read(text, fileName);
    }

    private sealed class Import(GraphFile graph, string fileName, ImportOptions options)
    {
        private readonly List<string> _notes = [.. graph.Notes];
        private readonly double _unit = options.CapacityUnit ?? graph.CapacityUnit;
        private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
        private readonly List<(int From, int To, double Capacity, double? Metric, bool Directed)> _edges = [];
        private int _byDefault, _unread, _oddMetrics;
        private string _unreadCapacity = "";

        public ImportedTopology Run()
        {
            foreach ((int index, GraphNode node) in graph.Nodes.Index())
            {
                if (!_nodes.TryAdd(node.Id, index))
                {
                    throw new InvalidInputException(
                        $"{fileName}, {node.Place}: node id {TextInput.Shown(node.Id)} appears twice, ids must be unique");
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
            (string Id, string Label, NodeId? Node)[] nodes =
                [.. graph.Nodes.Select((node, i) => (node.Id, labels[i], place[i] < 0 ? (NodeId?)null : new NodeId(place[i])))];
            bool own = nodes.Index().All(node => node.Item.Node?.Index == node.Index
                && (node.Item.Id == node.Item.Label || node.Item.Id == node.Index.ToString(CultureInfo.InvariantCulture)));
            return new ImportedTopology(
                new Topology(fileName, [.. kept.Select(node => labels[node])], links)
                {
                    Origin = graph.Format, SourceNodes = own ? [] : nodes,
                    Positions = NodePosition.Of(kept.Select(node => graph.Nodes[node].Attributes)),
                },
                graph.Format, _byDefault, _notes, nodes);
        }

        private void ReadEdges()
        {
            int loops = 0, raw = 0, speed = 0, units = 0;
            foreach (GraphEdge edge in graph.Edges)
            {
                int from = Node(edge, edge.Source), to = Node(edge, edge.Target);
                if (from == to)
                {
                    loops++;
                    continue;
                }

                double capacity;
                if ((Number(edge, GraphFile.Capacity, _unit) ?? Number(edge, "capacity", _unit)) is { } own)
                {
                    (capacity, units) = (own, units + 1);
                }
                else if (Number(edge, GraphFile.Speed, 1) is { } stated)
                {
                    capacity = stated;
                }
                else if (Number(edge, "LinkSpeedRaw", 1) is { } bits)
                {
                    (capacity, raw) = (bits, raw + 1);
                }
                else if (Speed(edge) is { } said)
                {
                    (capacity, speed) = (said, speed + 1);
                }
                else
                {
                    (capacity, _byDefault) = (options.DefaultCapacity, _byDefault + 1);
                }

                _edges.Add((from, to, capacity, Metric(edge), edge.Directed ?? graph.Directed));
            }

            if (_edges.Count == 0)
            {
                throw new InvalidInputException($"{fileName}: expected at least one edge between two different nodes");
            }

            if (units > 0 && graph.CapacityUnit != 1)
            {
                _notes.Add($"capacities are taken to be in {LinkSpeed.UnitName(_unit)}");
            }

            NoteMetrics();
            Note(
                _unread, $"capacity is not understood: '{_unreadCapacity}'",
                $"capacities are not understood, such as '{_unreadCapacity}'");
            Note(raw, "edge has its capacity of LinkSpeedRaw", "edges have their capacity of LinkSpeedRaw");
            Note(speed, "edge has its capacity of LinkSpeed", "edges have their capacity of LinkSpeed");
            string fallback = LinkSpeed.Write(options.DefaultCapacity);
            Note(_byDefault, $"edge tells no capacity: {fallback}bit/s", $"edges tell no capacity: {fallback}bit/s each");
            Note(loops, "loop from a node to itself left out", "loops from a node to itself left out");
        }

        private int Node(GraphEdge edge, string id) => _nodes.TryGetValue(id, out int node)
            ? node
            : throw new InvalidInputException(
                $"{fileName}, {edge.Place}: edge names node {TextInput.Shown(id)}, expected the id of a node");

        /// <summary>A capacity in bit/s, with its own unit or in that of the file; 0 and nothing say nothing.</summary>
        private double? Number(GraphEdge edge, string key, double unit)
        {
            if (!edge.Attributes.TryGetValue(key, out string? text) || string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            bool isBare = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double bare);
            double? number = isBare ? bare * unit : LinkSpeed.Parse(text);
            if (number is >= Topology.LowestCapacity and <= Topology.HighestCapacity)
            {
                return number;
            }

            if (number != 0)
            {
                NoteUnread(text);
            }

            return null;
        }

        /// <summary>A capacity in bit/s of LinkSpeed and its units; a bare number does not say of what, 0 and nothing tell none.</summary>
        private double? Speed(GraphEdge edge)
        {
            string number = edge.Attributes.GetValueOrDefault("LinkSpeed", "");
            string text = number + edge.Attributes.GetValueOrDefault("LinkSpeedUnits", "");
            if (text.Any(char.IsAsciiLetter) && LinkSpeed.Parse(text) is { } speed)
            {
                return speed;
            }

            bool isBare = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            if (!string.IsNullOrWhiteSpace(number) && !isBare && LinkSpeed.ParseRate(text) != 0)
            {
                NoteUnread(text);
            }

            return null;
        }

        private void NoteUnread(string text) => (_unread, _unreadCapacity) = (_unread + 1, TextInput.Shown(text));

        /// <summary>An IGP metric; 0 and nothing say nothing.</summary>
        private double? Metric(GraphEdge edge)
        {
            string text = edge.Attributes.GetValueOrDefault(GraphFile.Metric) ?? edge.Attributes.GetValueOrDefault("metric") ?? "";
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double metric);
            if (isNumber && metric is >= Topology.LowestMetric and <= Topology.HighestMetric)
            {
                return metric;
            }

            _oddMetrics += string.IsNullOrWhiteSpace(text) || (isNumber && metric == 0) ? 0 : 1;
            return null;
        }

        /// <summary>Metrics count only where each edge has one.</summary>
        private void NoteMetrics()
        {
            string range = $"is no number from {Topology.LowestMetric} to {Topology.HighestMetric}";
            Note(_oddMetrics, $"edge has a metric that {range}", $"edges have a metric that {range}");
            int without = _edges.Count(edge => edge.Metric is null);
            if (without > 0 && without < _edges.Count)
            {
                _notes.Add($"{without} of {_edges.Count} edges have no metric: those of the others are left out");
                for (int i = 0; i < _edges.Count; i++)
                {
                    _edges[i] = _edges[i] with { Metric = null };
                }
            }
        }

        /// <summary>Control characters become spaces, and labels that repeat then get their node's id behind them.</summary>
        private string[] Labels()
        {
            string[] labels = [.. graph.Nodes.Select(node =>
                node.Attributes.GetValueOrDefault("label") is { Length: > 0 } label ? label : node.Id)];
            int steering = labels.Count(label => label.Any(Topology.Steers));
            if (steering > 0)
            {
                labels = [.. labels.Select(Plain)];
                Note(steering, "label has control characters, now spaces", "labels have control characters, now spaces");
            }

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
                    string distinct = $"{labels[node]} ({Plain(graph.Nodes[node].Id)})";
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

        private static string Plain(string text) => string.Concat(text.Select(c => Topology.Steers(c) ? ' ' : c));

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

            foreach ((int from, int to, _, _, _) in _edges)
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

        /// <summary>
        /// Parallel edges are told apart by keys in the order of the file; the opposite links of undirected ones come after all edges.
        /// </summary>
        private List<Link> Links(int[] place)
        {
            var parallel = new Dictionary<(int, int), int>();
            List<Link> links = [], opposite = [];
            int more = 0;
            foreach ((int from, int to, double capacity, double? metric, bool directed) in _edges.Where(edge => place[edge.From] >= 0))
            {
                int key = parallel.GetValueOrDefault((from, to));
                if (!directed)
                {
                    key = Math.Max(key, parallel.GetValueOrDefault((to, from)));
                    parallel[(to, from)] = key + 1;
                }

                parallel[(from, to)] = key + 1;
                more += key > 0 ? 1 : 0;
                Link link = new(new NodeId(place[from]), new NodeId(place[to]), capacity, key, Metric: metric);
                links.Add(link);
                if (!directed)
                {
                    opposite.Add(link with { From = link.To, To = link.From });
                }
            }

            Note(more, "edge is parallel to another, and is kept with a key", "edges are parallel to others, and are kept with keys");
            NoteOpposite(links.Count, opposite.Count);
            return [.. links, .. opposite];
        }

        private void NoteOpposite(int edges, int undirected)
        {
            if (undirected == edges)
            {
                _notes.Add($"the {graph.Format} is undirected: every edge became two opposite links");
            }
            else if (undirected > 0)
            {
                _notes.Add($"{undirected} of {edges} edges are undirected: each became two opposite links");
            }
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
