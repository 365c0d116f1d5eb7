using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class DynamicGameTests
{
    [Theory]
    [InlineData("1 2 1", "4 2 1", "2 3", 5, 4, null,
        "4 2 1; 3 4/3 2/3; 2 4/3 2/3; 1 2/3 1/3; 1/4 1/2 1/4; 0 0 0", "5/3 5/3 4/3", "2 2 2", "0 4/3 2/3; 0 2 1; 0 4/3 2/3")]
    [InlineData("1 1 1", "6 2 1", "3/2 3/2 1", 6, 6, null,
        "6 2 1; 5 5/4 5/4; 4 1 1; 3 1/2 1/2; 2 1/4 1/4; 1 0 0; 0 0 0", "9/4 2 3/2", "2 2 2", "0 1/4 5/4; 0 3/4 3/4; 0 1/2 1/2")]
    [InlineData("2 3 4", "20 9 30", "1 5 2", 10, 10, 59,
        "20 9 30; 18 7 26; 16 9 22; 14 8 18; 12 6 14; 10 54/7 72/7; 8 39/7 52/7", "10/3 4 11/3", "1 1 1", "0 1 0; 0 5 0; 0 2 0")]
    [InlineData("1 1", "0 10", "19/10", 100, 100, 100,
        "0 10; 9/10 9; 9/5 8; 27/10 7; 18/5 6; 9/2 5; 47/10 47/10", "19/10 14/5 37/10", "1 1 1", "19/10 0; 19/10 0; 19/10 0")]
    [InlineData("1 2", "0 0", "1", 0, 0, 0, "0 0", "", "", "")]
    [InlineData("2", "7", "1 3/2", 9, 9, null,
        "7; 6; 11/2; 9/2; 4; 3; 5/2", "4 15/4 13/4", "1 1 1", "1; 3/2; 1")]
    public void Run_SpecifiedVector_IsExact(
        string rates, string loads, string lengths, int roundRobin, int random, int? simultaneous,
        string states, string levels, string served, string placements)
    {
        GameInstance<Fraction> instance = NewGame(rates, loads, lengths);
        List<Fraction[]> trace = [];
        DynamicRun<Fraction> run = DynamicGame.RunSequential(instance, Picks.RoundRobin(instance.Players), onState: trace.Add);

        run.Converged.ShouldBeTrue();
        run.Steps.ShouldBe(roundRobin);
        trace.Count.ShouldBe(roundRobin + 1);
        trace.Take(Rows(states).Length).ToArray().ShouldBe(Rows(states));
        run.FinalLoads.ShouldAllBe(load => load == 0);
        DynamicGame.RunSequential(instance, Picks.Random(instance.Players, new SplitMix64(42))).Steps.ShouldBe(random);
        if (simultaneous is { } expected)
        {
            DynamicGame.RunEquilibriumPlay(instance).Steps.ShouldBe(expected);
        }

        var dynamics = new CompressedDynamics<Fraction>(instance);
        for (int t = 0; t < Rationals(levels).Length; t++)
        {
            dynamics.Step(instance.Lengths[t % instance.Players]);
            dynamics.DispatchLevel.ShouldBe(Rationals(levels)[t]);
            dynamics.Served.ShouldBe((int)Rationals(served)[t].Numerator);
            var placed = new Fraction[instance.Servers];
            dynamics.CopyPlacement(placed);
            placed.ShouldBe(Rows(placements)[t]);
        }

        // In floating point the counts are the same, though sums that should be 0 are not quite.
        GameInstance<double> approximate = instance.ToDouble();
        DynamicGame.RunSequential(approximate, Picks.RoundRobin(instance.Players)).Steps.ShouldBe(roundRobin);
        DynamicGame.RunSequential(approximate, Picks.Random(instance.Players, new SplitMix64(42))).Steps.ShouldBe(random);
    }

    [Theory]
    [InlineData("1 2 1", "4 2 1", "2 3", 4, 11, 23, 11, 16, 20, 4)]
    [InlineData("1 1 1", "6 2 1", "3/2 3/2 1", 6, 12, 18, 18, 12, 18, 6)]
    [InlineData("2 3 4", "20 9 30", "1 5 2", 10, 25, 38, 207, 23, 33, 10)]
    [InlineData("1 1", "0 10", "19/10", 10, 110, 300, 100, 200, 210, 100)]
    [InlineData("1 2", "0 0", "1", 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("2", "7", "1 3/2", 4, 18, 30, 14, 14, 18, 7)]
    public void Bounds_SpecifiedVector_AreExact(
        string rates, string loads, string lengths, long t0, long b1, long b1L, long b2, long b3, long b4, long lower)
    {
        GameInstance<Fraction> instance = NewGame(rates, loads, lengths);
        var expected = new IterationBounds(
            AllServed: t0, TwoPhase: b1, TwoPhaseLoose: b1L, TwoPhaseLevel: b4, Level: b3, Appendix: b2, Lower: lower);
        IterationBounds.ForSequential(instance).ShouldBe(expected);
        IterationBounds.ForSequential(instance.ToDouble()).ShouldBe(expected);
    }

    [Fact]
    public void RunEquilibriumPlay_TotalBeyondTheRates_GrowsByTheExcess()
    {
        List<Fraction[]> trace = [];
        GameInstance<Fraction> instance = NewGame("1 1 1", "6 2 1", "3/2 3/2 1");
        DynamicRun<Fraction> run = DynamicGame.RunEquilibriumPlay(instance, maximumSteps: 20, onState: trace.Add);
        run.Converged.ShouldBeFalse();
        run.Steps.ShouldBe(20);
        trace.Select(state => Sum(state)).ShouldBe(Enumerable.Range(9, 21).Select(total => (Fraction)total));
        IterationBounds.ForEquilibriumPlay(instance).ShouldBeNull();
    }

    /// <summary>Actions need not be best responses for the state update and the costs.</summary>
    [Fact]
    public void Advance_PrescribedActions_GivesTheSpecifiedStatesAndCosts()
    {
        Fraction[] mu = Rationals("1 1"), loads = Rationals("1 2");
        GameCosts.OfPlacement<Fraction>(Rationals("1/2 1/2"), loads, mu).ShouldBe(Fraction.Parse("7/4"));
        DynamicGame.Advance<Fraction>(loads, mu, Rationals("1/2 1/2"));
        loads.ShouldBe(Rationals("1/2 3/2"));
        Fraction weighted = GameCosts.OfPlacement<Fraction>(Rationals("3/2 0"), loads, mu);
        weighted.ShouldBe(Fraction.Parse("15/8"));
        (weighted / Fraction.Parse("3/2")).ShouldBe(Fraction.Parse("5/4"));
        DynamicGame.Advance<Fraction>(loads, mu, Rationals("3/2 0"));
        loads.ShouldBe(Rationals("1 1/2"));
    }

    [Fact]
    public void RunSequential_PicksEnd_RunEndsThere()
    {
        DynamicRun<Fraction> run = DynamicGame.RunSequential(NewGame("1 2 1", "4 2 1", "2 3"), [0, 1]);
        (run.Converged, run.Steps).ShouldBe((false, 2));
        run.FinalLoads.ShouldBe(Rationals("2 4/3 2/3"));
    }

    [Fact]
    public void CopyPlacement_BeforeAnyStep_Throws() =>
        Should.Throw<InvalidOperationException>(() =>
            new CompressedDynamics<double>(new GameInstance<double>([1], [1], [0.5])).CopyPlacement(new double[1]));

    /// <summary>0.3/0.1 and such leave levels a rounding error away from a whole number of steps.</summary>
    [Fact]
    public void RunSequential_LevelsRoundedPastAnInteger_CountsAsExactly()
    {
        for (int k = 1; k <= 40; k++)
        {
            var instance = new GameInstance<double>([0.1, 0.7], [0.1 * k, 0], [0.3]);
            GameInstance<Fraction> exact = NewGame("1/10 7/10", $"{k}/10 0", "3/10");
            DynamicGame.RunSequential(instance, Picks.RoundRobin(1)).Steps
                .ShouldBe(DynamicGame.RunSequential(exact, Picks.RoundRobin(1)).Steps);
            IterationBounds.ForSequential(instance).ShouldBe(IterationBounds.ForSequential(exact));
        }
    }

    /// <summary>A load that a server works off in next to no time is one until the first step, and T at least 1.</summary>
    [Theory]
    [InlineData(1e12)]
    [InlineData(1e15)]
    [InlineData(1e300)]
    public void RunSequential_LoadThatIsLittleForTheRate_TakesOneStep(double rate)
    {
        var instance = new GameInstance<double>([rate], [1], [0.5]);

        DynamicRun<double> run = DynamicGame.RunSequential(instance, Picks.RoundRobin(1));

        (run.Converged, run.Steps, run.FinalLoads[0]).ShouldBe((true, 1, 0.0));
        IterationBounds bounds = IterationBounds.ForSequential(instance)!;
        (bounds.Lower, bounds.Upper).ShouldBe((1, 1));
    }
}
