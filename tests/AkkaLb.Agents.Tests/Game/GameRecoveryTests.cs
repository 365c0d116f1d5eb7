using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Tests.Crashes;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.Game;

/// <summary>Whatever has happened to a player or a server, after a crash at any event it is from its journal alone what it was.</summary>
public sealed class GameRecoveryTests : GameTestKit
{
    private readonly List<string> _failures = [];
    private int _histories;

    [Property(MaxTest = 40)]
    public void Player_CrashesAtAnyEvent_IsAsBefore(int seed)
    {
        RandomStream random = new((ulong)seed, "histories/player");
        int servers = 1 + random.NextInt32(4);
        Move[] moves = [.. Enumerable.Range(0, 1 + random.NextInt32(8)).Select(_ => Move.Draw(random, servers))];
        PlayerState initial = PlayerState.Unplaced(new PlayerId(2), random.NextDouble(0.1, 5), servers);
        AgentJournal journal = Journal();
        KnownActor<PlayerActor> known = new(() => new PlayerActor(initial, share: 0.7, new PlayerId(3), new ToTest(TestActor), journal));

        IActorRef player = Player(after: 0);
        List<string> states = [Describe(known.Actor)];
        foreach (Move move in moves)
        {
            MoveOnce(player, move);
            player.Tell(new PlayerCommands.Settle(initial.Player));
            ExpectMsg<PlayerEvents.Settled>(Patience);
            states.Add(Describe(known.Actor));
        }
        for (int after = 0; after <= moves.Length; after++)
        {
            End(player);
            player = Player(after);
            Describe(known.Actor).ShouldBe(states[after]);
            foreach (Move move in moves[after..])
            {
                MoveOnce(player, move);
            }
            Describe(known.Actor).ShouldBe(states[^1]);
        }
        _failures.ShouldBeEmpty();

        // Its answer proves that it has recovered.
        IActorRef Player(int after)
        {
            IActorRef started = Sys.ActorOf(Props.CreateBy(known));
            started.Tell(new PlayerCommands.GoOnAfter(initial.Player, after));
            started.Tell(new PlayerCommands.Settle(initial.Player));
            ExpectMsg<PlayerEvents.Settled>(Patience);
            return started;
        }
    }

    [Property(MaxTest = 40)]
    public void Server_CrashesAtAnyEvent_IsAsBefore(int seed)
    {
        RandomStream random = new((ulong)seed, "histories/server");
        int together = 1 + random.NextInt32(3);
        ServerOptions options = new(random.NextInt32(2) == 0, (ServiceLaw)random.NextInt32(3), (ulong)seed) { RoundsOfAnEvent = together };
        bool serves = random.NextInt32(2) == 0;
        ServerState initial = ServerState.Initial(new ServerId(1), random.NextDouble(0.5, 5), random.NextDouble(0, 20));
        Round[] rounds = [.. Enumerable.Range(0, 1 + random.NextInt32(8)).Select(_ => Round.Draw(random))];
        AgentJournal journal = Journal();
        KnownActor<ServerActor> known = new(() => new ServerActor(initial, options, new ToTest(TestActor), journal));

        IActorRef server = Server(after: 0);
        List<string> states = [Describe(known.Actor)];
        for (int k = 0; k < rounds.Length; k++)
        {
            PlayRound(server, rounds[k], serves, k + 1);
            states.Add(Describe(known.Actor));
        }
        server.Tell(new ServerCommands.Settle(initial.Server));
        ExpectMsg<ServerEvents.Settled>(Patience);
        foreach (int after in Enumerable.Range(0, rounds.Length + 1).Where(k => k % together == 0 || k == rounds.Length))
        {
            End(server);
            server = Server(after);
            for (int k = after; k < rounds.Length; k++)
            {
                Describe(known.Actor).ShouldBe(states[k]);
                PlayRound(server, rounds[k], serves, k + 1);
            }
            server.Tell(new ServerCommands.Settle(initial.Server));
            ExpectMsg<ServerEvents.Settled>(Patience);
            Describe(known.Actor).ShouldBe(states[^1]);
        }
        _failures.ShouldBeEmpty();

        // Its answer proves that it has recovered.
        IActorRef Server(int after)
        {
            IActorRef started = Sys.ActorOf(Props.CreateBy(known));
            started.Tell(new ServerCommands.GoOnAfter(initial.Server, after));
            started.Tell(new ServerCommands.ObserveLoad(initial.Server, 0, new PlayerId(0)));
            ExpectMsg<ServerEvents.LoadObserved>(Patience);
            return started;
        }
    }

    private AgentJournal Journal() => StoredEvents.Journal($"{_histories++}/", _failures);

    private void End(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor, Patience);
    }

    private void MoveOnce(IActorRef player, Move move)
    {
        player.Tell(new PlayerCommands.TakeTurn(new PlayerId(2), move.Turn, move.NewJob));
        for (int j = 0; j < move.Loads.Length; j++)
        {
            ExpectMsg<ServerCommands.ObserveLoad>(Patience);
        }
        for (int j = 0; j < move.Loads.Length; j++)
        {
            player.Tell(new ServerEvents.LoadObserved(new PlayerId(2), new ServerId(j), move.Turn, move.Loads[j], move.Rates[j]));
        }
        while (FishForMessage(_ => true, Patience) is ServerCommands.PlaceWork place)
        {
            player.Tell(new ServerEvents.WorkAccepted(place.Player, place.Server, place.Turn));
        }
    }

    private void PlayRound(IActorRef server, Round round, bool serves, int number)
    {
        foreach ((int player, double amount) in round.Placed)
        {
            server.Tell(new ServerCommands.PlaceWork(new ServerId(1), 0, new PlayerId(player), amount));
            ExpectMsg<ServerEvents.WorkAccepted>(Patience);
        }
        server.Tell(serves ? new ServerCommands.Serve(new ServerId(1), number) : new ServerCommands.CloseRound(new ServerId(1), number));
        ExpectMsg<ServerEvents.LoadPublished>(Patience);
    }

    private static string Describe(PlayerActor player)
    {
        PlayerState state = player.State;
        return $"{player.Moves} moves, {state.Player}, {Bits(state.Length)}: "
            + string.Join(' ', state.Placement.Select(Bits));
    }

    private static string Describe(ServerActor server)
    {
        ServerState state = server.State;
        return $"{state.Server}: {Bits(state.Rate)} {Bits(state.Backlog)} {Bits(state.Load)}: "
            + string.Join(' ', state.Placed.OrderBy(p => p.Key.Index).Select(p => $"{p.Key.Index} {Bits(p.Value)}"));
    }

    private static string Bits(double value) => BitConverter.DoubleToUInt64Bits(value).ToString("x16");

    private sealed record Move(long Turn, bool NewJob, ImmutableArray<double> Loads, ImmutableArray<double> Rates)
    {
        public static Move Draw(RandomStream random, int servers) => new(
            random.NextInt32(1000), random.NextInt32(2) == 0,
            [.. Enumerable.Range(0, servers).Select(_ => random.NextDouble(0, 10))],
            [.. Enumerable.Range(0, servers).Select(_ => random.NextDouble(0.5, 5))]);
    }

    private sealed record Round(ImmutableArray<(int Player, double Amount)> Placed)
    {
        /// <summary>No player places twice in a round, and who places comes in any order.</summary>
        public static Round Draw(RandomStream random)
        {
            int[] players = [0, 1, 2, 3];
            random.Shuffle<int>(players);
            return new Round(
                [.. players.Take(random.NextInt32(5)).Select(p => (p, random.NextInt32(4) == 0 ? 0 : random.NextDouble(0, 5)))]);
        }
    }

    /// <summary>All that an actor says comes to the test.</summary>
    private sealed class ToTest(IActorRef test) : IGameAddresses
    {
        public void Tell(IPlayerMessage message, IActorRef sender) => test.Tell(message, sender);

        public void Tell(IServerMessage message, IActorRef sender) => test.Tell(message, sender);

        public void TellGame(IGameMessage report, IActorRef sender) => test.Tell(report, sender);
    }
}
