using System.Text;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>Puts the parts of frames together. Of one receiver; parts of a sender come in their order, or are lost.</summary>
internal sealed class FrameReader
{
    // By sender: the frame that is not whole yet.
    private readonly Dictionary<object, (long Number, List<byte[]> Parts)> _open = [];

    /// <summary>Takes a part.</summary>
    /// <returns>The messages, when the frame is whole; else nothing.</returns>
    /// <exception cref="InvalidDataException">They are no messages.</exception>
    public IReadOnlyList<IMessage> Take(object sender, Frame frame)
    {
        if (frame.Parts == 1)
        {
            return Read(frame.Bytes);
        }
        if (frame.Part == 0)
        {
            _open[sender] = (frame.Number, []);
        }
        if (!_open.TryGetValue(sender, out (long Number, List<byte[]> Parts) open)
            || open.Number != frame.Number || open.Parts.Count != frame.Part)
        {
            // A part of it was lost; who waits for the frame asks again.
            return [];
        }
        open.Parts.Add(frame.Bytes);
        if (open.Parts.Count < frame.Parts)
        {
            return [];
        }
        _open.Remove(sender);
        return Read([.. open.Parts.SelectMany(part => part)]);
    }

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
