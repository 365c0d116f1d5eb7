using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>Topologies as tables and graphs that other programs read, and that this one reads again.</summary>
public static class TopologyText
{
    /// <summary>A list of edges with metrics: what <see cref="TopologyImport"/> reads, for routing by IGP metrics.</summary>
    /// <param name="metrics">One per link.</param>
    public static string MetricsCsv(Topology topology, IReadOnlyList<double> metrics) => Csv(
        topology, "from,to,capacity,weight", (i, link) => [Number(link.Capacity), Number(metrics[i])]);

    /// <summary>A list of edges with channel weights, loads (bit/s) and utilisations.</summary>
    public static string LoadsCsv(Topology topology, IReadOnlyList<double> weights, IReadOnlyList<double> loads) => Csv(
        topology, "from,to,key,capacity,channel_weight,load,utilisation", (i, link) =>
        [
            link.Key.ToString(CultureInfo.InvariantCulture), Number(link.Capacity), Number(weights[i]), Number(loads[i]),
            Number(loads[i] / link.Capacity),
        ]);

    /// <summary>GraphML with channel weights, loads (bit/s) and utilisations of the edges.</summary>
    public static string GraphMl(Topology topology, IReadOnlyList<double> weights, IReadOnlyList<double> loads)
    {
        XNamespace ns = "http://graphml.graphdrawing.org/xmlns";
        XElement Key(string name, string of, string type) => new(
            ns + "key", new XAttribute("id", name), new XAttribute("for", of), new XAttribute("attr.name", name),
            new XAttribute("attr.type", type));
        XElement Data(string key, string value) => new(ns + "data", new XAttribute("key", key), value);
        string[] ids = Ids(topology);
        return new XDocument(new XElement(
            ns + "graphml",
            Key("label", "node", "string"), Key("bandwidth", "edge", "double"), Key("weight", "edge", "double"),
            Key("channelWeight", "edge", "double"), Key("load", "edge", "double"), Key("utilisation", "edge", "double"),
            new XElement(
                ns + "graph", new XAttribute("edgedefault", "directed"),
                topology.Labels.Select((label, i) => new XElement(
                    ns + "node", new XAttribute("id", ids[i]), Data("label", string.Concat(label.EnumerateRunes().Where(IsXml))))),
                topology.Links.Select((link, i) => new XElement(
                    ns + "edge", new XAttribute("source", ids[link.From.Index]), new XAttribute("target", ids[link.To.Index]),
                    Data("bandwidth", Number(link.Capacity)), link.Metric is { } metric ? Data("weight", Number(metric)) : null,
                    Data("channelWeight", Number(weights[i])), Data("load", Number(loads[i])),
                    Data("utilisation", Number(loads[i] / link.Capacity))))))) + "\n";
    }

    /// <summary>What nodes are called in the file that they are from, where XML has room for it; else their positions.</summary>
    private static string[] Ids(Topology topology)
    {
        var ids = Enumerable.Range(0, topology.NodeCount).Select(node => node.ToString(CultureInfo.InvariantCulture)).ToArray();
        if (topology.SourceNodes.All(node => node.Id.Length > 0 && node.Id.All(XmlConvert.IsNCNameChar)))
        {
            foreach ((string id, _, NodeId? node) in topology.SourceNodes.Where(node => node.Node is not null))
            {
                ids[node!.Value.Index] = id;
            }
        }

        return ids;
    }

    private static string Csv(Topology topology, string header, Func<int, Link, string[]> values)
    {
        var pairs = topology.Links.Select(link => (link.From, link.To)).ToHashSet();
        // A list without any two opposite edges would be read as one of undirected edges.
        bool says = !topology.Links.Any(link => pairs.Contains((link.To, link.From)));
        var text = new StringBuilder($"{header}{(says ? $",{CsvGraphReader.DirectedColumn}" : "")}\n");
        foreach ((int i, Link link) in topology.Links.Index())
        {
            text.AppendJoin(',', [Field(topology.Labels[link.From.Index]), Field(topology.Labels[link.To.Index]), .. values(i, link)])
                .Append(says ? ",1\n" : "\n");
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsXml(Rune rune) => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);

    private static string Field(string label)
    {
        string line = label.ReplaceLineEndings(" ");
        return line.IndexOfAny([',', ';', '\t', '"', '#']) >= 0 || line.Trim() != line
            ? $"\"{line.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : line;
    }
}
