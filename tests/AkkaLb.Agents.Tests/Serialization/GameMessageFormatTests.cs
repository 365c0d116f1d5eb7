using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.Serialization;

public sealed class GameMessageFormatTests() : MessageFormatTest("AkkaLb.Agents.Game.")
{
    public static TheoryData<object, string, string> Golden => new()
    {
        { new PlayerCommands.GoOnAfter(new(3), 200), "player.go-on/1", "03c801" },
        { new PlayerCommands.TakeTurn(new(3), 200, true), "player.take-turn/1", "03c80101" },
        { new PlayerCommands.TakeToken(new(3), 200, true, 4), "player.take-token/1", "03c8010104" },
        { new PlayerCommands.Observe(new(3), 200), "player.observe/1", "03c801" },
        { new PlayerCommands.Place(new(3), 200), "player.place/1", "03c801" },
        { new PlayerCommands.Settle(new(3)), "player.settle/1", "03" },
        { new PlayerEvents.Decided(new(3), 200, new(1, 2, 300)), "player.decided/1", "03c8010102ac02" },
        {
            new PlayerEvents.Moved(new(3), 200, new PlacementDecided(new(3), [0.5, 2], 1.5), 0.25, new(1, 2, 300)), "player.moved/1",
            "03c8010302000000000000e03f0000000000000040000000000000f83f000000000000d03f0102ac02"
        },
        { new PlayerEvents.Settled(new(3)), "player.settled/1", "03" },
        { new ServerCommands.GoOnAfter(new(2), 200), "game-server.go-on/1", "02c801" },
        { new ServerCommands.ObserveLoad(new(2), 200, new(3)), "game-server.observe-load/1", "02c80103" },
        { new ServerCommands.PlaceWork(new(2), 200, new(3), 0.5), "game-server.place-work/1", "02c80103000000000000e03f" },
        { new ServerCommands.CloseRound(new(2), 200), "game-server.close-round/1", "02c801" },
        { new ServerCommands.Serve(new(2), 200), "game-server.serve/1", "02c801" },
        { new ServerCommands.Settle(new(2)), "game-server.settle/1", "02" },
        {
            new ServerEvents.LoadObserved(new(3), new(2), 200, 0.5, 2), "game-server.load-observed/1",
            "0302c801000000000000e03f0000000000000040"
        },
        { new ServerEvents.WorkAccepted(new(3), new(2), 200), "game-server.work-accepted/1", "0302c801" },
        {
            new ServerEvents.LoadPublished(new(2), 200, 0.5, new(1, 2, 300)), "game-server.load-published/1",
            "02c801000000000000e03f0102ac02"
        },
        { new ServerEvents.Settled(new(2)), "game-server.settled/1", "02" },
        {
            new PlayerPlan(new PlayerState(new(3), 2, [0.5, 1.5]), 0.5, new(4)), "player.plan/1",
            "03000000000000004002000000000000e03f000000000000f83f000000000000e03f04"
        },
        {
            new ServerPlan(
                ServerState.Initial(new(2), 2, 0.5).Apply(new WorkPlaced(new(3), 1)), new ServerOptions(true, ServiceLaw.Uniform, 7)),
            "game-server.plan/1",
            "020000000000000040000000000000e03f000000000000f83f0103000000000000f03f01010700000000000000e807"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Message_EveryType_HasItsGoldenBytes(object message, string manifest, string bytes) =>
        HasGoldenBytes(message, manifest, bytes);

    [Fact]
    public void Messages_OfTheFamily_AllHaveBytesAndTheSerializer() => AreAllThere(Golden.Select(row => row[0]));

    [Property(MaxTest = 100)]
    public void Message_WithAnyContent_ComesBack(int seed)
    {
        RandomStream random = new((ulong)seed, "messages/game");
        PlayerId player = new(random.NextInt32(1 << 20));
        ServerId server = new(random.NextInt32(1 << 20));
        MessageCounts sent = new(random.NextInt32(1000), Number(), Number());
        ComeBack(
            [
                new PlayerCommands.GoOnAfter(player, Number()),
                new PlayerCommands.TakeTurn(player, Number(), Flag()),
                new PlayerCommands.TakeToken(player, Number(), Flag(), random.NextInt32(1000)),
                new PlayerCommands.Observe(player, Number()),
                new PlayerCommands.Place(player, Number()),
                new PlayerCommands.Settle(player),
                new PlayerEvents.Decided(player, Number(), sent),
                new PlayerEvents.Moved(
                    player, Number(),
                    new PlacementDecided(player, [.. Enumerable.Range(0, random.NextInt32(9)).Select(_ => Real())], Real()), Real(), sent),
                new PlayerEvents.Settled(player),
                new ServerCommands.GoOnAfter(server, Number()),
                new ServerCommands.ObserveLoad(server, Number(), player),
                new ServerCommands.PlaceWork(server, Number(), player, Real()),
                new ServerCommands.CloseRound(server, random.NextInt32(1000)),
                new ServerCommands.Serve(server, random.NextInt32(1000)),
                new ServerCommands.Settle(server),
                new ServerEvents.LoadObserved(player, server, Number(), Real(), Real()),
                new ServerEvents.WorkAccepted(player, server, Number()),
                new ServerEvents.LoadPublished(server, random.NextInt32(1000), Real(), sent),
                new ServerEvents.Settled(server),
                new PlayerPlan(new PlayerState(player, Real(), [Real(), Real()]), Real(), player),
                new ServerPlan(
                    ServerState.Initial(server, Real(), 1).Apply(new WorkPlaced(player, 1)),
                    new ServerOptions(Flag(), ServiceLaw.Exponential, random.NextUInt64())),
            ],
            random);

        long Number() => (long)(random.NextUInt64() >> (1 + random.NextInt32(63)));

        bool Flag() => random.NextInt32(2) == 0;

        double Real() => BitConverter.UInt64BitsToDouble(random.NextUInt64());
    }
}
