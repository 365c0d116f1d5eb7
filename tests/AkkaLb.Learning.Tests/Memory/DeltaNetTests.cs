using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;
using FsCheck;
using FsCheck.Fluent;

namespace AkkaLb.Learning.Tests.Memory;

/// <summary>
/// The guarantees of docs/experience-memory.md, on random sequences of cases in a square, where balls of every kind meet.
/// </summary>
public class DeltaNetTests
{
    private const double Delta = 0.1, Rounding = 1e-5;

    private static readonly DistanceMetric[] Metrics = [DistanceMetric.Euclidean, DistanceMetric.Manhattan, DistanceMetric.Cosine];

    [Fact]
    public void Permanents_AreAtLeastTheSeparationApart() => ForAnyNet((net, metric, delta) =>
    {
        List<float[]> permanents = Keys(net.Permanent);
        for (int i = 0; i < permanents.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                States.Distance(metric, permanents[i], permanents[j])
                    .ShouldBeGreaterThanOrEqualTo(MetricForm.Separation(metric, delta) * (1 - Rounding));
            }
        }
    });

    [Fact]
    public void AnyState_IsInTheBallOfAtMostOnePermanent() => ForAnyNet((net, metric, delta) =>
    {
        var random = new RandomStream(9, "anywhere");
        List<float[]> permanents = Keys(net.Permanent);
        for (int i = 0; i < 200; i++)
        {
            float[] state = States.InSquare(random, 1);
            permanents.Count(key => States.Distance(metric, state, key) < delta * (1 - Rounding)).ShouldBeLessThanOrEqualTo(1);
        }
    });

    [Fact]
    public void Temporaries_LieOutsideEveryPermanentsBall() => ForAnyNet((net, metric, delta) =>
    {
        foreach (float[] temporary in Keys(net.Temporary))
        {
            Keys(net.Permanent).ShouldAllBe(key => States.Distance(metric, temporary, key) >= delta * (1 - Rounding));
        }
    });

    [Fact]
    public void Find_AnswersWithinDelta_ByThePermanentOrByItsAction() => ForAnyNet((net, metric, delta) =>
    {
        var random = new RandomStream(9, "anywhere");
        for (int i = 0; i < 200; i++)
        {
            float[] state = States.InSquare(random, 1);
            int inBall = Keys(net.Permanent).FindIndex(key => States.Distance(metric, state, key) < delta * (1 - Rounding));
            bool familiar = net.Find(state, delta, out Recollection found);
            (familiar || inBall < 0).ShouldBeTrue();
            if (!familiar)
            {
                continue;
            }

            States.Distance(metric, state, States.Key(found.Table, found.Row)).ShouldBeLessThan(delta * (1 + Rounding));
            if (inBall >= 0 && found.Table == net.Temporary)
            {
                found.Table[found.Row].Action.ShouldBe(net.Permanent[inBall].Action);
            }
        }
    });

    [Fact]
    public void Remember_CaseIsFamiliarFromThenOn() => Check.One(Settings, Prop.ForAll(Arb.From(Gen.Choose(0, 999)), seed =>
    {
        var random = new RandomStream((ulong)seed, "cases");
        DeltaNet net = new(2, 1, DistanceMetric.Euclidean, size: 60);
        for (int i = 0; i < 120; i++)
        {
            float[] state = States.InSquare(random, 1);
            net.Remember(new ExperienceCase(state, [i], i % 2, 0, i), Delta);
            net.Find(state, Delta, out _).ShouldBeTrue();
            net.Count.ShouldBeLessThanOrEqualTo(60);
        }
    }));

    [Fact]
    public void Remember_BetweenTheBalls_IsTemporaryUntilACaseTwoDeltasAway()
    {
        DeltaNet net = new(2, 1, DistanceMetric.Euclidean, size: 10);
        Add(0, 0);
        Add(0.13f, 1);
        (net.Permanent.Count, net.Temporary.Count).ShouldBe((1, 1));
        Add(0.18f, 2);
        Keys(net.Temporary).ShouldHaveSingleItem()[0].ShouldBe(0.18f, "the case that lies further out takes over");
        Add(0.15f, 3);
        Keys(net.Temporary).ShouldHaveSingleItem()[0].ShouldBe(0.18f);
        Add(0.21f, 4);
        (net.Permanent.Count, net.Temporary.Count).ShouldBe((2, 0));
        Add(0.22f, 5);
        (net.Permanent.Count, net.Temporary.Count).ShouldBe((2, 0), "it is represented already");

        void Add(float x, int now) => net.Remember(new ExperienceCase([x, 0], [x], 0, 0, now), Delta);
    }

    [Fact]
    public void Remember_Full_GivesUpTemporariesFirst_ThenTheLeastUsed()
    {
        DeltaNet net = new(2, 1, DistanceMetric.Euclidean, size: 3);
        Add(0, 0, version: 1);
        Add(1, 1, version: 1);
        Add(1.15f, 2, version: 1);
        Add(2, 3, version: 1);
        (net.Permanent.Count, net.Temporary.Count).ShouldBe((3, 0));
        net.Find([0, 0], Delta, out Recollection used).ShouldBeTrue();
        used.MarkUsed(4);
        net.Find([2, 0], Delta, out used).ShouldBeTrue();
        used.MarkUsed(4);
        Add(3, 5, version: 2);
        net.Find([1, 0], Delta, out _).ShouldBeFalse();
        net.Find([0, 0], Delta, out _).ShouldBeTrue();
        net.Expire(2);
        Keys(net.Permanent).ShouldHaveSingleItem()[0].ShouldBe(3);

        void Add(float x, int now, long version) => net.Remember(new ExperienceCase([x, 0], [x], 0, version, now), Delta);
    }

    private static FsCheck.Config Settings => FsCheck.Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(2026, 11);

    /// <summary>Nets after random cases, some used, some expired, with Δ growing and shrinking on the way.</summary>
    private static void ForAnyNet(Action<DeltaNet, DistanceMetric, double> holds) => Check.One(
        Settings, Prop.ForAll(Arb.From(Gen.Choose(0, 999)), Arb.From(Gen.Choose(5, 80)), (seed, size) =>
        {
            DistanceMetric metric = Metrics[seed % Metrics.Length];
            var random = new RandomStream((ulong)seed, "cases");
            double delta = metric == DistanceMetric.Cosine ? 0.002 : Delta;
            DeltaNet net = new(2, 1, metric, size);
            for (int i = 0; i < 150; i++)
            {
                if (i is 50 or 100)
                {
                    net.Expire(i / 2);
                    delta *= i == 50 ? 1.5 : 0.8;
                }

                float[] state = States.InSquare(random, 1);
                if (net.Find(state, delta, out Recollection found) && random.NextInt32(2) == 0)
                {
                    found.MarkUsed(i);
                }
                else
                {
                    net.Remember(new ExperienceCase(state, [i], random.NextInt32(2), i, i), delta);
                }
            }

            net.Permanent.Count.ShouldBeGreaterThan(2);
            holds(net, metric, delta);
        }));

    private static List<float[]> Keys(ExperienceTable table) => [.. Enumerable.Range(0, table.Count).Select(row => States.Key(table, row))];
}
