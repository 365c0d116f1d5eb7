using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Players;

/// <summary>The formats of <see cref="PlayerJournal"/>, <see cref="PlayerCommands"/> and <see cref="PlayerEvents"/>.</summary>
internal static class PlayerFormat
{
    public static void AddEvents(BinaryFormats formats) => formats.Add<PlayerJournal.JobPlaced>(
        "job-placed", 1,
        (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write(e.Level); w.WriteDoubles(e.Placement.AsSpan()); },
        r => new PlayerJournal.JobPlaced(r.Read7BitEncodedInt64(), r.ReadDouble(), r.ReadDoubleList()));

    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<PlayerPlan>(
            "player.plan", 1,
            (w, m) =>
            {
                w.WritePlayer(m.Initial.Player);
                w.Write(m.Initial.Length);
                w.WriteDoubles(m.Initial.Placement.AsSpan());
                w.Write(m.Share);
                w.WritePlayer(m.Next);
            },
            r => new(new PlayerState(r.ReadPlayer(), r.ReadDouble(), r.ReadDoubleList()), r.ReadDouble(), r.ReadPlayer()));
        formats.Add<PlayerCommands.GoOnAfter>(
            "player.go-on", 1,
            (w, m) => { w.WritePlayer(m.Player); w.Write7BitEncodedInt64(m.Moves); },
            r => new(r.ReadPlayer(), r.Read7BitEncodedInt64()));
        formats.Add<PlayerCommands.TakeTurn>(
            "player.take-turn", 1,
            (w, m) => { w.WritePlayer(m.Player); w.Write7BitEncodedInt64(m.Turn); w.Write(m.NewJob); },
            r => new(r.ReadPlayer(), r.Read7BitEncodedInt64(), r.ReadBoolean()));
        formats.Add<PlayerCommands.TakeToken>(
            "player.take-token", 1,
            (w, m) => { w.WritePlayer(m.Player); w.Write7BitEncodedInt64(m.Turn); w.Write(m.NewJob); w.Write7BitEncodedInt(m.Left); },
            r => new(r.ReadPlayer(), r.Read7BitEncodedInt64(), r.ReadBoolean(), r.Read7BitEncodedInt()));
        formats.Add<PlayerCommands.Observe>(
            "player.observe", 1,
            (w, m) => { w.WritePlayer(m.Player); w.Write7BitEncodedInt64(m.Turn); },
            r => new(r.ReadPlayer(), r.Read7BitEncodedInt64()));
        formats.Add<PlayerCommands.Place>(
            "player.place", 1,
            (w, m) => { w.WritePlayer(m.Player); w.Write7BitEncodedInt64(m.Turn); },
            r => new(r.ReadPlayer(), r.Read7BitEncodedInt64()));
        formats.Add<PlayerCommands.Settle>("player.settle", 1, (w, m) => w.WritePlayer(m.Player), r => new(r.ReadPlayer()));
        formats.Add<PlayerEvents.Decided>(
            "player.decided", 1,
            (w, m) => { w.WritePlayer(m.Player); w.Write7BitEncodedInt64(m.Turn); w.WriteCounts(m.Sent); },
            r => new(r.ReadPlayer(), r.Read7BitEncodedInt64(), r.ReadMessageCounts()));
        formats.Add<PlayerEvents.Moved>(
            "player.moved", 1,
            (w, m) =>
            {
                w.WritePlayer(m.Player);
                w.Write7BitEncodedInt64(m.Turn);
                w.WritePlayer(m.Decision.Player);
                w.WriteDoubles(m.Decision.Placement.AsSpan());
                w.Write(m.Decision.Level);
                w.Write(m.Wait);
                w.WriteCounts(m.Sent);
            },
            r => new(
                r.ReadPlayer(), r.Read7BitEncodedInt64(), new PlacementDecided(r.ReadPlayer(), r.ReadDoubleList(), r.ReadDouble()),
                r.ReadDouble(), r.ReadMessageCounts()));
        formats.Add<PlayerEvents.Settled>("player.settled", 1, (w, m) => w.WritePlayer(m.Player), r => new(r.ReadPlayer()));
    }
}
