using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Agents.Journals;

/// <summary>
/// The bytes of events and snapshots. A manifest is a name and a version: what is written is of the last version, and every version that was
/// ever written is read. Little-endian; strings are UTF-8 after their length; counts are 7-bit encoded.
/// </summary>
public static class JournalFormat
{
    private const string BlockPrefix = "block/";

    private static readonly Dictionary<Type, Format> Written = [];
    private static readonly Dictionary<string, Format> Known = new(StringComparer.Ordinal);

    static JournalFormat()
    {
        Add<RunEvents.RunStarted>(
            "run-started", 1,
            (w, e) => { w.Write(e.Name); w.Write(e.Method); w.Write(e.Seed); },
            r => new RunEvents.RunStarted(r.ReadString(), r.ReadString(), r.ReadUInt64()));
        Add<RunEvents.RunResumed>("run-resumed", 1, (w, e) => w.Write7BitEncodedInt(e.From), r => new RunEvents.RunResumed(r.Read7BitEncodedInt()));
        Add<RunEvents.EpisodeFinished>(
            "episode-finished", 1,
            (w, e) =>
            {
                w.Write7BitEncodedInt(e.Episode);
                w.Write(e.Phi);
                w.Write(e.PhiLowest);
                w.Write(e.MaxUtilisation);
                w.Write7BitEncodedInt(e.PolicyVersion);
            },
            r => new RunEvents.EpisodeFinished(r.Read7BitEncodedInt(), r.ReadDouble(), r.ReadDouble(), r.ReadDouble(), r.Read7BitEncodedInt()));
        Add<RunEvents.EpisodeTrained>(
            "episode-trained", 1,
            (w, e) => { w.Write7BitEncodedInt(e.Episode); w.Write(e.MeanCompletionTime); },
            r => new RunEvents.EpisodeTrained(r.Read7BitEncodedInt(), r.ReadDouble()));
        Add<RunEvents.CheckpointWritten>(
            "checkpoint-written", 1,
            (w, e) => { w.Write(e.Name); w.Write(e.Sha256); w.Write7BitEncodedInt(e.Episodes); },
            r => new RunEvents.CheckpointWritten(r.ReadString(), r.ReadString(), r.Read7BitEncodedInt()));
        Add<RunEvents.RunStopped>("run-stopped", 1, (w, e) => w.Write7BitEncodedInt(e.At), r => new RunEvents.RunStopped(r.Read7BitEncodedInt()));
        Add<RunEvents.RunFinished>("run-finished", 1, (w, e) => w.Write7BitEncodedInt(e.At), r => new RunEvents.RunFinished(r.Read7BitEncodedInt()));
        Add<LoadBalancerJournal.WeightsSet>(
            "weights-set", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); Floats(w, e.Weights); },
            r => new LoadBalancerJournal.WeightsSet(r.Read7BitEncodedInt64(), Floats(r)));
        Add<PlayerJournal.JobPlaced>(
            "job-placed", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write(e.Level); Doubles(w, e.Placement); },
            r => new PlayerJournal.JobPlaced(r.Read7BitEncodedInt64(), r.ReadDouble(), Doubles(r)));
        Add<LinkAgentJournal.PolicyAdopted>("policy-adopted", 1, (w, e) => w.Write7BitEncodedInt64(e.Step), r => new LinkAgentJournal.PolicyAdopted(r.Read7BitEncodedInt64()));
        Add<LinkAgentJournal.WeightsDecided>(
            "weights-decided", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write7BitEncodedInt64(e.PolicyVersion); Doubles(w, e.Weights); },
            r => new LinkAgentJournal.WeightsDecided(r.Read7BitEncodedInt64(), r.Read7BitEncodedInt64(), Doubles(r)));
        Add<LinkAgentJournal.MemoryChanged>(
            "memory-changed", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write(e.DeltaFactor); WriteChange(w, e.Change); },
            r => new LinkAgentJournal.MemoryChanged(r.Read7BitEncodedInt64(), r.ReadDouble(), ReadChange(r)));
        Add<LinkAgentJournal.MemoryRecalled>("memory-recalled", 1, (w, e) => WriteChange(w, e.Change), r => new LinkAgentJournal.MemoryRecalled(ReadChange(r)));
        Add<EventBlock>("block", 1, (w, b) => WriteChecked(w, b, WriteBlock), r => ReadChecked(r, ReadBlock));
        Add<AgentJournalSnapshot>("agent-journal", 2, (w, s) => WriteChecked(w, s, WriteSnapshot), r => ReadChecked(r, ReadSnapshot));
        AddEarlier<AgentJournalSnapshot>("agent-journal", 1, ReadSnapshot);
    }

    /// <summary>All types that can be stored.</summary>
    public static IReadOnlyCollection<Type> Types => Written.Keys;

    /// <exception cref="ArgumentException">The type is none that is stored.</exception>
    public static string ManifestOf(object stored) => Of(stored).Manifest;

    /// <summary>The name in the manifest, the same for all versions.</summary>
    /// <exception cref="ArgumentException">The type is none that is stored.</exception>
    public static string TypeOf(object stored) => Of(stored).Name;

    /// <exception cref="ArgumentException">The type is none that is stored.</exception>
    public static byte[] Write(object stored)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        Of(stored).Write(writer, stored);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The manifest is not known, or the bytes are not of it.</exception>
    public static object Read(byte[] bytes, string manifest)
    {
        if (!Known.TryGetValue(manifest, out Format? format))
        {
            throw new InvalidDataException($"unknown manifest '{manifest}', expected one of {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}");
        }
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            object stored = format.Read(reader);
            return reader.BaseStream.Position == bytes.Length
                ? stored
                : throw new InvalidDataException($"'{manifest}' ends after {reader.BaseStream.Position} bytes, found {bytes.Length}");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{bytes.Length} bytes are no '{manifest}'", e);
        }
    }

    /// <summary>Whether bytes with this manifest can be read.</summary>
    public static bool Knows(string manifest) => Known.ContainsKey(manifest);

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

    private static Format Of(object stored) => Written.TryGetValue(stored.GetType(), out Format? format)
        ? format
        : throw new ArgumentException($"{stored.GetType()} has no format, expected an event of the journal", nameof(stored));

    private static void Add<T>(string name, int version, Action<BinaryWriter, T> write, Func<BinaryReader, T> read)
        where T : class
    {
        Format format = new(name, $"{name}/{version}", (writer, stored) => write(writer, (T)stored), read);
        Written.Add(typeof(T), format);
        Known.Add(format.Manifest, format);
    }

    /// <summary>A version that is read and no longer written.</summary>
    private static void AddEarlier<T>(string name, int version, Func<BinaryReader, T> read)
        where T : class
    {
        string manifest = $"{name}/{version}";
        Action<BinaryWriter, object> write = (_, _) => throw new InvalidOperationException($"{manifest} is written no longer");
        Known.Add(manifest, new Format(name, manifest, write, read));
    }

    private static void Doubles(BinaryWriter writer, ImmutableArray<double> values)
    {
        writer.Write7BitEncodedInt(values.Length);
        foreach (double value in values)
        {
            writer.Write(value);
        }
    }

    private static ImmutableArray<double> Doubles(BinaryReader reader)
    {
        double[] values = new double[Count(reader, sizeof(double))];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadDouble();
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static void Floats(BinaryWriter writer, ImmutableArray<float> values)
    {
        writer.Write7BitEncodedInt(values.Length);
        foreach (float value in values)
        {
            writer.Write(value);
        }
    }

    private static ImmutableArray<float> Floats(BinaryReader reader)
    {
        float[] values = new float[Count(reader, sizeof(float))];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadSingle();
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static void WriteKey(BinaryWriter writer, ExperienceKey key)
    {
        writer.Write7BitEncodedInt(key.Exchange);
        writer.Write7BitEncodedInt64(key.Born);
    }

    private static ExperienceKey ReadKey(BinaryReader reader) => new(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());

    private static void WriteChange(BinaryWriter writer, ExperienceChange change)
    {
        writer.Write7BitEncodedInt(change.Added.Length);
        foreach (ExperienceEntry entry in change.Added)
        {
            WriteKey(writer, entry.Key);
            writer.Write(entry.Action);
            writer.Write7BitEncodedInt64(entry.Version);
            Floats(writer, entry.State);
            Floats(writer, entry.Outcome);
        }
        writer.Write7BitEncodedInt(change.Removed.Length);
        foreach (ExperienceKey key in change.Removed)
        {
            WriteKey(writer, key);
        }
    }

    private static ExperienceChange ReadChange(BinaryReader reader)
    {
        ExperienceEntry[] added = new ExperienceEntry[Count(reader, 9)];
        for (int i = 0; i < added.Length; i++)
        {
            added[i] = new ExperienceEntry(ReadKey(reader), reader.ReadInt32(), reader.Read7BitEncodedInt64(), Floats(reader), Floats(reader));
        }
        ExperienceKey[] removed = new ExperienceKey[Count(reader, 2)];
        for (int i = 0; i < removed.Length; i++)
        {
            removed[i] = ReadKey(reader);
        }
        return new ExperienceChange(ImmutableCollectionsMarshal.AsImmutableArray(added), ImmutableCollectionsMarshal.AsImmutableArray(removed));
    }

    private static void WriteSnapshot(BinaryWriter writer, AgentJournalSnapshot snapshot)
    {
        writer.Write7BitEncodedInt64(snapshot.Events);
        writer.Write7BitEncodedInt(snapshot.Series.Count);
        foreach ((string type, ImmutableArray<ulong> digests) in snapshot.Series)
        {
            writer.Write(type);
            writer.Write7BitEncodedInt(digests.Length);
            foreach (ulong digest in digests)
            {
                writer.Write(digest);
            }
        }
    }

    private static AgentJournalSnapshot ReadSnapshot(BinaryReader reader)
    {
        long events = reader.Read7BitEncodedInt64();
        ImmutableSortedDictionary<string, ImmutableArray<ulong>>.Builder series = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<ulong>>(StringComparer.Ordinal);
        for (int left = Count(reader, 2); left > 0; left--)
        {
            string type = reader.ReadString();
            ulong[] digests = new ulong[Count(reader, sizeof(ulong))];
            for (int i = 0; i < digests.Length; i++)
            {
                digests[i] = reader.ReadUInt64();
            }
            series.Add(type, ImmutableCollectionsMarshal.AsImmutableArray(digests));
        }
        return new AgentJournalSnapshot(events, series.ToImmutable());
    }

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
        string[] manifests = new string[Count(reader, 1)];
        for (int i = 0; i < manifests.Length; i++)
        {
            manifests[i] = reader.ReadString();
        }
        EncodedEvent[] events = new EncodedEvent[Count(reader, 2)];
        for (int i = 0; i < events.Length; i++)
        {
            int manifest = reader.Read7BitEncodedInt();
            events[i] = (uint)manifest < (uint)manifests.Length ? new EncodedEvent(manifests[manifest], reader.ReadBytes(Count(reader, 1))) : throw new EndOfStreamException();
        }
        return new EventBlock(persistenceId, first, ImmutableCollectionsMarshal.AsImmutableArray(events));
    }

    // A damaged count must not ask for memory that the bytes cannot fill.
    private static int Count(BinaryReader reader, int size)
    {
        int count = reader.Read7BitEncodedInt();
        return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / size ? count : throw new EndOfStreamException();
    }

    private sealed record Format(string Name, string Manifest, Action<BinaryWriter, object> Write, Func<BinaryReader, object> Read);
}
