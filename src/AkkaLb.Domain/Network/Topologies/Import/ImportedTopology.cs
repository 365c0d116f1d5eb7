namespace AkkaLb.Domain.Network;

/// <summary>How a file of another program becomes a topology.</summary>
public sealed record ImportOptions
{
    /// <summary>Capacity in bit/s of an edge that does not tell its own; published Topology Zoo files often do not.</summary>
    public double DefaultCapacity { get; init; } = 10e9;

    /// <summary>Bit/s of one unit of the file's bare capacities; null for the unit of its format.</summary>
    public double? CapacityUnit { get; init; }

    /// <summary>Whether a graph of several components is refused; else the largest is kept.</summary>
    public bool RefuseComponents { get; init; }
}

/// <summary>A topology and, line by line, what was changed or supposed to make it one.</summary>
/// <param name="Format">What the file was found to be; null for the GML that this program writes, which is read as it is.</param>
/// <param name="DefaultCapacities">Edges that got the default capacity.</param>
/// <param name="Nodes">Of every node of the file its identifier there, its label, and what became of it;
/// null where it was left out.</param>
public sealed record ImportedTopology(
    Topology Topology, string? Format, int DefaultCapacities, IReadOnlyList<string> Notes,
    IReadOnlyList<(string Id, string Label, NodeId? Node)> Nodes)
{
    private readonly Lazy<(Dictionary<string, NodeId?> ByLabel, Dictionary<string, NodeId?> ById)> _names = new(() =>
        (Index(Nodes.Select(node => (node.Label, node.Node))), Index(Nodes.Select(node => (node.Id, node.Node)))));

    /// <summary>A node by its label in the topology, else by its label or its identifier in the file.</summary>
    /// <param name="node">Null where it was left out.</param>
    /// <returns>Whether the file has such a node.</returns>
    public bool TryFindNode(string name, out NodeId? node)
    {
        node = Topology.TryFindNode(name, out NodeId found) ? found : null;
        return node is not null || _names.Value.ByLabel.TryGetValue(name, out node) || _names.Value.ById.TryGetValue(name, out node);
    }

    /// <summary>A topology that is there already, with its own labels as identifiers.</summary>
    public static ImportedTopology Of(Topology topology) =>
        new(topology, null, 0, [], [.. topology.Labels.Select((label, i) => (label, label, (NodeId?)new NodeId(i)))]);

    private static Dictionary<string, NodeId?> Index(IEnumerable<(string Name, NodeId? Node)> nodes) =>
        nodes.GroupBy(node => node.Name, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => group.First().Node, StringComparer.Ordinal);
}
