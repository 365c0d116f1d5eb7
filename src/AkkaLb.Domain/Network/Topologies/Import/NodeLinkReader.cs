using System.Text.Json;

namespace AkkaLb.Domain.Network;

/// <summary>Reads the node-link JSON of NetworkX: <c>{"directed", "nodes": [{"id"}], "links": [{"source", "target"}]}</c>.</summary>
internal static class NodeLinkReader
{
    /// <exception cref="InvalidInputException">Malformed; the message names file, node or edge, and expectation.</exception>
    public static GraphFile Read(string text, string fileName)
    {
        using JsonDocument document = JsonInput.Parse(text, fileName);
        JsonElement root = document.RootElement;
        JsonElement List(params string[] keys)
        {
            foreach (string key in keys)
            {
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out JsonElement list)
                    && list.ValueKind == JsonValueKind.Array)
                {
                    return list;
                }
            }

            throw new InvalidInputException($"{fileName}: expected node-link JSON with a list \"{string.Join("\" or \"", keys)}\"");
        }

        return new GraphFile(
            "node-link JSON",
            root.TryGetProperty("directed", out JsonElement directed) && directed.ValueKind == JsonValueKind.True,
            [.. List("nodes").EnumerateArray().Select((node, i) => Attributes(node, $"node {i}", fileName) is var values
                ? new GraphNode(Required(values, "id", $"node {i}", fileName), values, $"node {i}") : null!)],
            [.. List("links", "edges").EnumerateArray().Select((edge, i) => Attributes(edge, $"edge {i}", fileName) is var values
                ? new GraphEdge(
                    Required(values, "source", $"edge {i}", fileName), Required(values, "target", $"edge {i}", fileName), values,
                    $"edge {i}")
                : null!)]);
    }

    private static string Required(Dictionary<string, string> values, string key, string place, string fileName) =>
        values.GetValueOrDefault(key) ?? throw new InvalidInputException($"{fileName}, {place}: it has no {key}");

    private static Dictionary<string, string> Attributes(JsonElement element, string place, string fileName)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException($"{fileName}, {place}: expected an object");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                values.TryAdd(property.Name, property.Value.ToString());
            }
        }

        return values;
    }
}
