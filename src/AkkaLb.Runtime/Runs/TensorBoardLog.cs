using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// Numbers of a run as TensorBoard's event files, in a folder of the run: each time that a run begins or goes on it writes a file of its
/// own. Another write may be lost with the process, a flushed one not.
/// </summary>
/// <remarks>
/// A file is a sequence of records: length (u64), its checksum, the bytes, their checksum (little-endian; CRC-32C rotated by 15 bits plus a
/// constant). A record is a message Event of tensorflow/core/util/event.proto: wall_time = 1, step = 2, file_version = 3, summary = 5 with
/// values of tag = 1 and simple_value = 2.
/// </remarks>
internal sealed class TensorBoardLog : IDisposable
{
    /// <summary>Within a run folder.</summary>
    public const string Folder = "tensorboard";

    private const uint Wire64 = 1, WireLength = 2, Wire32 = 5, Mask = 0xa282ead8;

    private readonly TimeProvider _time;
    private readonly FileStream _file;

    private TensorBoardLog(FileStream file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        Write(output =>
        {
            output.WriteTag(3 << 3 | WireLength);
            output.WriteString("brain.Event:2");
        });
    }

    /// <summary>Opens a new file in a run folder.</summary>
    public static TensorBoardLog Create(RunFolder folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder[Folder]);
        // The number keeps files of one second apart; TensorBoard reads them in the order of their names.
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        for (int number = 0; ; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{second:0000000000}.{number:000}.akkalb");
            string path = Path.Combine(folder[Folder], name);
            if (!File.Exists(path))
            {
                return new TensorBoardLog(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read), time);
            }
        }
    }

    /// <summary>Writes numbers of one moment.</summary>
    /// <param name="step">Where they stand on the axis: an episode's number.</param>
    public void Write(long step, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        using var summary = new MemoryStream();
        using (var output = new CodedOutputStream(summary, leaveOpen: true))
        {
            foreach ((string tag, double value) in scalars)
            {
                output.WriteTag(1 << 3 | WireLength);
                output.WriteLength(1 + CodedOutputStream.ComputeStringSize(tag) + 1 + sizeof(float));
                output.WriteTag(1 << 3 | WireLength);
                output.WriteString(tag);
                output.WriteTag(2 << 3 | Wire32);
                output.WriteFloat((float)value);
            }
        }

        Write(output =>
        {
            output.WriteTag(2 << 3);
            output.WriteInt64(step);
            output.WriteTag(5 << 3 | WireLength);
            output.WriteBytes(ByteString.CopyFrom(summary.ToArray()));
        });
    }

    public void Flush() => _file.Flush(flushToDisk: false);

    public void Dispose() => _file.Dispose();

    private void Write(Action<CodedOutputStream> content)
    {
        using var data = new MemoryStream();
        using (var output = new CodedOutputStream(data, leaveOpen: true))
        {
            output.WriteTag(1 << 3 | Wire64);
            output.WriteDouble(_time.GetUtcNow().ToUnixTimeMilliseconds() / 1e3);
            content(output);
        }

        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Checksum(header[..8]));
        Span<byte> footer = stackalloc byte[4];
        ReadOnlySpan<byte> bytes = data.GetBuffer().AsSpan(0, (int)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Checksum(bytes));
        _file.Write(header);
        _file.Write(bytes);
        _file.Write(footer);
    }

    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + Mask;
    }
}
