using System.Globalization;
using System.Net;
using System.Text;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads and writes topologies as GML in the dialect of the Internet Topology Zoo: <c>graph [ directed 1 multigraph 1 node [ id label ]
/// edge [ source target key bandwidth weight id ] ]</c>, bandwidth in bit/s, weight an IGP metric that may be missing. Nodes may have a
/// position: <c>Longitude</c> and <c>Latitude</c>, or <c>graphics [ x y ]</c> with y downwards. Other keys are ignored. With <c>directed
/// 0</c> (or no such key, as GML has it) every edge stands for two opposite links of its bandwidth: first all edges in file order, then all
/// opposite ones, whose names get the suffix <c>_r</c>.
/// </summary>
public static class GmlTopology
{
    /// <summary>Says of a graph that it was imported, and from what; of a node its identifier there; and which were left out.</summary>
    private const string OriginKey = "importedFrom", SourceKey = "importedId", LeftOutKey = "leftOut", PlaceKey = "place";

    /// <param name="text">The content of the file.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <param name="unit">Bit/s of one unit of bandwidth; what was imported is in bit/s.</param>
    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static Topology Read(string text, string fileName, double unit = 1)
    {
        GmlEntry graph = new GmlParser(text, fileName).Parse().FirstOrDefault(
            entry => entry.Key == "graph" && entry.Value.Entries is not null)
            ?? throw new InvalidInputException($"{fileName}: expected a list graph [ … ]");
        return new Reader(fileName, graph.Value.Entries!, unit).Read();
    }

    public static string Write(Topology topology)
    {
        var gml = new StringBuilder("graph [\n  directed 1\n  multigraph 1\n");
        if (topology.Origin is { } origin)
        {
            gml.Append(CultureInfo.InvariantCulture, $"  {OriginKey} \"{Escape(origin)}\"\n");
        }

        string?[] sources = new string?[topology.NodeCount];
        foreach ((int place, (string id, string label, NodeId? node)) in topology.SourceNodes.Index())
        {
            if (node is { } kept)
            {
                sources[kept.Index] = id;
                continue;
            }

            gml.Append(CultureInfo.InvariantCulture, $"  {LeftOutKey} [\n    {PlaceKey} {place}\n    {SourceKey} \"{Escape(id)}\"\n");
            gml.Append(CultureInfo.InvariantCulture, $"    label \"{Escape(label)}\"\n  ]\n");
        }

        for (int node = 0; node < topology.NodeCount; node++)
        {
            gml.Append(CultureInfo.InvariantCulture, $"  node [\n    id {node}\n    label \"{Escape(topology.Labels[node])}\"\n");
            if (sources[node] is { } source)
            {
                gml.Append(CultureInfo.InvariantCulture, $"    {SourceKey} \"{Escape(source)}\"\n");
            }

            if (topology.Positions.ElementAtOrDefault(node) is { } position)
            {
                gml.Append(CultureInfo.InvariantCulture, $"    graphics [\n      x {position.X:R}\n      y {0 - position.Y:R}\n    ]\n");
            }

            gml.Append("  ]\n");
        }

        foreach (Link link in topology.Links)
        {
            gml.Append(CultureInfo.InvariantCulture, $"  edge [\n    source {link.From.Index}\n    target {link.To.Index}\n");
            gml.Append(CultureInfo.InvariantCulture, $"    key {link.Key}\n    bandwidth {link.Capacity:R}\n    current_bandwidth 0\n");
            if (link.Metric is { } metric)
            {
                gml.Append(CultureInfo.InvariantCulture, $"    weight {metric:R}\n");
            }

            gml.Append(CultureInfo.InvariantCulture, $"    id \"{Escape(link.Name)}\"\n  ]\n");
        }

        return gml.Append("]\n").ToString();
    }

    /// <summary>GML is a 7-bit format: all else is an entity, as the format's own readers want it.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in WebUtility.HtmlEncode(text).EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                escaped.Append((char)rune.Value);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
            }
        }

        return escaped.ToString();
    }

    private sealed class Reader(string fileName, IReadOnlyList<GmlEntry> graph, double unit)
    {
        private readonly List<string> _labels = [];
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private readonly List<string?> _sources = [];
        private readonly List<Dictionary<string, string>> _attributes = [];
        private readonly Dictionary<string, NodeId> _nodesById = new(StringComparer.Ordinal);
        private readonly HashSet<(NodeId, NodeId, int)> _keys = [];
        private readonly List<Link> _links = [];
        private readonly string? _origin = graph.FirstOrDefault(entry => entry is { Key: OriginKey, Value.Quoted: true })?.Value.Text;

        public Topology Read()
        {
            bool directed = Flag("directed"), multigraph = Flag("multigraph");
            foreach (GmlEntry node in Lists("node"))
            {
                ReadNode(node);
            }

            if (_labels.Count == 0)
            {
                throw new InvalidInputException($"{fileName}: expected at least one node [ … ]");
            }

            foreach (GmlEntry edge in Lists("edge"))
            {
                ReadEdge(edge, directed, multigraph);
            }

            if (_links.Count == 0)
            {
                throw new InvalidInputException($"{fileName}: expected at least one edge [ … ]");
            }

            if (!directed)
            {
                _links.AddRange([.. _links.Select(link => link with
                {
                    From = link.To,
                    To = link.From,
                    Name = link.Name.Length > 0 ? link.Name + "_r" : "",
                })]);
            }

            return new Topology(fileName, _labels, _links)
            {
                Positions = NodePosition.Of(_attributes),
                Origin = _origin,
                SourceNodes = _origin is null ? [] : SourceNodes(),
            };
        }

        /// <summary>What was left out stands at its place, the others in their order between.</summary>
        private List<(string Id, string Label, NodeId? Node)> SourceNodes()
        {
            if (!_sources.Any(source => source is not null))
            {
                return [];
            }

            List<(string Id, string Label, NodeId? Node)> nodes =
                [.. _sources.Select((source, i) => (source ?? "", _labels[i], (NodeId?)new NodeId(i)))];
            foreach (GmlEntry entry in Lists(LeftOutKey))
            {
                int place = int.TryParse(Find(entry, PlaceKey)?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    && number <= nodes.Count
                    ? number
                    : throw Error(entry.Line, $"{LeftOutKey} has no {PlaceKey} from 0 to {nodes.Count}");
                nodes.Insert(place, (Find(entry, SourceKey)?.Text ?? "", Find(entry, "label")?.Text ?? "", null));
            }

            return nodes;
        }

        private void ReadNode(GmlEntry node)
        {
            string id = Find(node, "id")?.Text ?? throw Error(node.Line, "node has no id");
            string label = Find(node, "label")?.Text ?? id;
            if (label.Any(Topology.Steers))
            {
                throw Error(node.Line, $"node label {TextInput.Shown(label)} has control characters, expected none");
            }

            if (!_known.Add(label))
            {
                throw Error(node.Line, $"node label \"{label}\" appears twice, labels must be unique");
            }

            if (!_nodesById.TryAdd(id, new NodeId(_labels.Count)))
            {
                throw Error(node.Line, $"node id {id} appears twice, ids must be unique");
            }

            _labels.Add(label);
            _sources.Add(Find(node, SourceKey)?.Text);
            _attributes.Add(GmlGraphReader.Attributes(node.Value.Entries!));
        }

        private void ReadEdge(GmlEntry edge, bool directed, bool multigraph)
        {
            NodeId from = End(edge, "source"), to = End(edge, "target");
            string ends = $"edge {_labels[from.Index]} → {_labels[to.Index]}";
            if (from == to)
            {
                throw Error(edge.Line, $"{ends} is a self-loop, expected two different nodes");
            }

            GmlValue bandwidth = Find(edge, "bandwidth") ?? throw Error(edge.Line, $"{ends} has no bandwidth, expected bandwidth in bit/s");
            if (bandwidth.Quoted || !double.TryParse(bandwidth.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double capacity)
                || !(capacity > 0) || double.IsInfinity(capacity))
            {
                throw Error(bandwidth.Line, $"{ends} has bandwidth {bandwidth.Text ?? "[ … ]"}, expected a positive number of bit/s");
            }

            capacity *= _origin is null ? unit : 1;
            if (capacity is < Topology.LowestCapacity or > Topology.HighestCapacity)
            {
                throw Error(
                    bandwidth.Line,
                    $"{ends} has bandwidth {bandwidth.Text}, expected {Topology.LowestCapacity} to {Topology.HighestCapacity} bit/s");
            }

            int key = ReadKey(edge, ends, from, to, directed, multigraph);
            _links.Add(new Link(from, to, capacity, key, Find(edge, "id")?.Text ?? "", ReadMetric(edge, ends)));
        }

        private double? ReadMetric(GmlEntry edge, string ends)
        {
            if (Find(edge, "weight") is not { } weight)
            {
                return null;
            }

            return double.TryParse(weight.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double metric)
                && metric is >= Topology.LowestMetric and <= Topology.HighestMetric
                ? metric
                : throw Error(
                    weight.Line,
                    $"{ends} has weight {weight.Text ?? "[ … ]"}, expected a metric of {Topology.LowestMetric} to "
                        + $"{Topology.HighestMetric}");
        }

        private int ReadKey(GmlEntry edge, string ends, NodeId from, NodeId to, bool directed, bool multigraph)
        {
            int key = 0;
            if (Find(edge, "key") is { } value)
            {
                if (!int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out key))
                {
                    throw Error(value.Line, $"{ends} has key {value.Text ?? "[ … ]"}, expected an integer ≥ 0");
                }
            }
            else
            {
                while (multigraph && !IsFree(from, to, key, directed))
                {
                    key++;
                }
            }

            if (!IsFree(from, to, key, directed))
            {
                throw Error(edge.Line, $"{ends}{(key > 0 ? $" with key {key}" : "")} appears twice, "
                    + (multigraph ? "parallel edges need different keys" : "parallel edges need multigraph 1"));
            }

            _keys.Add((from, to, key));
            return key;
        }

        private bool IsFree(NodeId from, NodeId to, int key, bool directed) =>
            !_keys.Contains((from, to, key)) && (directed || !_keys.Contains((to, from, key)));

        private NodeId End(GmlEntry edge, string key)
        {
            GmlValue value = Find(edge, key) ?? throw Error(edge.Line, $"edge has no {key}");
            return value.Text is { } id && _nodesById.TryGetValue(id, out NodeId node)
                ? node
                : throw Error(value.Line, $"edge has {key} {value.Text ?? "[ … ]"}, expected the id of a node");
        }

        private bool Flag(string key) => graph.FirstOrDefault(entry => entry.Key == key) is { } entry && entry.Value.Text switch
        {
            "0" => false,
            "1" => true,
            _ => throw Error(entry.Line, $"{key} is {entry.Value.Text ?? "[ … ]"}, expected 0 or 1"),
        };

        private IEnumerable<GmlEntry> Lists(string key)
        {
            foreach (GmlEntry entry in graph)
            {
                if (entry.Key == key)
                {
                    yield return entry.Value.Entries is not null
                        ? entry
                        : throw Error(entry.Line, $"{key} is not a list, expected {key} [ … ]");
                }
            }
        }

        private static GmlValue? Find(GmlEntry list, string key) =>
            list.Value.Entries!.FirstOrDefault(entry => entry.Key == key)?.Value;

        private InvalidInputException Error(int line, string what) => new($"{fileName}, line {line}: {what}");
    }
}
