using System.Runtime.InteropServices;
using AkkaLb.Agents.Serialization;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>The formats of <see cref="LinkAgentJournal"/>.</summary>
internal static class LinkAgentFormat
{
    public static void AddEvents(BinaryFormats formats)
    {
        formats.Add<LinkAgentJournal.PolicyAdopted>(
            "policy-adopted", 1, (w, e) => w.Write7BitEncodedInt64(e.Step), r => new LinkAgentJournal.PolicyAdopted(r.Read7BitEncodedInt64()));
        formats.Add<LinkAgentJournal.WeightsDecided>(
            "weights-decided", 1,
            (w, e) =>
            {
                w.Write7BitEncodedInt64(e.Step);
                w.Write7BitEncodedInt64(e.PolicyVersion);
                w.WriteDoubles(e.Weights.AsSpan());
            },
            r => new LinkAgentJournal.WeightsDecided(r.Read7BitEncodedInt64(), r.Read7BitEncodedInt64(), r.ReadDoubleList()));
        formats.Add<LinkAgentJournal.MemoryChanged>(
            "memory-changed", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write(e.DeltaFactor); WriteChange(w, e.Change); },
            r => new LinkAgentJournal.MemoryChanged(r.Read7BitEncodedInt64(), r.ReadDouble(), ReadChange(r)));
        formats.Add<LinkAgentJournal.MemoryRecalled>(
            "memory-recalled", 1, (w, e) => WriteChange(w, e.Change), r => new LinkAgentJournal.MemoryRecalled(ReadChange(r)));
    }

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
