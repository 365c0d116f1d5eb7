namespace AkkaLb.Domain.Network;

/// <summary>A graph as a file of another program has it, before it is made a topology.</summary>
/// <param name="Format">For people: GML, GraphML.</param>
internal sealed record GraphFile(string Format, bool Directed, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges);

/// <param name="Id">Unique in its file.</param>
internal sealed record GraphNode(string Id, IReadOnlyDictionary<string, string> Attributes, int Line);

/// <param name="Source">Id of a node, as is <paramref name="Target"/>.</param>
internal sealed record GraphEdge(string Source, string Target, IReadOnlyDictionary<string, string> Attributes, int Line);
