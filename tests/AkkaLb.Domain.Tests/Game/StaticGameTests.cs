using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class StaticGameTests
{
    [Theory]
    [ClassData(typeof(StaticVectors))]
    public void Pass_SpecifiedVector_IsExact(
        string rates, string loads, string lengths, string start, string order,
        string reached, string levels, string totals, string costs, string potential)
    {
        GameInstance<Fraction> instance = NewGame(rates, loads, lengths);
        int[] players = Rationals(order).Select(player => (int)player.Numerator).ToArray();
        var dynamics = new BestResponseDynamics<Fraction>(instance, Profile<Fraction>.FromRows(Rows(start)));

        dynamics.Pass(players).ShouldBe(Rationals(levels));

        Profile<Fraction> profile = dynamics.Profile;
        profile.ToRows().ShouldBe(Rows(reached));
        profile.Totals().ShouldBe(Rationals(totals));
        GameCosts.JobWeighted(instance, profile).ShouldBe(Rationals(costs));
        GameCosts.Average(instance, profile).ShouldBe(Rationals(costs).Zip(instance.Lengths, (cost, length) => cost / length));
        GameCosts.Potential(instance, profile).ShouldBe(Fraction.Parse(potential));
        Equilibrium<Fraction>.IsEquilibrium(instance, profile).ShouldBeTrue();
        Equilibrium<Fraction> equilibrium = Equilibrium<Fraction>.Of(instance);
        equilibrium.Level.ShouldBe(Rationals(levels)[^1]);
        equilibrium.Totals.ShouldBe(Rationals(totals));
        equilibrium.ServersUsed.ShouldBe(Rationals(totals).Count(total => total > 0));
        equilibrium.Potential.ShouldBe(Fraction.Parse(potential));

        dynamics.Pass(players);
        profile.ToRows().ShouldBe(Rows(reached), "a second pass changes nothing");

        GroupedEquilibrium<Fraction> grouped =
            GroupedPass.Run(instance, SparseProfile<Fraction>.From(Profile<Fraction>.FromRows(Rows(start))), players);
        RowsOf(grouped, instance).ShouldBe(Rows(reached));
        grouped.JobWeightedCosts().ShouldBe(Rationals(costs));

        var approximate = new BestResponseDynamics<double>(
            instance.ToDouble(), Profile<double>.FromRows(Rows(start).Select(row => row.Doubles()).ToArray()));
        approximate.Pass(players).ShouldBe(Rationals(levels).Doubles(), 1e-13);
        approximate.Profile.ToRows().SelectMany(row => row).ShouldBe(Rows(reached).SelectMany(row => row.Doubles()), 1e-13);
        Equilibrium<double>.IsEquilibrium(approximate.Instance, approximate.Profile).ShouldBeTrue();
    }

    [Fact]
    public void Pass_AnyStartAndOrder_ReachesAnEquilibriumForGood() => Check(Static, game =>
    {
        (GameInstance<Fraction> instance, Equilibrium<Fraction> equilibrium) = (game.Instance, Equilibrium<Fraction>.Of(game.Instance));
        var dynamics = new BestResponseDynamics<Fraction>(instance, game.Start);

        Fraction[] levels = dynamics.Pass(game.Order);

        levels.ShouldBe(levels.Order().ToArray(), "the level never falls");
        levels[^1].ShouldBe(equilibrium.Level);
        Equilibrium<Fraction>.IsEquilibrium(instance, dynamics.Profile).ShouldBeTrue();
        dynamics.Profile.Totals().ShouldBe(equilibrium.Totals);
        GameCosts.Potential(instance, dynamics.Profile).ShouldBe(equilibrium.Potential);
        Fraction[][] reached = dynamics.Profile.ToRows();
        dynamics.Pass(game.Order.Reverse());
        dynamics.Profile.ToRows().ShouldBe(reached);
    });

    [Fact]
    public void Update_FullStart_NeverRaisesThePotential() => Check(Static, game =>
    {
        Profile<Fraction> start = RandomProfile(game.Instance, new SplitMix64((ulong)game.Pick));
        var dynamics = new BestResponseDynamics<Fraction>(game.Instance, start);
        Fraction potential = GameCosts.Potential(game.Instance, start);
        foreach (int player in game.Order)
        {
            dynamics.Update(player);
            Fraction next = GameCosts.Potential(game.Instance, dynamics.Profile);
            (next <= potential).ShouldBeTrue();
            potential = next;
        }
    });

    [Fact]
    public void Update_RandomPlayersWithRepeats_EquilibriumOnceAllHaveMoved() => Check(Static, game =>
    {
        var random = new SplitMix64((ulong)game.Pick);
        var dynamics = new BestResponseDynamics<Fraction>(game.Instance, game.Start);
        var moved = new HashSet<int>();
        while (moved.Count < game.Instance.Players)
        {
            int player = random.NextIndex(game.Instance.Players);
            dynamics.Update(player);
            moved.Add(player);
        }

        Equilibrium<Fraction>.IsEquilibrium(game.Instance, dynamics.Profile).ShouldBeTrue();
    });

    /// <summary>The paper's positivity assumption buys this, and only this.</summary>
    [Fact]
    public void Update_PositiveStart_UsesNestedSetsOfServers() => Check(Static, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        var dynamics = new BestResponseDynamics<Fraction>(instance, Profile<Fraction>.Uniform(instance));
        HashSet<int> used = [];
        foreach (int player in game.Order)
        {
            dynamics.Update(player);
            var support = Enumerable.Range(0, instance.Servers).Where(j => dynamics.Profile[player, j] > 0).ToHashSet();
            used.IsSubsetOf(support).ShouldBeTrue();
            used = support;
        }
    });

    [Fact]
    public void IsEquilibrium_AnyProfile_IffNobodyGainsByMoving() => Check(Static, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        var random = new SplitMix64((ulong)game.Pick);
        Profile<Fraction> profile = RandomProfile(instance, random);
        if (game.Pick % 2 == 0)
        {
            profile = AnotherEquilibrium(instance, random);
        }

        bool gains = false;
        for (int i = 0; i < instance.Players; i++)
        {
            var moved = new BestResponseDynamics<Fraction>(instance, profile.Clone());
            moved.Update(i);
            gains |= GameCosts.JobWeighted(instance, moved.Profile)[i] < GameCosts.JobWeighted(instance, profile)[i];
        }

        Equilibrium<Fraction>.IsEquilibrium(instance, profile).ShouldBe(!gains);
    });

    [Fact]
    public void Equilibrium_AnyMatrixWithItsSums_IsOneAndCostsAsStated() => Check(Static, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        Equilibrium<Fraction> equilibrium = Equilibrium<Fraction>.Of(instance);
        foreach (Profile<Fraction> profile in new[]
        {
            equilibrium.Proportional(instance), AnotherEquilibrium(instance, new SplitMix64((ulong)game.Pick)),
        })
        {
            Equilibrium<Fraction>.IsEquilibrium(instance, profile).ShouldBeTrue();
            profile.Totals().ShouldBe(equilibrium.Totals);
            Fraction[] costs = GameCosts.JobWeighted(instance, profile);
            for (int i = 0; i < instance.Players; i++)
            {
                Fraction squares = Sum(profile[i].ToArray().Zip(instance.Rates, (amount, rate) => amount * amount / (2 * rate)));
                costs[i].ShouldBe(instance.Lengths[i] * equilibrium.Level - squares);
            }
        }
    });

    [Fact]
    public void Equilibrium_AnyGame_MeetsItsFormulas() => Check(Static, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        Equilibrium<Fraction> equilibrium = Equilibrium<Fraction>.Of(instance);
        (Fraction load, Fraction rate, Fraction potential) = (instance.TotalLength, 0, 0);
        for (int j = 0; j < instance.Servers; j++)
        {
            Fraction total = Fraction.Max(instance.Rates[j] * equilibrium.Level - instance.Loads[j], 0);
            equilibrium.Totals[j].ShouldBe(total);
            if (total > 0)
            {
                load += instance.Loads[j];
                rate += instance.Rates[j];
                potential += (instance.Rates[j] * equilibrium.Level * equilibrium.Level
                    - instance.Loads[j] * instance.Loads[j] / instance.Rates[j]) / 2;
            }
        }

        Sum(equilibrium.Totals).ShouldBe(instance.TotalLength);
        equilibrium.Level.ShouldBe(load / rate);
        equilibrium.Potential.ShouldBe(potential);
        Profile<Fraction> other = RandomProfile(instance, new SplitMix64((ulong)game.Pick));
        (GameCosts.Potential(instance, other) >= potential).ShouldBeTrue("the potential is least in equilibrium");
    });

    /// <summary>A row of 8 in place of 1 breaks the premise: one pass misses the equilibrium.</summary>
    [Fact]
    public void Pass_RowBeyondItsLength_MissesTheEquilibrium()
    {
        GameInstance<Fraction> instance = NewGame("1 1 1", "0 0 0", "1 1");
        var dynamics = new BestResponseDynamics<Fraction>(instance, Profile<Fraction>.FromRows(Rows("0 0 0; 4 4 0")));
        dynamics.Pass();
        dynamics.Profile.ToRows().ShouldBe(Rows("0 0 1; 1/2 1/2 0"));
        Equilibrium<Fraction>.Levels(instance, dynamics.Profile).ShouldBe(Rationals("1/2 1/2 1"));
        Equilibrium<Fraction>.IsEquilibrium(instance, dynamics.Profile).ShouldBeFalse();
    }

    [Fact]
    public void Update_ZerosInTheStart_MayUseSetsThatAreNotNested()
    {
        // Player 0 leaves server 0 for server 1, player 1 the other way round; an equilibrium all the same.
        var dynamics = new BestResponseDynamics<Fraction>(
            NewGame("1 1", "0 0", "1 1"), Profile<Fraction>.FromRows(Rows("1 0; 1 0")));
        dynamics.Pass();
        dynamics.Profile.ToRows().ShouldBe(Rows("0 1; 1 0"));
    }

    [Theory]
    [InlineData(2, "1", "0", 2)] // both jump from one server to the other, for ever
    [InlineData(3, "501/1000", "499/1000", 10)] // a deviation doubles each round until it oscillates fully
    public void SimultaneousBestResponses_OfTheStaticGame_Oscillate(int players, string first, string second, int rounds)
    {
        GameInstance<Fraction> instance = NewGame("1 1", "0 0", string.Join(' ', Enumerable.Repeat("1", players)));
        Fraction[] row = [Fraction.Parse(first), Fraction.Parse(second)];
        for (int round = 0; round < rounds; round++)
        {
            Fraction deviation = row[0] - new Fraction(1, 2);
            Fraction[] others = row.Select(amount => amount * (players - 1)).ToArray();
            row = new Fraction[2];
            WaterFilling.Fill(others, [1, 1], 1, row);
            Fraction expected = -deviation * (players - 1);
            Fraction half = new(1, 2);
            (row[0] - half).ShouldBe(Fraction.Max(-half, Fraction.Min(half, expected)));
        }

        Fraction.Abs(row[0] - row[1]).ShouldBe(1);
        Equilibrium<Fraction>.IsEquilibrium(instance, Profile<Fraction>.FromRows(Enumerable.Repeat(row, players).ToArray()))
            .ShouldBeFalse();
    }

    /// <summary>Row by row, random amounts that leave the remaining columns able to take the remaining rows.</summary>
    private static Profile<Fraction> AnotherEquilibrium(GameInstance<Fraction> instance, SplitMix64 random)
    {
        Fraction[] left = [.. Equilibrium<Fraction>.Of(instance).Totals];
        var profile = new Profile<Fraction>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            Fraction rest = instance.Lengths[i];
            int first = random.NextIndex(instance.Servers);
            for (int k = 0; k < instance.Servers; k++)
            {
                int j = (first + k) % instance.Servers;
                Fraction amount = Fraction.Min(rest, left[j]);
                profile[i][j] = amount;
                (rest, left[j]) = (rest - amount, left[j] - amount);
            }
        }

        return profile;
    }

    internal static Fraction[][] RowsOf(GroupedEquilibrium<Fraction> grouped, GameInstance<Fraction> instance)
    {
        var rows = new Fraction[instance.Players][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Fraction[instance.Servers];
            grouped.CopyRow(i, rows[i]);
        }

        return rows;
    }
}
