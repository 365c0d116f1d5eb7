namespace AkkaLb.Agents.Serialization;

/// <summary>The formats of all messages between nodes; each family's stand beside its messages.</summary>
public static class WireFormat
{
    public static BinaryFormats Formats { get; } = Create();

    private static BinaryFormats Create()
    {
        BinaryFormats formats = new();
        Game.Players.PlayerFormat.AddMessages(formats);
        Game.Servers.ServerFormat.AddMessages(formats);
        DataCenter.DataCenters.DataCenterFormat.AddMessages(formats);
        DataCenter.LoadBalancers.LoadBalancerFormat.AddMessages(formats);
        DataCenter.Servers.ServerFormat.AddMessages(formats);
        DataCenter.Traffic.TrafficFormat.AddMessages(formats);
        return formats;
    }
}
