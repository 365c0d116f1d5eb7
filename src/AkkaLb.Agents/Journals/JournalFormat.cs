using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Journals;

/// <summary>
/// The formats of events and snapshots: those of agents stand beside their events, those of blocks and snapshots are here.
/// </summary>
public static class JournalFormat
{
    private const string BlockPrefix = "block/";

    private static readonly BinaryFormats Formats = Create();

    /// <summary>All types that can be stored.</summary>
    public static IReadOnlyCollection<Type> Types => Formats.Types;

    /// <inheritdoc cref="BinaryFormats.ManifestOf"/>
    public static string ManifestOf(object stored) => Formats.ManifestOf(stored);

    /// <inheritdoc cref="BinaryFormats.NameOf"/>
    public static string TypeOf(object stored) => Formats.NameOf(stored);

    /// <inheritdoc cref="BinaryFormats.Write"/>
    public static byte[] Write(object stored) => Formats.Write(stored);

    /// <inheritdoc cref="BinaryFormats.Read"/>
    public static object Read(byte[] bytes, string manifest) => Formats.Read(bytes, manifest);

    /// <inheritdoc cref="BinaryFormats.Knows"/>
    public static bool Knows(string manifest) => Formats.Knows(manifest);

    /// <summary>The block that a row is; null for one event that was stored as itself, as rows were before there were blocks.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were stored.</exception>
    public static EventBlock? Block(byte[] bytes, string manifest) =>
        manifest.StartsWith(BlockPrefix, StringComparison.Ordinal) ? (EventBlock)Read(bytes, manifest) : null;

    /// <summary>64-bit FNV-1a of an event's bytes.</summary>
    public static ulong Digest(ReadOnlySpan<byte> bytes)
    {
        ulong digest = 14695981039346656037;
        foreach (byte b in bytes)
        {
            digest = (digest ^ b) * 1099511628211;
        }
        return digest;
    }

    private static BinaryFormats Create()
    {
        BinaryFormats formats = new();
        RunFormat.AddEvents(formats);
        LinkAgentFormat.AddEvents(formats);
        AsynchronousFormat.AddEvents(formats);
        LoadBalancerFormat.AddEvents(formats);
        LiveBalancerFormat.AddEvents(formats);
        PlayerFormat.AddEvents(formats);
        Game.Servers.ServerFormat.AddEvents(formats);
        formats.Add<EventBlock>("block", 1, (w, b) => WriteChecked(w, b, WriteBlock), r => ReadChecked(r, ReadBlock));
        formats.Add<AgentSnapshot>("agent-journal", 3, (w, s) => WriteChecked(w, s, WriteSnapshot), r => ReadChecked(r, ReadSnapshot));
        formats.AddEarlier<AgentSnapshot>("agent-journal", 2, r => ReadChecked(r, ReadDigests));
        formats.AddEarlier<AgentSnapshot>("agent-journal", 1, ReadDigests);
        return formats;
    }

    private static void WriteSnapshot(BinaryWriter writer, AgentSnapshot snapshot)
    {
        writer.Write7BitEncodedInt64(snapshot.Events);
        writer.Write7BitEncodedInt(snapshot.Series.Count);
        foreach ((string type, long count) in snapshot.Series)
        {
            writer.Write(type);
            writer.Write7BitEncodedInt64(count);
        }
        writer.Write7BitEncodedInt(snapshot.State.Length);
        writer.Write(snapshot.State.AsSpan());
    }

    private static AgentSnapshot ReadSnapshot(BinaryReader reader)
    {
        long events = reader.Read7BitEncodedInt64();
        ImmutableSortedDictionary<string, long>.Builder series = Series();
        for (int left = reader.ReadLength(2); left > 0; left--)
        {
            series.Add(reader.ReadString(), reader.Read7BitEncodedInt64());
        }
        byte[] state = reader.ReadBytes(reader.ReadLength(1));
        return new AgentSnapshot(events, series.ToImmutable(), ImmutableCollectionsMarshal.AsImmutableArray(state));
    }

    /// <summary>Earlier versions held a digest of every numbered event, and nothing of what the agent knew.</summary>
    private static AgentSnapshot ReadDigests(BinaryReader reader)
    {
        long events = reader.Read7BitEncodedInt64();
        ImmutableSortedDictionary<string, long>.Builder series = Series();
        for (int left = reader.ReadLength(2); left > 0; left--)
        {
            string type = reader.ReadString();
            int count = reader.ReadLength(sizeof(ulong));
            reader.BaseStream.Position += (long)count * sizeof(ulong);
            series.Add(type, count);
        }
        return new AgentSnapshot(events, series.ToImmutable(), []);
    }

    private static ImmutableSortedDictionary<string, long>.Builder Series() =>
        ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);

    /// <summary>A CRC-32 of all that follows: SQLite does not notice a bit that tips on the disk, nor does PostgreSQL by default.</summary>
    private static void WriteChecked<T>(BinaryWriter writer, T stored, Action<BinaryWriter, T> write)
    {
        using MemoryStream stream = new();
        using BinaryWriter body = new(stream, Encoding.UTF8);
        write(body, stored);
        body.Flush();
        ReadOnlySpan<byte> bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        writer.Write(Crc32.HashToUInt32(bytes));
        writer.Write(bytes);
    }

    private static T ReadChecked<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        uint checksum = reader.ReadUInt32();
        long start = reader.BaseStream.Position;
        if (Crc32.HashToUInt32(reader.ReadBytes((int)(reader.BaseStream.Length - start))) != checksum)
        {
            throw new InvalidDataException("the bytes are not those that were stored: their checksum is another one");
        }
        reader.BaseStream.Position = start;
        return read(reader);
    }

    /// <summary>
    /// The agent, the number of the first event, manifests once, then for each event the number of its manifest, its length and its bytes.
    /// </summary>
    private static void WriteBlock(BinaryWriter writer, EventBlock block)
    {
        writer.Write(block.PersistenceId);
        writer.Write7BitEncodedInt64(block.First);
        List<string> manifests = [.. block.Events.Select(e => e.Manifest).Distinct()];
        writer.Write7BitEncodedInt(manifests.Count);
        manifests.ForEach(writer.Write);
        writer.Write7BitEncodedInt(block.Events.Length);
        foreach (EncodedEvent happened in block.Events)
        {
            writer.Write7BitEncodedInt(manifests.IndexOf(happened.Manifest));
            writer.Write7BitEncodedInt(happened.Bytes.Length);
            writer.Write(happened.Bytes);
        }
    }

    private static EventBlock ReadBlock(BinaryReader reader)
    {
        string persistenceId = reader.ReadString();
        long first = reader.Read7BitEncodedInt64();
        string[] manifests = new string[reader.ReadLength(1)];
        for (int i = 0; i < manifests.Length; i++)
        {
            manifests[i] = reader.ReadString();
        }
        EncodedEvent[] events = new EncodedEvent[reader.ReadLength(2)];
        for (int i = 0; i < events.Length; i++)
        {
            int manifest = reader.Read7BitEncodedInt();
            events[i] = (uint)manifest < (uint)manifests.Length
                ? new EncodedEvent(manifests[manifest], reader.ReadBytes(reader.ReadLength(1)))
                : throw new EndOfStreamException();
        }
        return new EventBlock(persistenceId, first, ImmutableCollectionsMarshal.AsImmutableArray(events));
    }
}
