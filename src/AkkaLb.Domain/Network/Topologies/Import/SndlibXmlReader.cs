using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>Reads the XML of SNDlib: a network of nodes, undirected links with modules, and demands, or demands alone.</summary>
internal static class SndlibXmlReader
{
    public static bool Recognises(XElement root) => root.Name.LocalName == "network";

    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static GraphFile ReadGraph(XElement root, string fileName)
    {
        XElement structure = Child(root, "networkStructure") ?? throw new InvalidInputException(
            $"{fileName}: the <network> has no <networkStructure>, expected nodes and links");
        int modules = 0;
        GraphEdge[] edges = [.. Below(structure, "links", "link").Select(link => new GraphEdge(
            Text(link, "source", fileName), Text(link, "target", fileName), Attributes(link, ref modules), $"line {XmlInput.Line(link)}"))];
        return new GraphFile(
            "SNDlib XML",
            false,
            [.. Below(structure, "nodes", "node").Select(node => new GraphNode(
                node.Attribute("id")?.Value ?? throw new InvalidInputException($"{fileName}, line {XmlInput.Line(node)}: <node> has no id"),
                Place(node), $"line {XmlInput.Line(node)}"))],
            edges,
            Sndlib.Unit)
        {
            Notes = Sndlib.Notes(modules),
        };
    }

    /// <returns>Null where the file has no demands.</returns>
    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static (IReadOnlyList<RawDemand> Demands, double Unit)? ReadDemands(XElement root, string fileName)
    {
        if (Child(root, "demands") is null)
        {
            return null;
        }

        double unit = Child(root, "meta") is { } meta && Child(meta, "unit")?.Value is { } word ? Sndlib.UnitOf(word, fileName)
            : Sndlib.Unit;
        return ([.. Below(root, "demands", "demand").Select(demand => Demand(demand, fileName))], unit);
    }

    private static RawDemand Demand(XElement demand, string fileName)
    {
        string place = $"line {XmlInput.Line(demand)}";
        return new RawDemand(
            Text(demand, "source", fileName), Text(demand, "target", fileName), Text(demand, "demandValue", fileName), place,
            Sndlib.RoutingUnit(Child(demand, "routingUnit")?.Value ?? "1", fileName, place));
    }

    private static Dictionary<string, string> Attributes(XElement link, ref int modules)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        string? installed = Child(link, "preInstalledModule") is { } module ? Child(module, "capacity")?.Value : null;
        string? first = Below(link, "additionalModules", "addModule").Select(added => Child(added, "capacity")?.Value).FirstOrDefault();
        if (Sndlib.Capacity(installed, first, ref modules) is { } capacity)
        {
            values[GraphFile.Capacity] = capacity;
        }

        if (Child(link, "routingCost")?.Value is { } cost)
        {
            values[GraphFile.Metric] = cost.Trim();
        }

        return values;
    }

    private static Dictionary<string, string> Place(XElement node) =>
        Child(node, "coordinates") is { } coordinates && Child(coordinates, "x")?.Value is { } x && Child(coordinates, "y")?.Value is { } y
            ? new Dictionary<string, string>(StringComparer.Ordinal) { [NodePosition.Across] = x.Trim(), [NodePosition.Up] = y.Trim() }
            : [];

    private static XElement? Child(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    private static IEnumerable<XElement> Below(XElement parent, string list, string name) =>
        Child(parent, list)?.Elements().Where(element => element.Name.LocalName == name) ?? [];

    private static string Text(XElement parent, string name, string fileName) => Child(parent, name)?.Value.Trim()
        ?? throw new InvalidInputException($"{fileName}, line {XmlInput.Line(parent)}: <{parent.Name.LocalName}> has no <{name}>");
}
