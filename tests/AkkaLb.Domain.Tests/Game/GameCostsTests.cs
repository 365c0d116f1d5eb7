using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class GameCostsTests
{
    [Fact]
    public void Costs_SpecifiedProfile_AreExact()
    {
        GameInstance<Fraction> instance = NewGame("2 1 2", "1 2 1", "3 2");
        Profile<Fraction> profile = Profile<Fraction>.FromRows(Rows("2 1/2 1/2; 1 0 1"));

        profile.Totals().ShouldBe(Rationals("3 1/2 3/2"));
        Equilibrium<Fraction>.Levels(instance, profile).ShouldBe(Rationals("2 5/2 5/4"));
        GameCosts.JobWeighted(instance, profile).ShouldBe(Rationals("75/16 11/4"));
        GameCosts.Average(instance, profile).ShouldBe(Rationals("25/16 11/8"));
        GameCosts.Potential(instance, profile).ShouldBe(Fraction.Parse("99/16"));
        GameCosts.Social(instance, profile).ShouldBe(Fraction.Parse("119/16"));
        Sum(GameCosts.Average(instance, profile)).ShouldBe(Fraction.Parse("47/16"));
        Equilibrium<Fraction>.IsEquilibrium(instance, profile).ShouldBeFalse();
    }

    /// <summary>The marginal wait is linear in what is placed, so the midpoint rule gives the integral exactly.</summary>
    [Fact]
    public void OfPlacement_AnyPlacement_IsTheIntegralOfTheMarginalWait() => Check(Static, game =>
    {
        (GameInstance<Fraction> instance, Fraction[] l) = (game.Instance, RandomRow(game.Instance, 0, new SplitMix64((ulong)game.Pick)));
        Fraction integral = 0;
        const int pieces = 7;
        for (int j = 0; j < l.Length; j++)
        {
            for (int k = 0; k < pieces; k++)
            {
                Fraction middle = l[j] * new Fraction(2 * k + 1, 2 * pieces);
                integral += l[j] / pieces * (instance.Loads[j] + middle) / instance.Rates[j];
            }
        }

        GameCosts.OfPlacement<Fraction>(l, instance.Loads.AsSpan(), instance.Rates.AsSpan()).ShouldBe(integral);
    });

    [Fact]
    public void Potential_OnePlayerMoves_ChangesAsItsJobWeightedCost() => Check(Static, game =>
    {
        (GameInstance<Fraction> instance, Profile<Fraction> before, Profile<Fraction> after, int i) = Move(game);
        Fraction change = GameCosts.Potential(instance, after) - GameCosts.Potential(instance, before);
        Fraction weighted = GameCosts.JobWeighted(instance, after)[i] - GameCosts.JobWeighted(instance, before)[i];
        Fraction average = GameCosts.Average(instance, after)[i] - GameCosts.Average(instance, before)[i];
        weighted.ShouldBe(change);
        (instance.Lengths[i] * average).ShouldBe(change);
    });

    [Fact]
    public void Potential_AnyProfile_IsThePublishedDoubleSum() => Check(Static, game =>
    {
        (GameInstance<Fraction> instance, Profile<Fraction> l) = (game.Instance, game.Start);
        Fraction sum = 0;
        for (int j = 0; j < instance.Servers; j++)
        {
            for (int i = 0; i < instance.Players; i++)
            {
                sum += l[i, j] * (l[i, j] / 2 + instance.Loads[j]) / instance.Rates[j];
                for (int k = i + 1; k < instance.Players; k++)
                {
                    sum += l[i, j] * l[k, j] / instance.Rates[j];
                }
            }
        }

        GameCosts.Potential(instance, l).ShouldBe(sum);
    });

    /// <summary>Around this cycle of moves the mover's W changes by 0 in sum, as an exact potential demands, but its D by −2.</summary>
    [Fact]
    public void AverageCost_CycleOfMoves_HasNoExactPotential()
    {
        GameInstance<Fraction> instance = NewGame("1 1", "0 0", "1 2");
        (int First, int Second)[] cycle = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)];
        Fraction weighted = 0, average = 0;
        for (int step = 0; step + 1 < cycle.Length; step++)
        {
            int mover = cycle[step].First != cycle[step + 1].First ? 0 : 1;
            Profile<Fraction> before = Pure(cycle[step]), after = Pure(cycle[step + 1]);
            weighted += GameCosts.JobWeighted(instance, after)[mover] - GameCosts.JobWeighted(instance, before)[mover];
            average += GameCosts.Average(instance, after)[mover] - GameCosts.Average(instance, before)[mover];
        }

        weighted.ShouldBe(0);
        average.ShouldBe(-2);

        static Profile<Fraction> Pure((int First, int Second) servers)
        {
            var profile = new Profile<Fraction>(2, 2);
            profile[0][servers.First] = 1;
            profile[1][servers.Second] = 2;
            return profile;
        }
    }

    [Fact]
    public void Potential_BetweenTwoProfiles_IsJointlyConvex() => Check(Static, game =>
    {
        var random = new SplitMix64((ulong)game.Pick);
        Profile<Fraction> a = RandomProfile(game.Instance, random), b = RandomProfile(game.Instance, random);
        Fraction ends = GameCosts.Potential(game.Instance, a) + GameCosts.Potential(game.Instance, b);
        (2 * GameCosts.Potential(game.Instance, Middle(a, b)) <= ends).ShouldBeTrue();
    });

    /// <summary>Second difference of a quadratic with Hessian diagonal 1/μ_j.</summary>
    [Fact]
    public void JobWeightedCost_InTheOwnAction_HasCurvatureOneOverRate() => Check(Static, game =>
    {
        (GameInstance<Fraction> instance, Profile<Fraction> a, Profile<Fraction> b, int i) = Move(game);
        Fraction expected = 0;
        for (int j = 0; j < instance.Servers; j++)
        {
            Fraction half = (b[i, j] - a[i, j]) / 2;
            expected += half * half / instance.Rates[j];
        }

        Fraction second = Cost(a) - 2 * Cost(Middle(a, b)) + Cost(b);
        second.ShouldBe(expected);

        Fraction Cost(Profile<Fraction> profile) => GameCosts.JobWeighted(instance, profile)[i];
    });

    /// <summary>Two players who exchange work on two servers move along the eigenvector (1, −1) with eigenvalue −1/μ on both.</summary>
    [Fact]
    public void SocialCost_ExchangeBetweenPlayers_IsConcave()
    {
        GameInstance<Fraction> instance = NewGame("2 5", "1 3", "2 2");
        Profile<Fraction> a = Profile<Fraction>.FromRows(Rows("2 0; 0 2")), b = Profile<Fraction>.FromRows(Rows("0 2; 2 0"));
        Fraction second = GameCosts.Social(instance, a) - 2 * GameCosts.Social(instance, Middle(a, b)) + GameCosts.Social(instance, b);
        // On each server the step is (1, −1), squared length 2.
        second.ShouldBe(2 * (new Fraction(-1, 2) + new Fraction(-1, 5)));
    }

    [Fact]
    public void Social_AnyProfile_IsAtLeastThePotential() => Check(Static, game =>
        (GameCosts.Social(game.Instance, game.Start) >= GameCosts.Potential(game.Instance, game.Start)).ShouldBeTrue());

    private static (GameInstance<Fraction> Instance, Profile<Fraction> Before, Profile<Fraction> After, int Player) Move(GameCase game)
    {
        var random = new SplitMix64((ulong)game.Pick);
        int i = random.NextIndex(game.Instance.Players);
        Profile<Fraction> before = RandomProfile(game.Instance, random), after = before.Clone();
        RandomRow(game.Instance, i, random).CopyTo(after[i]);
        return (game.Instance, before, after, i);
    }

    private static Profile<Fraction> Middle(Profile<Fraction> a, Profile<Fraction> b)
    {
        var middle = new Profile<Fraction>(a.Players, a.Servers);
        for (int i = 0; i < a.Players; i++)
        {
            for (int j = 0; j < a.Servers; j++)
            {
                middle[i][j] = (a[i, j] + b[i, j]) / 2;
            }
        }

        return middle;
    }
}
