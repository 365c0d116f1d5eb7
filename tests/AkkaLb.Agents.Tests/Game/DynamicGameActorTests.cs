using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Tests.Game;

public sealed class DynamicGameActorTests : GameTestKit
{
    private static DynamicGameOptions Options(
        Arrivals arrivals, IEnumerable<int>? picks = null, ServiceLaw service = ServiceLaw.Constant, int steps = 1000, ulong seed = 1) =>
        new(arrivals, picks ?? [], service, steps, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void OneArrival_SurrogateSetting_TakesTheStepsOfTable2(int number)
    {
        SurrogateSetting setting = SurrogateSetting.All[number - 1];
        GameOutcome outcome = Play(setting.Instance, Options(Arrivals.One, setting.RandomPicks())).Outcome;

        (outcome.Converged, outcome.Rounds).ShouldBe((true, setting.SequentialSteps));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void AllInTurn_SurrogateSetting_TakesTheStepsOfTable2(int number)
    {
        SurrogateSetting setting = SurrogateSetting.All[number - 1];
        GameOutcome outcome = Play(setting.Instance, Options(Arrivals.AllInTurn)).Outcome;

        (outcome.Converged, outcome.Rounds).ShouldBe((true, setting.SimultaneousSteps));
    }

    [Fact]
    public void OneArrival_EveryStep_IsABestResponseAndAnAdvanceToTheLastBit()
    {
        GameInstance<double> instance = SurrogateSetting.All[4].Instance;
        double[] loads = [.. instance.Loads], placed = new double[instance.Servers];

        Played played = Play(instance, Options(Arrivals.One, Picks.RoundRobin(instance.Players)));

        foreach ((int player, GameRound round) in Picks.RoundRobin(instance.Players).Zip(played.Rounds.Skip(1)))
        {
            WaterFilling.Fill(loads, instance.Rates.AsSpan(), instance.Lengths[player], placed);
            DynamicGame.Advance<double>(loads, instance.Rates.AsSpan(), placed);
            round.Loads.ShouldBe(loads);
        }
        List<double[]> compressed = [];
        DynamicGame.RunSequential(instance, Picks.RoundRobin(instance.Players), onState: compressed.Add);
        played.Rounds.Count.ShouldBe(compressed.Count);
        foreach ((GameRound round, double[] state) in played.Rounds.Zip(compressed))
        {
            round.Loads.ShouldBe(state, 1e-9);
        }
    }

    [Fact]
    public void AllAtOnce_StateOnly_CyclesAlthoughTheServersCouldDoTheWork()
    {
        // Specification, section 3, reading 3: cycles (0, 3/2), (8/5, 0).
        GameInstance<double> instance = new([2, 3], [2, 2], [1, 2, 1.5]);
        Played played = Play(instance, Options(Arrivals.AllAtOnce, steps: 101));

        played.Outcome.Converged.ShouldBeFalse();
        double[][] last = [.. played.Rounds.TakeLast(2).Select(r => r.Loads.ToArray()).OrderBy(l => l[0])];
        last[0].ShouldBe([0, 1.5], 1e-9);
        last[1].ShouldBe([1.6, 0], 1e-9);
        Play(instance, Options(Arrivals.AllInTurn)).Outcome.Converged.ShouldBeTrue();
    }

    [Fact]
    public void RandomService_SameSeed_SameLoads()
    {
        GameInstance<double> instance = Draw(10, 5);
        IReadOnlyList<GameRound> Rounds(ulong seed) =>
            Play(instance, Options(Arrivals.One, Picks.RoundRobin(10), ServiceLaw.Exponential, 40, seed)).Rounds;

        IReadOnlyList<GameRound> first = Rounds(1), second = Rounds(1), other = Rounds(2);
        first.Count.ShouldBe(41, "random service may refill the servers, so the game plays all its steps");
        first.Select(r => r.Loads).ShouldBe(second.Select(r => r.Loads));
        first[1].Loads.ShouldNotBe(other[1].Loads);
    }

    [Fact]
    public void LongRun_EveryArrival_WaitsWhatTheTheorySays()
    {
        GameInstance<double> instance = new([2, 3], [0, 0], [1]);
        Played played = Play(instance, Options(Arrivals.One, Picks.RoundRobin(1), ServiceLaw.Uniform, 1));

        // Empty servers: D = λ/(2M).
        played.Rounds[1].MeanWait.ShouldBe(DynamicGame.LongRunAverageCosts(instance)[0], 1e-12);
    }
}
