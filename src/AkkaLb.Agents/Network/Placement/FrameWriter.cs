using System.Text;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>Collects messages for one frame.</summary>
internal sealed class FrameWriter
{
    private readonly MemoryStream _stream = new();
    private readonly BinaryWriter _writer;

    public FrameWriter() => _writer = new BinaryWriter(_stream, Encoding.UTF8);

    /// <summary>Messages that wait.</summary>
    public int Count { get; private set; }

    public void Add(IMessage message)
    {
        WireFormat.Formats.WriteWithManifest(_writer, message);
        Count++;
    }

    public byte[] Take()
    {
        _writer.Flush();
        byte[] bytes = _stream.ToArray();
        Clear();
        return bytes;
    }

    public void Clear()
    {
        _stream.SetLength(0);
        Count = 0;
    }
}
