using System.Text;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>Puts the parts of frames together. Of one receiver; parts of a sender come in their order, or are lost.</summary>
internal sealed class FrameReader
{
    private readonly PartCollector<object, long> _open = new();

    /// <summary>Takes a part.</summary>
    /// <returns>The messages, when the frame is whole; else nothing.</returns>
    /// <exception cref="InvalidDataException">They are no messages.</exception>
    public IReadOnlyList<IMessage> Take(object sender, Frame frame) =>
        _open.Take(sender, frame.Number, frame.Part, frame.Parts, frame.Bytes) is { } bytes ? Read(bytes) : [];

    public void Clear() => _open.Clear();

    private static List<IMessage> Read(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        List<IMessage> messages = [];
        try
        {
            while (reader.BaseStream.Position < bytes.Length)
            {
                messages.Add(WireFormat.Formats.ReadWithManifest<IMessage>(reader));
            }
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{bytes.Length} bytes are no frame", e);
        }
        return messages;
    }
}
