namespace AkkaLb.Domain.Network;

/// <summary>Traffic from one node to another that is split like a fluid, in any proportion.</summary>
/// <param name="Rate">In bit/s, at least 0.</param>
public readonly record struct Demand(NodeId From, NodeId To, double Rate);

/// <summary>A traffic matrix as a file has it, at most one demand for an ordered pair of nodes.</summary>
/// <param name="Name">What to call it in messages, for example the file name.</param>
/// <param name="Notes">Line by line what was supposed or left out.</param>
public sealed record DemandMatrix(string Name, IReadOnlyList<Demand> Demands, IReadOnlyList<string> Notes)
{
    /// <summary>Thirty years.</summary>
    private const long EndMs = 1_000_000_000_000;

    /// <summary>Sum of all rates in bit/s.</summary>
    public double Total => Demands.Sum(demand => demand.Rate);

    /// <summary>A flow that does not end for every demand, for what knows flows only.</summary>
    public FlowSet ToFlows(Topology topology) => new(Name, [.. Demands.Select(demand => new Flow(
        new FlowId($"{topology.Labels[demand.From.Index]} → {topology.Labels[demand.To.Index]}"), demand.From, demand.To,
        [new RateChange(0, demand.Rate)], 0, EndMs))])
    {
        Notes = Notes,
    };
}

/// <summary>A demand before its nodes are looked up and its rate is read.</summary>
/// <param name="Place">Where it stands in the file.</param>
/// <param name="Units">What a bare rate is multiplied by.</param>
/// <param name="ByPosition">Whether nodes go by their position in the topology's file, not by their labels.</param>
internal sealed record RawDemand(string From, string To, string Rate, string Place, double Units = 1, bool ByPosition = false);
