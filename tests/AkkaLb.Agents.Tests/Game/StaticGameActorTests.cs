using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Tests.Game;

/// <summary>
/// What the theory says of the static game, shown with actors; and that they do what Domain's functions do, to the last bit.
/// </summary>
public sealed class StaticGameActorTests : GameTestKit
{
    // Both players on server 0: each would be better off on server 1.
    private static readonly GameInstance<double> Pair = new([1, 1], [0, 0], [1, 1]);

    private static Profile<double> Crowded => Profile<double>.FromRows([[1, 0], [1, 0]]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ring_OnePass_IsTheDensePassToTheLastBitAndSuffices(bool uniform)
    {
        GameInstance<double> instance = Draw(40, 15);
        Profile<double> start = uniform ? Profile<double>.Uniform(instance) : Empty(instance);
        BestResponseDynamics<double> dense = new(instance, start.Clone());
        dense.Pass();

        Played played = Play(instance, new Schedule.TokenRing(), start);

        (played.Outcome.Converged, played.Outcome.Rounds, played.Outcome.Moves).ShouldBe((true, 1, 40));
        played.Outcome.Loads.ShouldBe(dense.Loads.ToArray());
        played.Outcome.Profile!.ToRows().ShouldBe(dense.Profile.ToRows());
        played.Rounds[1].Potential.ShouldBe(Equilibrium<double>.Of(instance).Potential, 1e-9);
    }

    [Fact]
    public void Random_SamePicks_IsTheDenseUpdateToTheLastBit()
    {
        GameInstance<double> instance = Draw(25, 8);
        BestResponseDynamics<double> dense = new(instance, Profile<double>.Uniform(instance));

        Played played = Play(instance, new Schedule.RandomActivation(Picks.Random(25, new SplitMix64(3))),
            Profile<double>.Uniform(instance));

        played.Outcome.Converged.ShouldBeTrue();
        played.Outcome.Moves.ShouldBe(25 * played.Outcome.Rounds);
        foreach (int player in Picks.Random(25, new SplitMix64(3)).Take((int)played.Outcome.Moves))
        {
            dense.Update(player);
        }
        played.Outcome.Loads.ShouldBe(dense.Loads.ToArray());
        played.Outcome.Profile!.ToRows().ShouldBe(dense.Profile.ToRows());
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.2)]
    public void Simultaneous_StaleLoads_IsTheStatesPlayedRoundByRoundToTheLastBit(double share)
    {
        GameInstance<double> instance = Draw(12, 6);
        PlayerState[] players = [.. instance.Lengths.Select((length, i) => PlayerState.Unplaced(new PlayerId(i), length, 6))];
        ServerState[] servers = [.. instance.Rates.Select((rate, j) => ServerState.Initial(new ServerId(j), rate, instance.Loads[j]))];

        Played played = Play(instance, new Schedule.Simultaneous(1, 0), Empty(instance), share, rounds: 20);

        for (int round = 1; round < played.Rounds.Count; round++)
        {
            double[] observed = [.. servers.Select(s => s.Load)];
            foreach (PlacementDecided decided in players.Select(p => p.Decide(observed, instance.Rates.AsSpan(), share)).ToArray())
            {
                int i = decided.Player.Index;
                for (int j = 0; j < servers.Length; j++)
                {
                    if (players[i].Placement[j] > 0 || decided.Placement[j] > 0)
                    {
                        servers[j] = servers[j].Apply(new WorkPlaced(decided.Player, decided.Placement[j]));
                    }
                }
                players[i] = players[i].Apply(decided);
            }
            played.Rounds[round].Loads.ShouldBe(servers.Select(s => s.Load));
        }
    }

    [Fact]
    public void Simultaneous_EverybodyJumps_CyclesForEver()
    {
        GameOutcome outcome = Play(Pair, new Schedule.Simultaneous(1, 0), Crowded).Outcome;

        (outcome.Converged, outcome.CycleLength).ShouldBe((false, 2));
    }

    [Fact]
    public void Simultaneous_Damped_Converges()
    {
        GameOutcome outcome = Play(Pair, new Schedule.Simultaneous(1, 0), Crowded, share: 0.4).Outcome;

        (outcome.Converged, outcome.CycleLength).ShouldBe((true, null));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Simultaneous_RandomActivation_Converges(ulong seed)
    {
        GameOutcome outcome = Play(Pair, new Schedule.Simultaneous(0.5, seed), Crowded).Outcome;

        outcome.Converged.ShouldBeTrue();
        outcome.Moves.ShouldBeLessThan(2 * outcome.Rounds, "not everybody moved in every round");
    }

    [Fact]
    public void Simultaneous_ManyPlayers_UndampedCyclesOrWandersDampedByTheirNumberConverges()
    {
        GameInstance<double> instance = Draw(30, 12);
        Profile<double> start = Profile<double>.Uniform(instance);

        Play(instance, new Schedule.Simultaneous(1, 0), start, rounds: 200).Outcome.Converged.ShouldBeFalse();
        Play(instance, new Schedule.Simultaneous(1, 0), start, share: 1.0 / 30).Outcome.Converged.ShouldBeTrue();
    }

    [Fact]
    public void Poisson_NoLatency_IsSequentialAndConvergesAsSoonAsAllHaveMoved()
    {
        GameInstance<double> instance = Draw(20, 8);
        GameOutcome outcome = Play(instance, new Schedule.PoissonClocks(0, 7), Empty(instance)).Outcome;

        outcome.Converged.ShouldBeTrue();
        outcome.Moves.ShouldBeInRange(20, 20 * outcome.Rounds * 2);
    }

    [Fact]
    public void Poisson_Latency_MakesObservationsStale()
    {
        GameInstance<double> instance = Draw(20, 8);
        int Rounds(double latency) =>
            Play(instance, new Schedule.PoissonClocks(latency, 7), Profile<double>.Uniform(instance), rounds: 300).Outcome.Rounds;

        Rounds(0.2).ShouldBeGreaterThan(Rounds(0));
    }

    [Fact]
    public void Poisson_SameSeed_SameTrajectory()
    {
        GameInstance<double> instance = Draw(20, 8);
        IReadOnlyList<GameRound> Rounds(ulong seed) =>
            Play(instance, new Schedule.PoissonClocks(0.3, seed), Profile<double>.Uniform(instance), rounds: 8).Rounds;

        IReadOnlyList<GameRound> first = Rounds(1), second = Rounds(1), other = Rounds(2);
        first.Select(r => r.Loads).ShouldBe(second.Select(r => r.Loads));
        first.Select(r => r.Sent).ShouldBe(second.Select(r => r.Sent));
        first[3].Loads.ShouldNotBe(other[3].Loads);
    }

    [Fact]
    public void Ring_EveryMessage_IsCounted()
    {
        GameInstance<double> instance = new([1, 1, 1], [0, 0, 100], [1, 1]);
        GameOutcome outcome = Play(instance, new Schedule.TokenRing(), Empty(instance)).Outcome;

        // Each of 2 players asks 3 servers; nobody uses the third. Control: 2 tokens, 2 reports, 3 questions and 3 answers at the end.
        outcome.Sent.ShouldBe(new MessageCounts(Observations: 2 * 2 * 3, Placements: 2 * 2 * 2, Control: 2 + 2 + 3 + 3));
    }

    [Fact]
    public void Setting2_500PlayersOn200Servers_ConvergesByMessagesAlone()
    {
        GameInstance<double> instance = SurrogateSetting.All[1].Instance;
        GameOutcome outcome = Play(instance, new Schedule.TokenRing(), Empty(instance)).Outcome;

        (instance.Players, instance.Servers).ShouldBe((500, 200));
        (outcome.Converged, outcome.Rounds, outcome.Moves).ShouldBe((true, 1, 500));
        outcome.Sent.Observations.ShouldBe(2 * 500 * 200);
    }
}
