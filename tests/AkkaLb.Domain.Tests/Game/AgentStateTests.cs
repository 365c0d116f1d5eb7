using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>Players and servers as the actors will drive them, without actors.</summary>
public class AgentStateTests
{
    private readonly GameInstance<double> _instance =
        InstanceRanges.Scaling.Draw(30, 12, new RandomStream(1, "initialisation/game").NextDouble);

    [Fact]
    public void OneAfterTheOther_FreshObservations_IsTheDensePassToTheLastBit()
    {
        (PlayerState[] players, ServerState[] servers) = Start();
        var dense = new BestResponseDynamics<double>(_instance, new Profile<double>(_instance.Players, _instance.Servers));
        // The second round takes work back, where another order of additions would show in the last bit.
        foreach (int i in Enumerable.Range(0, players.Length).Concat(Enumerable.Range(0, players.Length).Reverse()))
        {
            PlacementDecided decided = players[i].Decide(Observe(servers), _instance.Rates.AsSpan());
            Place(players, servers, decided);
            decided.Level.ShouldBe(dense.Update(i).Level);
            players[i].Placement.ShouldBe(dense.Profile[i].ToArray());
            Observe(servers).ShouldBe(dense.Loads.ToArray());
        }

        Equilibrium<double>.IsEquilibrium(_instance, dense.Profile).ShouldBeTrue();
    }

    [Fact]
    public void EverybodyAtOnce_StaleObservations_OscillatesUnlessDamped()
    {
        int WorstRound(double share, int rounds)
        {
            (PlayerState[] players, ServerState[] servers) = Start();
            var profile = new Profile<double>(_instance.Players, _instance.Servers);
            int last = -1;
            for (int round = 0; round < rounds; round++)
            {
                double[] observed = Observe(servers);
                foreach (PlacementDecided decided in players.Select(player =>
                    player.Decide(observed, _instance.Rates.AsSpan(), share)).ToArray())
                {
                    Place(players, servers, decided);
                    decided.Placement.CopyTo(profile[decided.Player.Index]);
                }

                last = Equilibrium<double>.IsEquilibrium(_instance, profile) ? last : round;
            }

            return last;
        }

        WorstRound(share: 1, rounds: 400).ShouldBe(399, "no equilibrium to the end");
        WorstRound(share: 1.0 / 30, rounds: 2000).ShouldBeLessThan(1999, "small steps settle");
    }

    [Fact]
    public void Decide_ShareOutOfRange_Throws()
    {
        PlayerState player = PlayerState.Unplaced(new PlayerId(0), 1, 2);
        foreach (double share in new[] { 0, -0.5, 1.01 })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => player.Decide([1, 2], [1, 1], share));
        }
    }

    [Fact]
    public void Serve_PlacedWork_BecomesBacklogAndIsWorkedOff()
    {
        ServerState server = ServerState.Initial(new ServerId(3), rate: 2, backlog: 1);
        server = server.Apply(new WorkPlaced(new PlayerId(0), 4)).Apply(new WorkPlaced(new PlayerId(1), 0.5));
        (server.Load, server.Level).ShouldBe((5.5, 2.75));
        server = server.Apply(new WorkPlaced(new PlayerId(0), 3)); // replaces the 4
        server.Load.ShouldBe(4.5);
        server = server.Serve();
        (server.Backlog, server.Load, server.Placed.Count).ShouldBe((2.5, 2.5, 0));
        server.Serve().Serve().ShouldBe(ServerState.Initial(new ServerId(3), 2, 0));
    }

    private (PlayerState[] Players, ServerState[] Servers) Start() => (
        _instance.Lengths.Select((length, i) => PlayerState.Unplaced(new PlayerId(i), length, _instance.Servers)).ToArray(),
        _instance.Rates.Select((rate, j) => ServerState.Initial(new ServerId(j), rate, _instance.Loads[j])).ToArray());

    private static double[] Observe(ServerState[] servers) => servers.Select(server => server.Load).ToArray();

    private static void Place(PlayerState[] players, ServerState[] servers, PlacementDecided decided)
    {
        players[decided.Player.Index] = players[decided.Player.Index].Apply(decided);
        for (int j = 0; j < servers.Length; j++)
        {
            servers[j] = servers[j].Apply(new WorkPlaced(decided.Player, decided.Placement[j]));
        }
    }
}
