using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Plays.Members;

namespace AkkaLb.Agents.Serialization;

/// <summary>The formats of all messages between nodes; each family's stand beside its messages.</summary>
public static class WireFormat
{
    public static BinaryFormats Formats { get; } = Create();

    private static BinaryFormats Create()
    {
        BinaryFormats formats = new();
        AsynchronousFormat.AddMessages(formats);
        LinkAgentFormat.AddMessages(formats);
        PlacementFormat.AddMessages(formats);
        MemberFormat.AddMessages(formats);
        DataCenterFormat.AddMessages(formats);
        LoadBalancerFormat.AddMessages(formats);
        DataCenter.Servers.ServerFormat.AddMessages(formats);
        TrafficFormat.AddMessages(formats);
        PlayerFormat.AddMessages(formats);
        Game.Servers.ServerFormat.AddMessages(formats);
        return formats;
    }
}
