using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>The formats of <see cref="ServerJournal"/>, <see cref="ServerCommands"/> and <see cref="ServerEvents"/>.</summary>
internal static class ServerFormat
{
    public static void AddEvents(BinaryFormats formats) => formats.Add<ServerJournal.RoundsEnded>(
        "rounds-ended", 1,
        (w, e) =>
        {
            w.Write7BitEncodedInt64(e.Step);
            w.Write7BitEncodedInt64(e.First);
            w.WriteCounts(e.Placements.AsSpan());
            w.WriteCounts(e.Players.AsSpan());
            w.WriteDoubles(e.Amounts.AsSpan());
            w.WriteDoubles(e.Services.AsSpan());
            w.Write(e.Load);
        },
        r => new ServerJournal.RoundsEnded(
            r.Read7BitEncodedInt64(), r.Read7BitEncodedInt64(), ImmutableCollectionsMarshal.AsImmutableArray(r.ReadCounts()),
            ImmutableCollectionsMarshal.AsImmutableArray(r.ReadCounts()), r.ReadDoubleList(), r.ReadDoubleList(), r.ReadDouble()));

    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<ServerPlan>(
            "game-server.plan", 1,
            (w, m) =>
            {
                w.WriteServer(m.Initial.Server);
                w.Write(m.Initial.Rate);
                w.Write(m.Initial.Backlog);
                w.Write(m.Initial.Load);
                w.WriteList(
                    [.. m.Initial.Placed.OrderBy(placed => placed.Key.Index)],
                    (x, placed) => { x.WritePlayer(placed.Key); x.Write(placed.Value); });
                w.Write(m.Options.HoldsPlacements);
                w.Write((byte)m.Options.Service);
                w.Write(m.Options.Seed);
                w.Write7BitEncodedInt(m.Options.RoundsOfAnEvent);
            },
            r => new ServerPlan(
                new ServerState(
                    r.ReadServer(), r.ReadDouble(), r.ReadDouble(), r.ReadDouble(),
                    ImmutableDictionary.CreateRange(r.ReadList(x => KeyValuePair.Create(x.ReadPlayer(), x.ReadDouble()), 9))),
                new ServerOptions(r.ReadBoolean(), (ServiceLaw)r.ReadByte(), r.ReadUInt64()) { RoundsOfAnEvent = r.Read7BitEncodedInt() }));
        formats.Add<ServerCommands.GoOnAfter>(
            "game-server.go-on", 1,
            (w, m) => { w.WriteServer(m.Server); w.Write7BitEncodedInt64(m.Rounds); },
            r => new(r.ReadServer(), r.Read7BitEncodedInt64()));
        formats.Add<ServerCommands.ObserveLoad>(
            "game-server.observe-load", 1,
            (w, m) => { w.WriteServer(m.Server); w.Write7BitEncodedInt64(m.Turn); w.WritePlayer(m.Player); },
            r => new(r.ReadServer(), r.Read7BitEncodedInt64(), r.ReadPlayer()));
        formats.Add<ServerCommands.PlaceWork>(
            "game-server.place-work", 1,
            (w, m) => { w.WriteServer(m.Server); w.Write7BitEncodedInt64(m.Turn); w.WritePlayer(m.Player); w.Write(m.Amount); },
            r => new(r.ReadServer(), r.Read7BitEncodedInt64(), r.ReadPlayer(), r.ReadDouble()));
        formats.Add<ServerCommands.CloseRound>(
            "game-server.close-round", 1,
            (w, m) => { w.WriteServer(m.Server); w.Write7BitEncodedInt(m.Round); },
            r => new(r.ReadServer(), r.Read7BitEncodedInt()));
        formats.Add<ServerCommands.Serve>(
            "game-server.serve", 1,
            (w, m) => { w.WriteServer(m.Server); w.Write7BitEncodedInt(m.Round); },
            r => new(r.ReadServer(), r.Read7BitEncodedInt()));
        formats.Add<ServerCommands.Settle>("game-server.settle", 1, (w, m) => w.WriteServer(m.Server), r => new(r.ReadServer()));
        formats.Add<ServerEvents.LoadObserved>(
            "game-server.load-observed", 1,
            (w, m) =>
            {
                w.WritePlayer(m.Player);
                w.WriteServer(m.Server);
                w.Write7BitEncodedInt64(m.Turn);
                w.Write(m.Load);
                w.Write(m.Rate);
            },
            r => new(r.ReadPlayer(), r.ReadServer(), r.Read7BitEncodedInt64(), r.ReadDouble(), r.ReadDouble()));
        formats.Add<ServerEvents.WorkAccepted>(
            "game-server.work-accepted", 1,
            (w, m) => { w.WritePlayer(m.Player); w.WriteServer(m.Server); w.Write7BitEncodedInt64(m.Turn); },
            r => new(r.ReadPlayer(), r.ReadServer(), r.Read7BitEncodedInt64()));
        formats.Add<ServerEvents.LoadPublished>(
            "game-server.load-published", 1,
            (w, m) => { w.WriteServer(m.Server); w.Write7BitEncodedInt(m.Round); w.Write(m.Load); w.WriteCounts(m.Sent); },
            r => new(r.ReadServer(), r.Read7BitEncodedInt(), r.ReadDouble(), r.ReadMessageCounts()));
        formats.Add<ServerEvents.Settled>("game-server.settled", 1, (w, m) => w.WriteServer(m.Server), r => new(r.ReadServer()));
    }
}
