using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>What a relay answers the network of a run.</summary>
public static class RelayEvents
{
    /// <summary>The agents that are on this node and can be told something.</summary>
    /// <param name="Version">Rises when they change.</param>
    /// <param name="Links">Ascending.</param>
    /// <param name="Instances">Tells an agent from another one that was there for the same link.</param>
    /// <param name="Frames">Sent from this node to others in this session.</param>
    /// <param name="Bytes">Of these frames.</param>
    public sealed record Hosting(string Run, long Session, int Version, int[] Links, long[] Instances, long Frames, long Bytes) : IMessage;

    public sealed record PlacementTaken(string Run, long Session, int Epoch) : IMessage;
}
