namespace AkkaLb.Domain.Network;

/// <summary>How a flow chooses among candidate links by weight.</summary>
public enum FlowHash
{
    /// <summary>
    /// The reference's <see cref="DxHash"/>, exact to the bit. With weights w₁ ≤ w₂ the first gets the share w₁/(2·w₂), and a flow makes
    /// related choices at all its hops, because its keys are the same everywhere.
    /// </summary>
    Dx,

    /// <summary>
    /// Weighted rendezvous hashing (<see cref="RendezvousHash"/>): shares in proportion to the weights, independent between nodes, and a
    /// changed weight moves no flow between other links.
    /// </summary>
    Proportional,

    /// <summary>None: a flow is split among the candidates in proportion to the weights, exactly (<see cref="FluidRouter"/>).</summary>
    Fluid,
}
