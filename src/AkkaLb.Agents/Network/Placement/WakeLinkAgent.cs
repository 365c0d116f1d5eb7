using Akka.Cluster.Sharding;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>The agent of a link is wanted: its shard starts it, on whatever node that lives.</summary>
/// <param name="Cell">The cell of the graph's partition that the link is in, which is its shard.</param>
/// <param name="Cells">Of the partition.</param>
public sealed record WakeLinkAgent(string Run, int Link, int Cell, int Cells) : IMessage;

/// <summary>Reads the address of a message: entities are <c>run/link</c>, shards <c>run/cell/cells</c>.</summary>
public sealed class LinkAgentExtractor : IMessageExtractor
{
    /// <summary>Name of the shard region.</summary>
    public const string TypeName = "link-agents";

    public string? EntityId(object message) => message is WakeLinkAgent wake ? $"{wake.Run}/{wake.Link}" : null;

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => message is WakeLinkAgent wake ? $"{wake.Run}/{wake.Cell}/{wake.Cells}" : null;

    /// <summary>Without a message an entity is not started here: its network wakes it.</summary>
    public string ShardId(string entityId, object? messageHint = null) => ShardId(messageHint!) ?? entityId;
}
