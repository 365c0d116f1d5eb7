using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using AkkaLb.Domain;

namespace AkkaLb.Learning.Checkpoints;

/// <summary>A named float32 tensor with its shape.</summary>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// The safetensors file format: a length (u64), a JSON header with type, shape and place of every tensor, then the raw
/// little-endian values. PyTorch, NumPy and others read it. Only float32 is written and read here.
/// </summary>
public static class SafeTensors
{
    private const string Float32 = "F32";
    private const string MetadataKey = "__metadata__";
    private const int MaxHeader = 100 * 1024 * 1024;

    /// <summary>Writes tensors in the order given; same tensors, same bytes.</summary>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        byte[] header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (NamedTensor tensor in tensors)
        {
            stream.Write(LittleEndian(tensor.Values));
        }
    }

    /// <exception cref="InvalidInputException">Not a safetensors file of float32 tensors, or cut short.</exception>
    public static (IReadOnlyDictionary<string, NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream, string fileName)
    {
        try
        {
            byte[] prefix = new byte[8];
            stream.ReadExactly(prefix);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > MaxHeader)
            {
                throw new InvalidDataException($"a header of {length} bytes");
            }
            byte[] header = new byte[length];
            stream.ReadExactly(header);
            using MemoryStream data = new();
            stream.CopyTo(data);
            return Parse(header, data.GetBuffer().AsSpan(0, (int)data.Length));
        }
        catch (Exception e) when (
            e is EndOfStreamException or InvalidDataException or JsonException or KeyNotFoundException or InvalidOperationException
                or FormatException or ArgumentException)
        {
            throw new InvalidInputException(
                $"{fileName}: expected a whole safetensors file of float32 tensors, found {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static byte[] Header(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }
            json.WriteEndObject();
            long offset = 0;
            foreach (NamedTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", Float32);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Values.Length * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // The values begin at a multiple of 8 bytes, so that readers can map them.
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }
        return stream.ToArray();
    }

    private static (IReadOnlyDictionary<string, NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(
        byte[] header, ReadOnlySpan<byte> data)
    {
        Dictionary<string, NamedTensor> tensors = [];
        Dictionary<string, string> metadata = [];
        using JsonDocument document = JsonDocument.Parse(header);
        foreach (JsonProperty entry in document.RootElement.EnumerateObject())
        {
            if (entry.Name == MetadataKey)
            {
                metadata = entry.Value.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!);
                continue;
            }
            if (entry.Value.GetProperty("dtype").GetString() != Float32)
            {
                throw new InvalidDataException($"tensor '{entry.Name}' of another type");
            }
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
            long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
            long count = shape.Aggregate(1L, (product, size) => product * size);
            if (offsets is not [var from, var to] || from < 0 || to > data.Length || to - from != count * sizeof(float))
            {
                throw new InvalidDataException($"tensor '{entry.Name}' outside the file");
            }
            float[] values = MemoryMarshal.Cast<byte, float>(data[(int)from..(int)to]).ToArray();
            tensors.Add(entry.Name, new NamedTensor(entry.Name, shape, BitConverter.IsLittleEndian ? values : Swap(values)));
        }
        return (tensors, metadata);
    }

    private static ReadOnlySpan<byte> LittleEndian(float[] values) =>
        MemoryMarshal.AsBytes((BitConverter.IsLittleEndian ? values : Swap(values)).AsSpan());

    private static float[] Swap(float[] values) =>
        [.. values.Select(v => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(v))))];
}
