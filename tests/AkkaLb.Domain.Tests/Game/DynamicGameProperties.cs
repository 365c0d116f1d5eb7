using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>Section 2.8 to 2.10, on exact step-by-step play of random games.</summary>
public class DynamicGameProperties
{
    [Fact]
    public void Compressed_AnyGame_IsTheStepByStepGameExactly() => Check(Sequential, game =>
    {
        var dynamics = new CompressedDynamics<Fraction>(game.Instance);
        Fraction[] loads = new Fraction[game.Instance.Servers], placed = new Fraction[game.Instance.Servers];
        foreach (PlayedStep step in Play(game))
        {
            dynamics.CopyLoads(loads);
            loads.ShouldBe(step.Loads);
            dynamics.IsIdle.ShouldBe(step.Loads.All(load => load == 0));
            dynamics.Step(step.Length);
            dynamics.DispatchLevel.ShouldBe(step.Level);
            dynamics.CopyPlacement(placed);
            placed.ShouldBe(step.Placed);
            dynamics.Served.ShouldBe(placed.Count(amount => amount > 0));
        }
    });

    [Fact]
    public void Play_AnyGame_ServedServersAreNestedAndUnservedOnesDrain() => Check(Sequential, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        HashSet<int> served = [];
        foreach (PlayedStep step in Play(game))
        {
            var now = Enumerable.Range(0, instance.Servers).Where(j => step.Placed[j] > 0).ToHashSet();
            served.IsSubsetOf(now).ShouldBeTrue();
            served.Select(j => step.Loads[j] / instance.Rates[j]).Distinct().Count()
                .ShouldBeLessThanOrEqualTo(1, "one level for all served");
            for (int j = 0; j < instance.Servers; j++)
            {
                if (!served.Contains(j))
                {
                    step.Loads[j].ShouldBe(Fraction.Max(instance.Loads[j] - step.Time * instance.Rates[j], 0));
                }
            }

            served = now;
        }
    });

    [Fact]
    public void Play_AfterAllAreServed_SplitsByRateAndDrainsLinearly() => Check(Sequential, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        long allServed = IterationBounds.ForSequential(instance)!.AllServed;
        Fraction? expectedTotal = null;
        foreach (PlayedStep step in Play(game))
        {
            Fraction total = Sum(step.Loads);
            (expectedTotal is null || total == expectedTotal).ShouldBeTrue();
            if (step.Time >= allServed)
            {
                step.Placed.ShouldAllBe(amount => amount > 0);
            }

            if (step.Time >= allServed + 1)
            {
                step.Placed.ShouldBe(instance.Rates.Select(rate => step.Length * rate / instance.TotalRate));
                expectedTotal = Fraction.Max(total + step.Length - instance.TotalRate, 0);
            }
        }
    });

    [Fact]
    public void Play_EveryStep_LowersTheTotalAndTheHighestLevel() => Check(Sequential, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        Fraction slowest = instance.Rates.Min(), drop = instance.TotalRate - instance.LongestLength;
        drop = Fraction.Min(drop, slowest);
        if (instance.Servers > 1)
        {
            drop = Fraction.Min(drop, instance.ShortestLength * slowest / (instance.TotalRate - slowest));
        }

        PlayedStep? last = null;
        foreach (PlayedStep step in Play(game))
        {
            if (last is not null)
            {
                // The key inequality of bound B3, and appendix A.3's of B2.
                Fraction highest = Highest(last) - (1 - last.Length / instance.TotalRate);
                (Highest(step) <= Fraction.Max(highest, 0)).ShouldBeTrue();
                (Sum(step.Loads) <= Fraction.Max(Sum(last.Loads) - drop, 0)).ShouldBeTrue();
            }

            last = step;
        }

        Fraction Highest(PlayedStep step) => step.Loads.Zip(instance.Rates, (load, rate) => load / rate).Max();
    });

    [Fact]
    public void Run_AnyPicks_StepsLieWithinAllBounds() => Check(Sequential, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        IterationBounds bounds = IterationBounds.ForSequential(instance)!;
        long worst = DynamicGame.RunSequential(instance, Picks.AlwaysLongest(instance)).Steps;
        foreach (IEnumerable<int> picks in new[]
        {
            Picks.RoundRobin(instance.Players), Picks.Random(instance.Players, new SplitMix64((ulong)game.Pick)),
            Picks.AlwaysLongest(instance),
        })
        {
            long steps = DynamicGame.RunSequential(instance, picks).Steps;
            steps.ShouldBeGreaterThanOrEqualTo(bounds.Lower);
            steps.ShouldBeLessThanOrEqualTo(worst, "the longest job at every step is the worst case");
            foreach (long bound in new[] { bounds.TwoPhase, bounds.TwoPhaseLoose, bounds.TwoPhaseLevel, bounds.Level, bounds.Appendix,
                bounds.Upper })
            {
                steps.ShouldBeLessThanOrEqualTo(bound);
            }
        }
    });

    [Fact]
    public void Run_LongerJobs_TakeNoFewerSteps() => Check(Sequential, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        var random = new SplitMix64((ulong)game.Pick);
        Fraction[] longer = instance.Lengths
            .Select(length => length + (instance.TotalRate - length) * new Fraction(random.NextIndex(4), 5)).ToArray();
        long shorter = DynamicGame.RunSequential(instance, Picks.RoundRobin(instance.Players)).Steps;
        DynamicGame.RunSequential(instance.WithLengths(longer), Picks.RoundRobin(instance.Players)).Steps
            .ShouldBeGreaterThanOrEqualTo(shorter);
    });

    [Fact]
    public void Play_EmptyServers_StayEmptyAtTheLeastPossibleCost() => Check(Sequential, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        Fraction[] average = DynamicGame.LongRunAverageCosts(instance);
        var random = new SplitMix64((ulong)game.Pick);
        foreach (PlayedStep step in Play(game))
        {
            Fraction cost = GameCosts.OfPlacement<Fraction>(step.Placed, step.Loads, instance.Rates.AsSpan()) / step.Length;
            bool empty = step.Loads.All(load => load == 0);
            (empty ? cost == average[step.Player] : cost >= average[step.Player]).ShouldBeTrue();

            // No other action is cheaper than the least long-run cost, whatever the state.
            Fraction[] other = RandomRow(instance, step.Player, random);
            (GameCosts.OfPlacement<Fraction>(other, step.Loads, instance.Rates.AsSpan()) / step.Length >= average[step.Player])
                .ShouldBeTrue();
        }
    });

    private sealed record PlayedStep(int Time, int Player, Fraction Length, Fraction[] Loads, Fraction[] Placed, Fraction Level);

    /// <summary>The game by its definition, three steps beyond the moment when all servers are empty.</summary>
    private static List<PlayedStep> Play(GameCase game)
    {
        GameInstance<Fraction> instance = game.Instance;
        Fraction[] loads = [.. instance.Loads];
        List<PlayedStep> steps = [];
        IEnumerator<int> picks = Picks.Random(instance.Players, new SplitMix64((ulong)game.Pick)).GetEnumerator();
        for (int left = 3; left > 0 && picks.MoveNext(); left -= loads.All(load => load == 0) ? 1 : 0)
        {
            Fraction length = instance.Lengths[picks.Current];
            var placed = new Fraction[instance.Servers];
            WaterLevel<Fraction> water = WaterFilling.Fill(loads, instance.Rates.AsSpan(), length, placed);
            steps.Add(new PlayedStep(steps.Count, picks.Current, length, [.. loads], placed, water.Level));
            DynamicGame.Advance<Fraction>(loads, instance.Rates.AsSpan(), placed);
        }

        return steps;
    }
}
