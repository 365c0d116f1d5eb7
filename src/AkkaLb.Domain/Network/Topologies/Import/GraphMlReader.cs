using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>Reads the first graph of a GraphML file; its attributes go by their names, not by the ids of their keys.</summary>
internal static class GraphMlReader
{
    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static GraphFile Read(XElement root, string fileName)
    {
        XElement graph = root.Elements().FirstOrDefault(element => root.Name.LocalName == "graphml" && element.Name.LocalName == "graph")
            ?? throw new InvalidInputException(
                $"{fileName}: found XML with <{root.Name.LocalName}>, expected GraphML (<graphml> with a <graph>) or SNDlib (<network>)");
        Key[] keys = [.. root.Elements().Where(element => element.Name.LocalName == "key").Select(key => new Key(
            key.Attribute("id")?.Value ?? "", key.Attribute("for")?.Value ?? "all",
            key.Attribute("attr.name")?.Value ?? key.Attribute("id")?.Value ?? "",
            key.Elements().FirstOrDefault(child => child.Name.LocalName == "default")?.Value))];
        if (graph.Elements().FirstOrDefault(element => element.Name.LocalName == "hyperedge") is { } hyperedge)
        {
            throw new InvalidInputException($"{fileName}, line {Line(hyperedge)}: found a <hyperedge>, expected edges between two nodes");
        }

        string Required(XElement element, string name) => element.Attribute(name)?.Value
            ?? throw new InvalidInputException($"{fileName}, line {Line(element)}: <{element.Name.LocalName}> has no {name}");
        return new GraphFile(
            "GraphML",
            graph.Attribute("edgedefault")?.Value == "directed",
            [.. Named(graph, "node").Select(node => new GraphNode(Required(node, "id"), Attributes(node, keys), $"line {Line(node)}"))],
            [.. Named(graph, "edge").Select(edge => new GraphEdge(
                Required(edge, "source"), Required(edge, "target"), Attributes(edge, keys), $"line {Line(edge)}",
                edge.Attribute("directed")?.Value is { } directed ? directed is "true" or "1" : null))]);
    }

    private static IEnumerable<XElement> Named(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    private static Dictionary<string, string> Attributes(XElement element, IReadOnlyList<Key> keys)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (XElement data in Named(element, "data"))
        {
            string id = data.Attribute("key")?.Value ?? "";
            values.TryAdd(keys.FirstOrDefault(key => key.Id == id)?.Name ?? id, data.Value.Trim());
        }

        foreach (Key key in keys.Where(key => key.Default is not null && (key.Of == "all" || key.Of == element.Name.LocalName)))
        {
            values.TryAdd(key.Name, key.Default!.Trim());
        }

        return values;
    }

    private static int Line(XElement element) => XmlInput.Line(element);

    private sealed record Key(string Id, string Of, string Name, string? Default);
}
