namespace AkkaLb.Domain.Network;

/// <summary>A node, by its position in the topology (file order), 0 … nodes − 1.</summary>
public readonly record struct NodeId(int Index)
{
    public override string ToString() => $"node {Index}";
}

/// <summary>
/// A directed link, and with it the agent that sets its weight, by its position in the link enumeration of the
/// <see cref="Topology"/>, 0 … links − 1.
/// </summary>
public readonly record struct LinkId(int Index)
{
    public override string ToString() => $"link {Index}";
}

/// <summary>The identifier of a flow. It is also the flow's hash key, so routing depends on its exact text.</summary>
public readonly record struct FlowId(string Value)
{
    public override string ToString() => Value;
}
