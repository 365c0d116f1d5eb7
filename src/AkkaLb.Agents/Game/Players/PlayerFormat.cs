using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Game.Players;

/// <summary>The formats of <see cref="PlayerJournal"/>.</summary>
internal static class PlayerFormat
{
    public static void AddEvents(BinaryFormats formats) => formats.Add<PlayerJournal.JobPlaced>(
        "job-placed", 1,
        (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write(e.Level); w.WriteDoubles(e.Placement.AsSpan()); },
        r => new PlayerJournal.JobPlaced(r.Read7BitEncodedInt64(), r.ReadDouble(), r.ReadDoubleList()));
}
