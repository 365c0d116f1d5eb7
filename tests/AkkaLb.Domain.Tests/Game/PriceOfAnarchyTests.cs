using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class PriceOfAnarchyTests
{
    [Theory]
    [InlineData("1 1", "0 0", "1 1", "1", "1 1", "1", "3/2", "3/2", "2", 1.5, 1, 1.5, 1, "1 0; 0 1", "1/2 1/2; 1/2 1/2")]
    [InlineData("1 1 1", "0 0 0", "1 1 1", "1", "1 1 1", "3/2", "5/3", "5/3", "2", 2.5, 1.5, 2.5, 1.5,
        "1 0 0; 0 1 0; 0 0 1", "1/3 1/3 1/3; 1/3 1/3 1/3; 1/3 1/3 1/3")]
    [InlineData("1 2", "0 0", "1 3", "4/3", "4/3 8/3", "8/3", "11/8", "3/2", "2", 3.666666667, 2.75, 2, 1.25,
        "1 0; 0 3", "1/3 2/3; 1 2")]
    [InlineData("1 2", "1 0", "1 3", "5/3", "2/3 10/3", "11/3", "15/11", "3/2", "20/11", 4.833333333, 3.75, 2.583333333, 2.25,
        "1 0; 0 3", "0 1; 2/3 7/3")]
    [InlineData("1 2 3", "1 1 1", "4", "7/6", "1/6 4/3 5/2", "19/6", "1", "1", "28/19", 3.166666667, 3.166666667, 0.791666667, 0.791666667,
        "1/6 4/3 5/2", "1/6 4/3 5/2")]
    [InlineData("1 2 3", "2 1 24", "1 2 3", "3", "1 5 0", "45/4", "188/135", "5/3", null, 15.416666667, 13.5, 7.875, 6.75,
        "0 1 0; 2 0 0; 0 3 0", "0 1 0; 1/3 5/3 0; 2/3 7/3 0")]
    public void Bounds_SpecifiedVector_Agree(
        string rates, string loads, string lengths, string level, string totals, string potential, string instanceBound,
        string universalBound, string? reconstructed, double worst, double optimum, double worstAverage, double optimumAverage,
        string optimalProfile, string worstProfile)
    {
        GameInstance<Fraction> instance = NewGame(rates, loads, lengths);
        Equilibrium<Fraction> equilibrium = Equilibrium<Fraction>.Of(instance);
        equilibrium.Level.ShouldBe(Fraction.Parse(level));
        equilibrium.Totals.ShouldBe(Rationals(totals));
        equilibrium.Potential.ShouldBe(Fraction.Parse(potential));
        PriceOfAnarchy.InstanceBound(instance).ShouldBe(Fraction.Parse(instanceBound));
        PriceOfAnarchy.UniversalBound<Fraction>(instance.Players).ShouldBe(Fraction.Parse(universalBound));
        PriceOfAnarchy.ReconstructedBound(instance).ShouldBe(reconstructed is null ? null : Fraction.Parse(reconstructed));

        GameInstance<double> approximate = instance.ToDouble();
        CostedProfile least = SocialOptimum.Of(approximate), most = WorstEquilibrium.Of(approximate);
        least.Cost.ShouldBe(optimum, 1e-9);
        most.Cost.ShouldBe(worst, 1e-9);
        SocialOptimum.Of(approximate, SocialCost.Average).Cost.ShouldBe(optimumAverage, 1e-9);
        WorstEquilibrium.Of(approximate, SocialCost.Average).Cost.ShouldBe(worstAverage, 1e-9);
        GameCosts.Social(approximate, least.Profile).ShouldBe(least.Cost, 1e-12);
        ShouldBeRows(most.Profile, worstProfile);
        // There may be several optima; the specified one is another of the same cost.
        Profile<double> specified = Profile<double>.FromRows(Rows(optimalProfile).Select(row => row.Doubles()).ToArray());
        GameCosts.Social(approximate, specified).ShouldBe(least.Cost, 1e-12);
    }

    [Fact]
    public void Costs_AnyEquilibriumAndProfile_LieWithinAllBounds() => Check(Static, game =>
    {
        if (!IsTiny(game.Instance))
        {
            return;
        }

        GameInstance<double> instance = game.Instance.ToDouble();
        CostedProfile least = SocialOptimum.Of(instance), most = WorstEquilibrium.Of(instance);
        const double slack = 1e-9;
        double bound = PriceOfAnarchy.InstanceBound(instance), universal = PriceOfAnarchy.UniversalBound<double>(instance.Players);
        (most.Cost / least.Cost).ShouldBeLessThanOrEqualTo(bound + slack);
        bound.ShouldBeLessThanOrEqualTo(universal + slack);
        bound.ShouldBeLessThanOrEqualTo((PriceOfAnarchy.ReconstructedBound(instance) ?? double.PositiveInfinity) + slack);
        bound.ShouldBeLessThanOrEqualTo((PriceOfAnarchy.ZeroLoadBound(instance) ?? double.PositiveInfinity) + slack);
        least.Cost.ShouldBeGreaterThanOrEqualTo(Equilibrium<double>.Of(instance).Potential - slack);
        Equilibrium<double>.IsEquilibrium(instance, most.Profile).ShouldBeTrue();

        var random = new SplitMix64((ulong)game.Pick);
        for (int k = 0; k < 5; k++)
        {
            Profile<Fraction> sampled = RandomProfile(game.Instance, random);
            ((double)GameCosts.Social(game.Instance, sampled)).ShouldBeGreaterThanOrEqualTo(least.Cost - slack);
        }

        foreach (IEnumerable<int> order in new[] { game.Order, game.Order.Reverse() })
        {
            var dynamics = new BestResponseDynamics<Fraction>(game.Instance, game.Start.Clone());
            dynamics.Pass(order);
            ((double)GameCosts.Social(game.Instance, dynamics.Profile)).ShouldBeLessThanOrEqualTo(most.Cost + slack);
        }
    });

    [Fact]
    public void AverageCosts_AnyGame_LieWithinTheirBound() => Check(Static, game =>
    {
        if (IsTiny(game.Instance))
        {
            GameInstance<double> instance = game.Instance.ToDouble();
            double ratio = WorstEquilibrium.Of(instance, SocialCost.Average).Cost / SocialOptimum.Of(instance, SocialCost.Average).Cost;
            ratio.ShouldBeInRange(1 - 1e-9, PriceOfAnarchy.AverageCostBound(instance) + 1e-9);
        }
    });

    [Fact]
    public void InstanceBound_AnyGame_OrderOfTheBoundsIsExact() => Check(Static, game =>
    {
        Fraction bound = PriceOfAnarchy.InstanceBound(game.Instance);
        (bound >= 1).ShouldBeTrue();
        (bound <= PriceOfAnarchy.UniversalBound<Fraction>(game.Instance.Players)).ShouldBeTrue();
        (PriceOfAnarchy.ReconstructedBound(game.Instance) is not { } reconstructed || bound <= reconstructed).ShouldBeTrue();

        Equilibrium<Fraction> equilibrium = Equilibrium<Fraction>.Of(game.Instance);
        (Fraction a, Fraction b) = (0, 0);
        for (int j = 0; j < game.Instance.Servers; j++)
        {
            a += game.Instance.Loads[j] * equilibrium.Totals[j] / game.Instance.Rates[j];
            b += equilibrium.Totals[j] * equilibrium.Totals[j] / game.Instance.Rates[j];
        }

        (a + b).ShouldBe(game.Instance.TotalLength * equilibrium.Level);
    });

    [Fact]
    public void ZeroLoads_AnyGame_WorstEquilibriumIsTheProportionalOne() => Check(Static, game =>
    {
        var instance = new GameInstance<Fraction>(
            game.Instance.Rates.AsSpan(), new Fraction[game.Instance.Servers], game.Instance.Lengths.AsSpan());
        Fraction squares = Sum(instance.Lengths.Select(length => length * length));
        Fraction cost = (instance.TotalLength * instance.TotalLength - squares / 2) / instance.TotalRate;

        GameCosts.Social(instance, Equilibrium<Fraction>.Of(instance).Proportional(instance)).ShouldBe(cost);
        WorstEquilibrium.Of(instance.ToDouble()).Cost.ShouldBe((double)cost, 1e-9);
        PriceOfAnarchy.ZeroLoadBound(instance).ShouldBe(2 - squares / (instance.TotalLength * instance.TotalLength));
        (PriceOfAnarchy.ZeroLoadBound(instance) <= PriceOfAnarchy.UniversalBound<Fraction>(instance.Players)).ShouldBeTrue();
        PriceOfAnarchy.ReconstructedBound(instance).ShouldBe(2);
    });

    [Fact]
    public void ZeroLoadBound_SomeLoad_IsNone() => PriceOfAnarchy.ZeroLoadBound(NewGame("1 1", "0 1", "1")).ShouldBeNull();

    /// <summary>n = m identical servers and jobs attain 2 − 1/n.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void UniversalBound_IdenticalServersAndJobs_IsTight(int n)
    {
        double[] ones = Enumerable.Repeat(1.0, n).ToArray();
        var instance = new GameInstance<double>(ones, new double[n], ones);
        WorstEquilibrium.Of(instance).Cost.ShouldBe(n - 0.5, 1e-12);
        SocialOptimum.Of(instance).Cost.ShouldBe(n / 2.0, 1e-12);
    }

    /// <summary>The sum of the average costs has no constant bound: a long job hides what the short ones lose.</summary>
    [Fact]
    public void AverageCosts_OneLongAndTwoShortJobs_ExceedTheUniversalBound()
    {
        var instance = new GameInstance<double>([1, 1], [0, 0], [1000, 0.001, 0.001]);
        double ratio = WorstEquilibrium.Of(instance, SocialCost.Average).Cost / SocialOptimum.Of(instance, SocialCost.Average).Cost;
        ratio.ShouldBe(2.5, 1e-4);
    }

    /// <summary>Two servers suffice for two local optima, of which a descent finds one only.</summary>
    [Fact]
    public void SocialOptimum_TwoLocalOptima_FindsTheBetter()
    {
        var instance = new GameInstance<double>([1, 2], [0, 0], [1, 3]);
        GameCosts.Social(instance, Profile<double>.FromRows([[0, 1], [3, 0]])).ShouldBe(4.75);
        SocialOptimum.Of(instance).Cost.ShouldBe(2.75, 1e-12);
    }

    [Theory]
    [InlineData(SocialCost.JobWeighted)]
    [InlineData(SocialCost.Average)]
    public void SocialOptimum_AnyGame_NoSmallShiftIsCheaper(SocialCost objective) => Check(Static, game =>
    {
        if (!IsTiny(game.Instance))
        {
            return;
        }

        GameInstance<double> instance = game.Instance.ToDouble();
        CostedProfile least = SocialOptimum.Of(instance, objective);
        for (int i = 0; i < instance.Players; i++)
        {
            for (int from = 0; from < instance.Servers; from++)
            {
                for (int to = 0; to < instance.Servers; to++)
                {
                    Profile<double> shifted = least.Profile.Clone();
                    double amount = Math.Min(1e-3, shifted[i, from]);
                    shifted[i][from] -= amount;
                    shifted[i][to] += amount;
                    double[] costs = objective == SocialCost.JobWeighted
                        ? GameCosts.JobWeighted(instance, shifted) : GameCosts.Average(instance, shifted);
                    costs.Sum().ShouldBeGreaterThan(least.Cost - 1e-9);
                }
            }
        }
    });

    [Fact]
    public void SocialOptimum_TooManyFaces_Throws()
    {
        double[] ones = Enumerable.Repeat(1.0, 8).ToArray();
        SocialOptimum.IsSmallEnough(8, 8).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => SocialOptimum.Of(new GameInstance<double>(ones, ones, ones)));
    }

    [Fact]
    public void WorstEquilibrium_LargerGame_MeetsTheOptimalityConditions()
    {
        var random = new SplitMix64(4);
        GameInstance<double> instance = new InstanceRanges((1, 5), (0.1, 4), (0, 6)).Draw(30, 20, random.NextDouble);
        Profile<double> worst = WorstEquilibrium.Of(instance).Profile;
        Equilibrium<double>.IsEquilibrium(instance, worst).ShouldBeTrue();
        // No exchange of work between two players on two servers lowers the sum of squares.
        for (int repetition = 0; repetition < 5000; repetition++)
        {
            (int i, int k) = (random.NextIndex(30), random.NextIndex(30));
            (int j, int h) = (random.NextIndex(20), random.NextIndex(20));
            if (worst[i, j] > 1e-7 && worst[k, h] > 1e-7)
            {
                double slope = (worst[k, j] - worst[i, j]) / instance.Rates[j] + (worst[i, h] - worst[k, h]) / instance.Rates[h];
                (Equilibrium<double>.Of(instance).Totals[h] == 0 || slope > -1e-7).ShouldBeTrue();
            }
        }
    }

    private static bool IsTiny(GameInstance<Fraction> instance) =>
        Math.Pow((1 << instance.Servers) - 1, instance.Players) <= 400;

    private static void ShouldBeRows(Profile<double> profile, string rows) =>
        profile.ToRows().SelectMany(row => row).ShouldBe(Rows(rows).SelectMany(row => row.Doubles()), 1e-6);
}
