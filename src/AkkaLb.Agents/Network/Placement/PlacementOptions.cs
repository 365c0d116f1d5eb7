using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Domain.Network.Partitions;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>How the agents of a run are placed.</summary>
/// <param name="Session">Of the network that asks.</param>
/// <param name="Region">Starts agents that are nowhere: the shard region, or a proxy of it.</param>
/// <param name="Partition">Its cells are the shards.</param>
/// <param name="NodesToBegin">Nodes that host agents, at least, before the run begins.</param>
/// <param name="Counts">Written.</param>
public sealed record PlacementOptions(
    string Run, long Session, IActorRef Region, GraphPartition Partition, int NodesToBegin, PlacementCounts Counts)
{
    /// <summary>The role of nodes that host agents.</summary>
    public const string Role = "agents";
}
