using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>The formats of <see cref="LinkAgentJournal"/>, <see cref="LinkAgentCommands"/> and <see cref="LinkAgentEvents"/>.</summary>
internal static class LinkAgentFormat
{
    public static void AddEvents(BinaryFormats formats)
    {
        formats.Add<LinkAgentJournal.PolicyAdopted>(
            "policy-adopted", 1,
            (w, e) => w.Write7BitEncodedInt64(e.Step), r => new LinkAgentJournal.PolicyAdopted(r.Read7BitEncodedInt64()));
        formats.Add<LinkAgentJournal.WeightsDecided>(
            "weights-decided", 2, WriteDecided, r => ReadDecided(r) with { Memory = ReadMemory(r) });
        formats.AddEarlier<LinkAgentJournal.WeightsDecided>("weights-decided", 1, ReadDecided);
        formats.Add<LinkAgentJournal.MemoryTrained>(
            "memory-trained", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.WriteBytes(e.Changes.AsSpan()); },
            r => new LinkAgentJournal.MemoryTrained(r.Read7BitEncodedInt64(), ReadChanges(r)));
        formats.Add<LinkAgentJournal.MemoryChanged>(
            "memory-changed", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write(e.DeltaFactor); WriteChange(w, e.Change); },
            r => new LinkAgentJournal.MemoryChanged(r.Read7BitEncodedInt64(), r.ReadDouble(), ReadChange(r)));
        formats.Add<LinkAgentJournal.MemoryRecalled>(
            "memory-recalled", 1, (w, e) => WriteChange(w, e.Change), r => new LinkAgentJournal.MemoryRecalled(ReadChange(r)));
    }

    public static void AddMessages(BinaryFormats formats)
    {
        Add<LinkAgentCommands.AdoptPolicy>(
            formats, "link-adopt",
            (w, m) =>
            {
                w.Write7BitEncodedInt(m.Round);
                w.Write7BitEncodedInt64(m.Version);
                WriteOptional(w, m.Memory);
                WriteOptional(w, m.Recalled);
            },
            (link, r) => new(link, r.Read7BitEncodedInt(), r.Read7BitEncodedInt64(), ReadOptional(r), ReadOptional(r)));
        Add<LinkAgentCommands.ObserveLoad>(
            formats, "link-observe",
            (w, m) =>
            {
                w.Write7BitEncodedInt(m.Round);
                w.Write7BitEncodedInt(m.Episode);
                w.Write7BitEncodedInt(m.Horizon);
                w.WriteDoubles(m.Utilisation);
                w.WriteFlags(m.Sample);
                w.Write(m.DeltaFactor);
                w.Write(m.IsProbe);
            },
            (link, r) => new(
                link, r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadDoubles(), r.ReadFlags(),
                r.ReadDouble(), r.ReadBoolean()));
        Add<LinkAgentCommands.RequestHiddenState>(
            formats, "link-request",
            (w, m) => { WriteLink(w, m.Sender); w.Write7BitEncodedInt(m.Round); w.Write7BitEncodedInt(m.Iteration); },
            (link, r) => new(link, ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt()));
        Add<LinkAgentCommands.SwitchLayer>(
            formats, "link-switch",
            (w, m) => { w.Write7BitEncodedInt(m.Round); w.Write(m.FromMemory); },
            (link, r) => new(link, r.Read7BitEncodedInt(), r.ReadBoolean()));
        Add<LinkAgentCommands.ReceiveHiddenState>(
            formats, "link-state",
            (w, m) =>
            {
                WriteLink(w, m.Sender);
                w.Write7BitEncodedInt(m.Round);
                w.Write7BitEncodedInt(m.Iteration);
                w.WriteFloats(m.State);
            },
            (link, r) => new(link, ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadFloats()));
        Add<LinkAgentCommands.TakeActions>(
            formats, "link-act",
            (w, m) => { w.Write7BitEncodedInt(m.Round); w.WriteCounts(m.Actions); },
            (link, r) => new(link, r.Read7BitEncodedInt(), r.ReadCounts()));
        Add<LinkAgentCommands.CloseEpisodes>(
            formats, "link-close",
            (w, m) => { w.Write7BitEncodedInt(m.Round); w.WriteDoubles(m.Utilisation); },
            (link, r) => new(link, r.Read7BitEncodedInt(), r.ReadDoubles()));
        Add<LinkAgentCommands.StoreEpisodes>(
            formats, "link-store", (w, m) => w.Write7BitEncodedInt(m.Round), (link, r) => new(link, r.Read7BitEncodedInt()));
        Add<LinkAgentCommands.KeepSnapshot>(formats, "link-snapshot", (_, _) => { }, (link, _) => new(link));
        AddReports(formats);
    }

    private static void AddReports(BinaryFormats formats)
    {
        Add<LinkAgentEvents.PolicyAdopted>(
            formats, "link-adopted", (w, m) => w.Write7BitEncodedInt(m.Round), (link, r) => new(link, r.Read7BitEncodedInt()));
        Add<LinkAgentEvents.WeightsDecided>(
            formats, "link-decided",
            (w, m) =>
            {
                w.Write7BitEncodedInt(m.Round);
                WriteObservations(w, m.Observations);
                w.WriteList(m.Decisions, (d, decision) => { d.Write7BitEncodedInt(decision.Choice); d.Write(decision.LogProbability); });
                w.WriteDoubles(m.Weights);
                WriteTraffic(w, m.Traffic);
            },
            (link, r) => new(
                link, r.Read7BitEncodedInt(), ReadObservations(r),
                r.ReadList(d => new Decision(d.Read7BitEncodedInt(), d.ReadSingle()), 5), r.ReadDoubles(), ReadTraffic(r)));
        Add<LinkAgentEvents.LogitsComputed>(
            formats, "link-logits",
            (w, m) =>
            {
                w.Write7BitEncodedInt(m.Round);
                WriteObservations(w, m.Observations);
                w.WriteFloats(m.Logits);
                WriteTraffic(w, m.Traffic);
            },
            (link, r) => new(link, r.Read7BitEncodedInt(), ReadObservations(r), r.ReadFloats(), ReadTraffic(r)));
        Add<LinkAgentEvents.StateCompared>(
            formats, "link-compared",
            (w, m) => { w.Write7BitEncodedInt(m.Round); w.Write7BitEncodedInt(m.Iteration); w.Write(m.IsFamiliar); },
            (link, r) => new(link, r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadBoolean()));
        Add<LinkAgentEvents.ActionsTaken>(
            formats, "link-acted",
            (w, m) => { w.Write7BitEncodedInt(m.Round); w.WriteDoubles(m.Weights); },
            (link, r) => new(link, r.Read7BitEncodedInt(), r.ReadDoubles()));
        Add<LinkAgentEvents.EpisodesClosed>(
            formats, "link-closed",
            (w, m) => { w.Write7BitEncodedInt(m.Round); WriteObservations(w, m.Observations); },
            (link, r) => new(link, r.Read7BitEncodedInt(), ReadObservations(r)));
        Add<LinkAgentEvents.EpisodesStored>(
            formats, "link-stored",
            (w, m) => { w.Write7BitEncodedInt(m.Round); WriteOptional(w, m.Memory); },
            (link, r) => new(link, r.Read7BitEncodedInt(), ReadOptional(r)));
        Add<LinkAgentEvents.LinkAgentRestarted>(formats, "link-restarted", (_, _) => { }, (link, _) => new(link));
        Add<LinkAgentEvents.LinkAgentFailed>(formats, "link-failed", (w, m) => w.Write(m.Reason), (link, r) => new(link, r.ReadString()));
    }

    /// <summary>A message begins with its address.</summary>
    private static void Add<T>(BinaryFormats formats, string name, Action<BinaryWriter, T> write, Func<LinkId, BinaryReader, T> read)
        where T : class, ILinkAgentMessage =>
        formats.Add<T>(name, 1, (w, message) => { WriteLink(w, message.Link); write(w, message); }, r => read(ReadLink(r), r));

    private static void WriteLink(BinaryWriter writer, LinkId link) => writer.Write7BitEncodedInt(link.Index);

    private static LinkId ReadLink(BinaryReader reader) => new(reader.Read7BitEncodedInt());

    private static void WriteObservations(BinaryWriter writer, LinkObservation[] observations) =>
        writer.WriteFloats(MemoryMarshal.Cast<LinkObservation, float>(observations));

    private static LinkObservation[] ReadObservations(BinaryReader reader) =>
        MemoryMarshal.Cast<float, LinkObservation>(reader.ReadFloats()).ToArray();

    private static void WriteTraffic(BinaryWriter writer, HorizonTraffic traffic)
    {
        writer.Write7BitEncodedInt(traffic.Exchanges);
        writer.Write7BitEncodedInt(traffic.States);
        writer.Write7BitEncodedInt(traffic.Requests);
    }

    private static HorizonTraffic ReadTraffic(BinaryReader reader) =>
        new(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());

    private static void WriteOptional(BinaryWriter writer, byte[]? bytes)
    {
        writer.Write(bytes is not null);
        if (bytes is not null)
        {
            writer.WriteBytes(bytes);
        }
    }

    private static byte[]? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadByteList() : null;

    private static ImmutableArray<byte> ReadChanges(BinaryReader reader) =>
        ImmutableCollectionsMarshal.AsImmutableArray(reader.ReadByteList());

    private static void WriteDecided(BinaryWriter writer, LinkAgentJournal.WeightsDecided decided)
    {
        writer.Write7BitEncodedInt64(decided.Step);
        writer.Write7BitEncodedInt64(decided.PolicyVersion);
        writer.WriteDoubles(decided.Weights.AsSpan());
        if (decided.Memory is { } memory)
        {
            writer.Write(memory.DeltaFactor);
            writer.WriteBytes(memory.Changes.AsSpan());
        }
    }

    private static LinkAgentJournal.WeightsDecided ReadDecided(BinaryReader reader) =>
        new(reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.ReadDoubleList());

    /// <summary>It ends the event, where there is one.</summary>
    private static LinkAgentJournal.EpisodeMemory? ReadMemory(BinaryReader reader) => reader.BaseStream.Position < reader.BaseStream.Length
        ? new LinkAgentJournal.EpisodeMemory(reader.ReadDouble(), ReadChanges(reader))
        : null;

    private static void WriteKey(BinaryWriter writer, ExperienceKey key)
    {
        writer.Write7BitEncodedInt(key.Exchange);
        writer.Write7BitEncodedInt64(key.Born);
    }

    private static ExperienceKey ReadKey(BinaryReader reader) => new(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());

    private static void WriteChange(BinaryWriter writer, ExperienceChange change)
    {
        writer.WriteList(change.Added, (w, entry) =>
        {
            WriteKey(w, entry.Key);
            w.Write(entry.Action);
            w.Write7BitEncodedInt64(entry.Version);
            w.WriteFloats(entry.State.AsSpan());
            w.WriteFloats(entry.Outcome.AsSpan());
        });
        writer.WriteList(change.Removed, WriteKey);
    }

    private static ExperienceChange ReadChange(BinaryReader reader)
    {
        ExperienceEntry[] added = reader.ReadList(
            r => new ExperienceEntry(ReadKey(r), r.ReadInt32(), r.Read7BitEncodedInt64(), r.ReadFloatList(), r.ReadFloatList()), 9);
        return new ExperienceChange(
            ImmutableCollectionsMarshal.AsImmutableArray(added),
            ImmutableCollectionsMarshal.AsImmutableArray(reader.ReadList(ReadKey, 2)));
    }
}
