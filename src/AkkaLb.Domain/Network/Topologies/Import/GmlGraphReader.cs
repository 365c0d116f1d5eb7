namespace AkkaLb.Domain.Network;

/// <summary>Reads a graph from GML, whatever else stands in it.</summary>
internal static class GmlGraphReader
{
    public const string Format = "GML";

    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static GraphFile Read(string text, string fileName)
    {
        IReadOnlyList<GmlEntry> graph = new GmlParser(text, fileName).Parse()
            .FirstOrDefault(entry => entry is { Key: "graph", Value.Entries: not null })?.Value.Entries
            ?? throw new InvalidInputException($"{fileName}: expected a list graph [ … ]");
        InvalidInputException Missing(GmlEntry entry, string key) =>
            new($"{fileName}, line {entry.Line}: {entry.Key} has no {key}");
        IEnumerable<(GmlEntry Entry, Dictionary<string, string> Values)> Lists(string key) => graph
            .Where(entry => entry.Key == key && entry.Value.Entries is not null)
            .Select(entry => (entry, Attributes(entry.Value.Entries!)));
        return new GraphFile(
            Format,
            graph.FirstOrDefault(entry => entry.Key == "directed")?.Value.Text == "1",
            [.. Lists("node").Select(node => new GraphNode(
                node.Values.GetValueOrDefault("id") ?? throw Missing(node.Entry, "id"), node.Values, $"line {node.Entry.Line}"))],
            [.. Lists("edge").Select(edge => new GraphEdge(
                edge.Values.GetValueOrDefault("source") ?? throw Missing(edge.Entry, "source"),
                edge.Values.GetValueOrDefault("target") ?? throw Missing(edge.Entry, "target"), edge.Values,
                $"line {edge.Entry.Line}"))]);
    }

    /// <summary>Of a key that stands there several times the first value; a node's place in its graphics as x and y, y upwards.</summary>
    public static Dictionary<string, string> Attributes(IReadOnlyList<GmlEntry> entries)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (GmlEntry entry in entries)
        {
            if (entry.Value.Text is { } text)
            {
                values.TryAdd(entry.Key, text);
            }
            else if (entry is { Key: "graphics", Value.Entries: { } graphics })
            {
                if (Find(graphics, NodePosition.Across) is { } x && NodePosition.Downwards(Find(graphics, NodePosition.Up)) is { } y)
                {
                    values.TryAdd(NodePosition.Across, x);
                    values.TryAdd(NodePosition.Up, y);
                }
            }
        }

        return values;
    }

    private static string? Find(IReadOnlyList<GmlEntry> entries, string key) =>
        entries.FirstOrDefault(entry => entry.Key == key)?.Value.Text;
}
