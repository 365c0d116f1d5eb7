using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.DataCenter.LiveBalancers;

/// <summary>The formats of <see cref="LiveBalancerJournal"/>.</summary>
internal static class LiveBalancerFormat
{
    /// <summary>Manifest of what was learnt, which snapshots hold as well.</summary>
    public const string Learnt = "capacities-learnt/1";

    // An empty name, five floats and three counts; an empty name, a float and two empty lists.
    private const int LeastWeightBytes = 24, LeastKnowledgeBytes = 7;

    public static void AddEvents(BinaryFormats formats)
    {
        formats.Add<LiveBalancerJournal.WeightsDecided>(
            "live-weights-decided", 1,
            (w, e) =>
            {
                w.Write7BitEncodedInt64(e.Step);
                w.Write(e.Time);
                w.Write(e.Reason);
                w.WriteList(e.Servers, Write);
            },
            r => new(r.Read7BitEncodedInt64(), r.ReadInt64(), r.ReadString(), [.. r.ReadList(ReadWeight, LeastWeightBytes)]));
        formats.Add<LiveBalancerJournal.CapacitiesLearnt>(
            "capacities-learnt", 1,
            (w, e) => { w.Write(e.Time); w.WriteList(e.Servers, Write); },
            r => new(r.ReadInt64(), [.. r.ReadList(ReadKnowledge, LeastKnowledgeBytes)]));
        formats.Add<LiveBalancerJournal.ServerStateChanged>(
            "server-state-changed", 1,
            (w, e) => { w.Write(e.Time); w.Write(e.Server); w.Write(e.From); w.Write(e.To); w.Write(e.Reason); },
            r => new(r.ReadInt64(), r.ReadString(), r.ReadString(), r.ReadString(), r.ReadString()));
        formats.Add<LiveBalancerJournal.ModeChanged>(
            "mode-changed", 1,
            (w, e) => { w.Write(e.Time); w.Write(e.From); w.Write(e.To); w.Write(e.Reason); },
            r => new(r.ReadInt64(), r.ReadString(), r.ReadString(), r.ReadString()));
    }

    private static void Write(BinaryWriter writer, ServerWeight server)
    {
        writer.Write(server.Name);
        writer.Write(server.Weight);
        writer.Write(server.Rate);
        writer.Write(server.Slots);
        writer.Write(server.Seen);
        writer.Write7BitEncodedInt(server.InFlight);
        writer.Write7BitEncodedInt(server.Answered);
        writer.Write7BitEncodedInt(server.Failed);
        writer.Write(server.MeanSeconds);
    }

    private static ServerWeight ReadWeight(BinaryReader reader) => new(
        reader.ReadString(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(),
        reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.ReadSingle());

    private static void Write(BinaryWriter writer, ServerKnowledge server)
    {
        writer.Write(server.Name);
        writer.Write(server.Weight);
        writer.WriteDoubles(server.Seconds.AsSpan());
        writer.WriteDoubles(server.Departures.AsSpan());
    }

    private static ServerKnowledge ReadKnowledge(BinaryReader reader) => new(
        reader.ReadString(), reader.ReadSingle(), reader.ReadDoubleList(), reader.ReadDoubleList());
}
