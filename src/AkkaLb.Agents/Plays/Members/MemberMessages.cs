using Akka.Cluster.Sharding;
using Akka.Util;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>A message to a member of a play, by its name, wherever it lives.</summary>
/// <param name="Member">Its name within the run, such as <c>player-3</c>.</param>
/// <param name="Attempt">
/// At playing: a run has one play at a time, which is begun again when members are lost. What belongs to another attempt is dropped.
/// </param>
public sealed record ToMember(string Run, string Member, long Attempt, IMessage Content) : IMessage;

/// <summary>Be there, blank; answered by <see cref="MemberBegun"/>. Who sends it is the play's parent.</summary>
public sealed record BeginMember(IMemberPlan Plan) : IMessage;

/// <summary>The play is over.</summary>
public sealed record EndMember : IMessage
{
    public static EndMember Instance { get; } = new();
}

/// <summary>The member is there; its entity is the sender.</summary>
public sealed record MemberBegun(string Member) : IMessage;

/// <summary>The member decides otherwise than it has stored, or what it has stored cannot be read.</summary>
/// <param name="Reason">One line.</param>
public sealed record MemberFailed(string Reason) : IMessage;

/// <summary>Reads the address of a message: entities are <c>run/member</c>, shards <c>run/cell/cells</c>.</summary>
public sealed class MemberExtractor : IMessageExtractor
{
    /// <summary>Name of the shard region.</summary>
    public const string TypeName = "play-members";

    // Members of a play speak to all others: no part of it is a neighbourhood.
    private const uint Cells = 24;

    public string? EntityId(object message) => message is ToMember told ? $"{told.Run}/{told.Member}" : null;

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) =>
        message is ToMember told ? $"{told.Run}/{(uint)MurmurHash.StringHash(told.Member) % Cells}/{Cells}" : null;

    /// <summary>Without a message an entity is not started here: its play begins it.</summary>
    public string ShardId(string entityId, object? messageHint = null) => ShardId(messageHint!) ?? entityId;
}
