using System.Text;

namespace AkkaLb.Agents.Serialization;

/// <summary>
/// The bytes of a set of types. A manifest is a name and a version: what is written is of the last version, and every version that was ever
/// written is read. Little-endian; strings are UTF-8 after their length; counts are 7-bit encoded; floats are raw.
/// </summary>
public sealed class BinaryFormats
{
    private readonly Dictionary<Type, Format> _written = [];
    private readonly Dictionary<string, Format> _known = new(StringComparer.Ordinal);

    /// <summary>All types that are written.</summary>
    public IReadOnlyCollection<Type> Types => _written.Keys;

    /// <summary>All manifests that are read.</summary>
    public IReadOnlyCollection<string> Manifests => _known.Keys;

    public void Add<T>(string name, int version, Action<BinaryWriter, T> write, Func<BinaryReader, T> read)
        where T : class
    {
        Format format = new(name, $"{name}/{version}", (writer, value) => write(writer, (T)value), read);
        _written.Add(typeof(T), format);
        _known.Add(format.Manifest, format);
    }

    /// <summary>A version that is read and no longer written.</summary>
    public void AddEarlier<T>(string name, int version, Func<BinaryReader, T> read)
        where T : class
    {
        string manifest = $"{name}/{version}";
        Action<BinaryWriter, object> write = (_, _) => throw new InvalidOperationException($"{manifest} is written no longer");
        _known.Add(manifest, new Format(name, manifest, write, read));
    }

    /// <summary>Whether bytes with this manifest can be read.</summary>
    public bool Knows(string manifest) => _known.ContainsKey(manifest);

    /// <exception cref="ArgumentException">The type has no format.</exception>
    public string ManifestOf(object value) => Of(value).Manifest;

    /// <summary>The name in the manifest, the same for all versions.</summary>
    /// <exception cref="ArgumentException">The type has no format.</exception>
    public string NameOf(object value) => Of(value).Name;

    /// <exception cref="ArgumentException">The type has no format.</exception>
    public byte[] Write(object value)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        Of(value).Write(writer, value);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The manifest is not known, or the bytes are not of it.</exception>
    public object Read(byte[] bytes, string manifest)
    {
        if (!_known.TryGetValue(manifest, out Format? format))
        {
            throw new InvalidDataException(
                $"unknown manifest '{manifest}', expected one of {string.Join(", ", _known.Keys.Order(StringComparer.Ordinal))}");
        }
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            object value = format.Read(reader);
            return reader.BaseStream.Position == bytes.Length
                ? value
                : throw new InvalidDataException($"'{manifest}' ends after {reader.BaseStream.Position} bytes, found {bytes.Length}");
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{bytes.Length} bytes are no '{manifest}'", e);
        }
    }

    /// <summary>Writes a value that is part of another one: its manifest, and its bytes.</summary>
    /// <exception cref="ArgumentException">The type has no format.</exception>
    public void WriteWithManifest(BinaryWriter writer, object value)
    {
        Format format = Of(value);
        writer.Write(format.Manifest);
        format.Write(writer, value);
    }

    /// <inheritdoc cref="WriteWithManifest(BinaryWriter, object)"/>
    public byte[] WriteWithManifest(object value)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        WriteWithManifest(writer, value);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="WriteWithManifest(BinaryWriter, object)"/> wrote.</summary>
    /// <exception cref="FormatException">The manifest is not known, or its type is another one.</exception>
    public T ReadWithManifest<T>(BinaryReader reader)
        where T : class
    {
        string manifest = reader.ReadString();
        return _known.GetValueOrDefault(manifest)?.Read(reader) as T ?? throw new FormatException($"'{manifest}' is no {typeof(T).Name}");
    }

    /// <inheritdoc cref="ReadWithManifest{T}(BinaryReader)"/>
    /// <exception cref="InvalidDataException">The bytes are not of the manifest's type.</exception>
    public T ReadWithManifest<T>(byte[] bytes)
        where T : class
    {
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            return ReadWithManifest<T>(reader);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{bytes.Length} bytes are no {typeof(T).Name}", e);
        }
    }

    private Format Of(object value) => _written.TryGetValue(value.GetType(), out Format? format)
        ? format
        : throw new ArgumentException($"{value.GetType()} has no format", nameof(value));

    private sealed record Format(string Name, string Manifest, Action<BinaryWriter, object> Write, Func<BinaryReader, object> Read);
}
