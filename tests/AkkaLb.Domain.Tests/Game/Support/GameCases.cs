using AkkaLb.Domain.Game;
using FsCheck;
using FsCheck.Fluent;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>A random game in exact rationals, a start whose rows do not exceed the lengths, and an order of play.</summary>
internal sealed record GameCase(GameInstance<Fraction> Instance, Profile<Fraction> Start, int[] Order, int Pick)
{
    public override string ToString() =>
        $"rates {Text(Instance.Rates)}; loads {Text(Instance.Loads)}; lengths {Text(Instance.Lengths)}; "
        + $"start {string.Join(" | ", Start.ToRows().Select(Text))}; order {string.Join(' ', Order)}; pick {Pick}";

    private static string Text(IEnumerable<Fraction> values) => string.Join(' ', values);
}

/// <summary>Generators, small on purpose: few servers, many ties, many zeros. Every check uses the same seed each time.</summary>
internal static class GameCases
{
    /// <summary>Any game.</summary>
    public static Gen<GameCase> Static { get; } = Cases(rates => Numbers(1, 6, 2));

    /// <summary>Games with λ_max below M, so that sequential play empties the servers.</summary>
    public static Gen<GameCase> Sequential { get; } =
        Cases(rates => Numbers(1, 7, 1).Select(parts => parts / 8 * Sum(rates)));

    /// <summary>Games with Λ below M, so that simultaneous equilibrium play empties the servers.</summary>
    public static Gen<GameCase> Simultaneous { get; } =
        Cases(rates => Numbers(1, 7, 1).Select(parts => parts / 8 * Sum(rates) / 4));

    public static void Check(Gen<GameCase> games, Action<GameCase> property, int cases = 300) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(20250124, 15325),
            Prop.ForAll(games.ToArbitrary(), property));

    public static Fraction Sum(IEnumerable<Fraction> values) => values.Aggregate(Fraction.Zero, (sum, value) => sum + value);

    public static GameInstance<double> ToDouble(this GameInstance<Fraction> instance) =>
        new(Doubles(instance.Rates), Doubles(instance.Loads), Doubles(instance.Lengths));

    public static double[] Doubles(this IEnumerable<Fraction> values) => values.Select(value => (double)value).ToArray();

    /// <summary>"1 2/3 4" as rationals.</summary>
    public static Fraction[] Rationals(string text) =>
        text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(Fraction.Parse).ToArray();

    /// <summary>Rows separated by semicolons.</summary>
    public static Fraction[][] Rows(string text) => text.Split(';').Select(Rationals).ToArray();

    public static GameInstance<Fraction> NewGame(string rates, string loads, string lengths) =>
        new(Rationals(rates), Rationals(loads), Rationals(lengths));

    /// <summary>A random profile of the whole lengths, from a generator of its own.</summary>
    public static Profile<Fraction> RandomProfile(GameInstance<Fraction> instance, SplitMix64 random)
    {
        var profile = new Profile<Fraction>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            RandomRow(instance, i, random).CopyTo(profile[i]);
        }

        return profile;
    }

    public static Fraction[] RandomRow(GameInstance<Fraction> instance, int player, SplitMix64 random)
    {
        var weights = new Fraction[instance.Servers];
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = random.NextIndex(4);
        }

        weights[random.NextIndex(weights.Length)] += 1;
        Fraction sum = Sum(weights);
        return weights.Select(weight => weight / sum * instance.Lengths[player]).ToArray();
    }

    private static Gen<GameCase> Cases(Func<Fraction[], Gen<Fraction>> lengths) =>
        from players in Gen.Choose(1, 4)
        from servers in Gen.Choose(1, 4)
        from rates in Numbers(1, 5, 2).ArrayOf(servers)
        from loads in Gen.Frequency((1, Gen.Constant(new Fraction[servers])), (4, Numbers(0, 9, 2).ArrayOf(servers)))
        from jobs in lengths(rates).ArrayOf(players)
        from filled in Gen.Choose(0, 2)
        from smallestWeight in Gen.Choose(0, 1)
        from weights in Gen.Choose(smallestWeight, 3).ArrayOf(players * servers)
        from order in Gen.Shuffle(Enumerable.Range(0, players).ToArray())
        from pick in Gen.Choose(0, 1_000_000)
        let instance = new GameInstance<Fraction>(rates, loads, jobs)
        select new GameCase(instance, Start(instance, weights, new Fraction(filled, 2)), order, pick);

    private static Gen<Fraction> Numbers(int least, int greatest, int denominators) =>
        from numerator in Gen.Choose(least, greatest)
        from denominator in Gen.Choose(1, denominators)
        select new Fraction(numerator, denominator);

    /// <summary>Each row split by its weights, filled to none, half or all of the length.</summary>
    private static Profile<Fraction> Start(GameInstance<Fraction> instance, int[] weights, Fraction filled)
    {
        var profile = new Profile<Fraction>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            int[] row = weights[(i * instance.Servers)..((i + 1) * instance.Servers)];
            for (int j = 0; j < row.Length && row.Sum() > 0; j++)
            {
                profile[i][j] = new Fraction(row[j], row.Sum()) * filled * instance.Lengths[i];
            }
        }

        return profile;
    }
}
