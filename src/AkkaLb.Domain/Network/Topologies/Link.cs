namespace AkkaLb.Domain.Network;

/// <summary>A directed link as it enters a topology.</summary>
/// <param name="From">Tail node.</param>
/// <param name="To">Head node; different from the tail.</param>
/// <param name="Capacity">Nominal bandwidth in bit/s, positive.</param>
/// <param name="Key">Tells parallel links of one node pair apart.</param>
/// <param name="Name">The file's own identifier of the edge; may be empty.</param>
/// <param name="Metric">IGP metric, positive; null where the file has none.</param>
public sealed record Link(NodeId From, NodeId To, double Capacity, int Key = 0, string Name = "", double? Metric = null);
