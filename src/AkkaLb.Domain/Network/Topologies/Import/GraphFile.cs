namespace AkkaLb.Domain.Network;

/// <summary>A graph as a file of another program has it, before it is made a topology.</summary>
/// <param name="Format">For people: GML, GraphML, SNDlib XML.</param>
/// <param name="CapacityUnit">Bit/s of one unit in which the format has capacities.</param>
internal sealed record GraphFile(
    string Format, bool Directed, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, double CapacityUnit = 1)
{
    /// <summary>Attribute under which readers leave an edge's capacity; a number in units of the file.</summary>
    public const string Capacity = "bandwidth";

    /// <summary>Attribute under which readers leave a capacity that has its own unit, in bit/s.</summary>
    public const string Speed = "speed in bit/s";

    /// <summary>Attribute under which readers leave an edge's IGP metric.</summary>
    public const string Metric = "weight";

    /// <summary>What a reader has to say to the user about what it did not take over.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Id">Unique in its file.</param>
/// <param name="Place">Where it stands in the file, such as "line 3" or "edge 2".</param>
internal sealed record GraphNode(string Id, IReadOnlyDictionary<string, string> Attributes, string Place);

/// <param name="Source">Id of a node, as is <paramref name="Target"/>.</param>
/// <param name="Place">Where it stands in the file.</param>
/// <param name="Directed">Null: as the graph is.</param>
internal sealed record GraphEdge(
    string Source, string Target, IReadOnlyDictionary<string, string> Attributes, string Place, bool? Directed = null);
