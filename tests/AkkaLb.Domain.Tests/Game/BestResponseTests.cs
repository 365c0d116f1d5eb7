using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class BestResponseTests
{
    [Theory]
    [InlineData("2 1 1", "1 1 4", "2", "4/3", 2, "5/3 1/3 0", "23/12", "23/24")] // some servers
    [InlineData("1 2 3", "1 1 1", "6", "3/2", 3, "1/2 2 7/2", "35/6", "35/36")] // all servers
    [InlineData("1 2 3", "0 0 0", "3", "1/2", 3, "1/2 1 3/2", "3/4", "1/4")] // empty system
    [InlineData("1 1", "0 2", "2", "2", 1, "2 0", "2", "1")] // a tie at the level gets nothing
    [InlineData("1 3", "2 6", "4", "3", 2, "1 3", "10", "5/2")] // equal levels
    [InlineData("5", "7", "3", "2", 1, "3", "51/10", "17/10")] // one server
    [InlineData("1 1 1", "0 0 1", "1", "1/2", 2, "1/2 1/2 0", "1/4", "1/4")] // two idle, one busy
    [InlineData("3 1 4 2 5", "9 1 2 6 5", "7", "3/2", 3, "0 1/2 4 0 5/2", "31/4", "31/28")] // unsorted
    [InlineData("1 2", "1 1", "1/10", "11/20", 1, "0 1/10", "21/400", "21/40")] // tiny job
    public void Fill_SpecifiedVector_IsExact(
        string rates, string loads, string length, string level, int used, string placed, string weighted, string average)
    {
        Fraction[] mu = Rationals(rates), e = Rationals(loads), l = new Fraction[mu.Length];
        Fraction lambda = Fraction.Parse(length);

        WaterLevel<Fraction> water = WaterFilling.Fill(e, mu, lambda, l);

        water.ShouldBe(new WaterLevel<Fraction>(Fraction.Parse(level), used));
        l.ShouldBe(Rationals(placed));
        Fraction cost = GameCosts.OfPlacement<Fraction>(l, e, mu);
        cost.ShouldBe(Fraction.Parse(weighted));
        (cost / lambda).ShouldBe(Fraction.Parse(average));

        var approximate = new double[mu.Length];
        WaterLevel<double> inDouble = WaterFilling.Fill(e.Doubles(), mu.Doubles(), (double)lambda, approximate);
        inDouble.Level.ShouldBe((double)water.Level, 1e-14);
        inDouble.Used.ShouldBe(used);
        approximate.ShouldBe(l.Doubles(), 1e-14);
    }

    [Fact]
    public void Fill_AnyLoads_MeetsTheOptimalityConditions() => Check(Static, game =>
    {
        (Fraction[] e, Fraction[] mu, Fraction[] l, WaterLevel<Fraction> water) = Respond(game);
        Sum(l).ShouldBe(game.Instance.Lengths[0]);
        l.Count(amount => amount > 0).ShouldBe(water.Used);
        for (int j = 0; j < l.Length; j++)
        {
            (l[j] >= 0).ShouldBeTrue();
            (l[j] > 0 ? (e[j] + l[j]) / mu[j] == water.Level : e[j] / mu[j] >= water.Level).ShouldBeTrue();
        }
    });

    [Fact]
    public void Fill_AnyLoads_CostsNoMoreThanAnyOtherPlacement() => Check(Static, game =>
    {
        (Fraction[] e, Fraction[] mu, Fraction[] l, WaterLevel<Fraction> water) = Respond(game);
        Fraction least = GameCosts.OfPlacement<Fraction>(l, e, mu), lambda = game.Instance.Lengths[0];

        Fraction squares = Sum(l.Zip(mu, (amount, rate) => amount * amount / (2 * rate)));
        least.ShouldBe(lambda * water.Level - squares);
        (least <= LeastOverActiveSets(e, mu, lambda)).ShouldBeTrue();
        var random = new SplitMix64((ulong)game.Pick);
        for (int k = 0; k < 5; k++)
        {
            (GameCosts.OfPlacement<Fraction>(RandomRow(game.Instance, 0, random), e, mu) >= least).ShouldBeTrue();
        }
    });

    /// <summary>Equations (11) and (12), in the paper's relative available rates.</summary>
    [Fact]
    public void Fill_LoadedServers_IsThePublishedClosedForm() => Check(Static, game =>
    {
        Fraction[] mu = [.. game.Instance.Rates], e = game.Instance.Loads.Select(load => load + new Fraction(1, 3)).ToArray();
        Fraction lambda = game.Instance.Lengths[0];
        var l = new Fraction[mu.Length];
        WaterLevel<Fraction> water = WaterFilling.Fill(e, mu, lambda, l);

        int[] byRate = Enumerable.Range(0, mu.Length).OrderByDescending(j => mu[j] / e[j]).ToArray();
        int c = 1;
        while (c < mu.Length && Head(c) > e[byRate[c]] / mu[byRate[c]] * Rate(c))
        {
            c++;
        }

        water.Used.ShouldBe(c);
        for (int k = 0; k < mu.Length; k++)
        {
            int j = byRate[k];
            Fraction fraction = k < c ? mu[j] / lambda * (Head(c) / Rate(c) - e[j] / mu[j]) : 0;
            (l[j] / lambda).ShouldBe(fraction);
        }

        Fraction Head(int count) => lambda + Sum(byRate.Take(count).Select(j => mu[j] / (mu[j] / e[j])));
        Fraction Rate(int count) => Sum(byRate.Take(count).Select(j => mu[j]));
    });

    [Fact]
    public void Fill_EmptySystem_SplitsByRate() => Check(Static, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        Fraction lambda = instance.Lengths[0];
        Fraction[] mu = [.. instance.Rates], none = new Fraction[mu.Length], l = new Fraction[mu.Length];
        WaterFilling.Fill(none, mu, lambda, l);
        l.ShouldBe(mu.Select(rate => lambda * rate / instance.TotalRate));
        GameCosts.OfPlacement<Fraction>(l, none, mu).ShouldBe(lambda * lambda / (2 * instance.TotalRate));
    });

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e-9)]
    [InlineData(1e30)]
    public void Fill_JobOfAnotherMagnitudeThanTheLoads_IsPlacedWhole(double length)
    {
        var placed = new double[3];
        WaterLevel<double> water = WaterFilling.Fill([7, 3.1, 9], [2, 1, 3], length, placed);
        placed.Sum().ShouldBe(length, 1e-12 * length);
        placed.ShouldAllBe(amount => amount >= 0);
        water.Used.ShouldBe(placed.Count(amount => amount > 0));
    }

    [Fact]
    public void Fill_ManyServers_AgreesWithSorting()
    {
        var random = new SplitMix64(3);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            // Levels spread over many orders of magnitude need the most rounds.
            double[] mu = Draw(() => 1 + random.NextDouble()), e = Draw(() => Math.Exp(20 * random.NextDouble()));
            double volume = Math.Exp(25 * random.NextDouble());
            WaterLevel<double> water = WaterFilling.Level<double>(e, mu, volume);

            int[] order = Enumerable.Range(0, mu.Length).OrderBy(j => e[j] / mu[j]).ToArray();
            double load = volume, rate = 0, level = 0;
            int c = 0;
            while (c < order.Length && (c == 0 || e[order[c]] / mu[order[c]] < level))
            {
                load += e[order[c]];
                rate += mu[order[c++]];
                level = load / rate;
            }

            water.Used.ShouldBe(c);
            water.Level.ShouldBe(level, 1e-12 * level);
        }

        double[] Draw(Func<double> next) => Enumerable.Range(0, 500).Select(_ => next()).ToArray();
    }

    private static (Fraction[] Loads, Fraction[] Rates, Fraction[] Placed, WaterLevel<Fraction> Water) Respond(GameCase game)
    {
        Fraction[] e = [.. game.Instance.Loads], mu = [.. game.Instance.Rates], l = new Fraction[e.Length];
        return (e, mu, l, WaterFilling.Fill(e, mu, game.Instance.Lengths[0], l));
    }

    /// <summary>The best of the candidates that use exactly a given set of servers at one level, over all sets.</summary>
    private static Fraction LeastOverActiveSets(Fraction[] e, Fraction[] mu, Fraction lambda)
    {
        Fraction? least = null;
        for (int set = 1; set < 1 << e.Length; set++)
        {
            int[] used = Enumerable.Range(0, e.Length).Where(j => (set >> j & 1) != 0).ToArray();
            Fraction level = (lambda + Sum(used.Select(j => e[j]))) / Sum(used.Select(j => mu[j]));
            var l = new Fraction[e.Length];
            foreach (int j in used)
            {
                l[j] = mu[j] * level - e[j];
            }

            if (l.All(amount => amount >= 0))
            {
                Fraction cost = GameCosts.OfPlacement<Fraction>(l, e, mu);
                least = least is { } value && value < cost ? value : cost;
            }
        }

        return least!.Value;
    }
}
