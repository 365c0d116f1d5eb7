using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;

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
        return formats;
    }
}
