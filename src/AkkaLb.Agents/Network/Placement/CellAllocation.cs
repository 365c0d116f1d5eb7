using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>
/// Keeps neighbouring cells of a run together: of n nodes, each has an n-th of the cells, in the order of their numbers, which is that of
/// the partition. Where nodes come or go, the cells that are not at home any more move.
/// </summary>
/// <param name="self">Of this node, as others see it: references to its own actors do not tell.</param>
public sealed class CellAllocation(Address self) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        Task.FromResult(Home(shardId, Regions(currentShardAllocations.Keys)));

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        IActorRef[] regions = Regions(currentShardAllocations.Keys);
        IImmutableSet<string> moving = rebalanceInProgress.Count > 0
            ? []
            : [.. currentShardAllocations.SelectMany(region => region.Value.Where(shard => !Home(shard, regions).Equals(region.Key)))];
        return Task.FromResult(moving);
    }

    private IActorRef[] Regions(IEnumerable<IActorRef> regions) =>
        [.. regions.OrderBy(region => (region.Path.Address.HasLocalScope ? self : region.Path.Address).ToString(), StringComparer.Ordinal)];

    private static IActorRef Home(string shard, IActorRef[] regions)
    {
        string[] parts = shard.Split('/');
        int cell = int.Parse(parts[^2], CultureInfo.InvariantCulture), cells = int.Parse(parts[^1], CultureInfo.InvariantCulture);
        return regions[(int)((long)cell * regions.Length / cells)];
    }
}
