using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads a list of edges: a header with from and to (or source and target), and perhaps capacity (or bandwidth), weight (or metric), and
/// directed (0 or 1), without which edges are directed where one has its opposite.
/// </summary>
internal static class CsvGraphReader
{
    private static readonly string[] From = ["from", "source"], To = ["to", "target"], Capacity = ["capacity", "bandwidth"],
        Metric = ["weight", "metric"], Directed = [DirectedColumn];

    /// <summary>The column that says whether an edge leads one way only.</summary>
    public const string DirectedColumn = "directed";

    /// <summary>Whether a text begins as such a list does.</summary>
    public static bool Recognises(string text) =>
        DelimitedText.HeaderOf(text) is var header && header.Any(From.Contains) && header.Any(To.Contains);

    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static GraphFile Read(string text, string fileName)
    {
        DelimitedText table = DelimitedText.Read(text, fileName);
        int from = table.Required(From), to = table.Required(To), directed = table.Column(Directed);
        int capacity = table.Column(Capacity), metric = table.Column(Metric);
        var nodes = new Dictionary<string, GraphNode>(StringComparer.Ordinal);
        var edges = new List<GraphEdge>(table.Rows.Count);
        foreach (DelimitedRow row in table.Rows)
        {
            string place = $"line {row.Line}";
            foreach (int column in new[] { from, to })
            {
                string name = row.Fields[column].Length > 0
                    ? row.Fields[column]
                    : throw new InvalidInputException($"{fileName}, {place}: {table.Header[column]}: expected a node, found nothing");
                nodes.TryAdd(name, new GraphNode(name, new Dictionary<string, string>(), place));
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            if (capacity >= 0 && row.Fields[capacity].Length > 0)
            {
                // With a unit it is in bit/s, whatever the unit of the others is.
                bool bare = double.TryParse(row.Fields[capacity], CultureInfo.InvariantCulture, out _);
                values[bare ? GraphFile.Capacity : GraphFile.Speed] = LinkSpeed.Parse(row.Fields[capacity]) is { } speed
                    ? speed.ToString("R", CultureInfo.InvariantCulture)
                    : throw new InvalidInputException(
                        $"{fileName}, {place}: {table.Header[capacity]}: expected a capacity such as 10G or 155000000, "
                        + $"found '{TextInput.Shown(row.Fields[capacity])}'");
            }

            if (metric >= 0 && row.Fields[metric].Length > 0)
            {
                values[GraphFile.Metric] = row.Fields[metric];
            }

            bool? oneWay = directed < 0 || row.Fields[directed].Length == 0 ? null : row.Fields[directed] switch
            {
                "0" => false,
                "1" => true,
                string other => throw new InvalidInputException(
                    $"{fileName}, {place}: {DirectedColumn}: expected 0 or 1, found '{TextInput.Shown(other)}'"),
            };
            edges.Add(new GraphEdge(row.Fields[from], row.Fields[to], values, place, oneWay));
        }

        string unused = table.NamesExcept(from, to, capacity, metric, directed);
        var pairs = edges.Select(edge => (edge.Source, edge.Target)).ToHashSet();
        return new GraphFile(
            "CSV", edges.Any(edge => pairs.Contains((edge.Target, edge.Source)) && edge.Source != edge.Target), [.. nodes.Values], edges)
        {
            Notes = unused.Length > 0 ? [$"columns that are not read: {unused}"] : [],
        };
    }
}
