using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class NoisyRatesTests
{
    [Fact]
    public void FractionShift_SpecifiedVector_IsExact()
    {
        Fraction[] mu = Rationals("2 1 1"), e = Rationals("1 1 4"), observed = Rationals("21/10 19/20 1");
        Fraction[] exact = new Fraction[3], noisy = new Fraction[3], shift = new Fraction[3], bound = new Fraction[3];
        WaterFilling.Fill(e, mu, 2, exact);
        WaterFilling.Fill(e, observed, 2, noisy);
        NoisyRates.FractionShift(e, mu, observed, (Fraction)2, shift);
        NoisyRates.FractionShiftBound(e, mu, (Fraction)2, new Fraction(1, 10), bound);

        exact.Select(amount => amount / 2).ShouldBe(Rationals("5/6 1/6 0"));
        noisy.Select(amount => amount / 2).ShouldBe(Rationals("107/122 15/122 0"));
        shift.ShouldBe(Rationals("8/183 -8/183 0"));
        bound.ShouldBe(Rationals("1/14 1/14 0"));
    }

    [Fact]
    public void FractionShift_SameServersUsed_IsTheDifferenceAndWithinTheBound()
    {
        int checkedCases = 0;
        Check(Static, game =>
        {
            Fraction[] mu = [.. game.Instance.Rates], e = [.. game.Instance.Loads], l = new Fraction[mu.Length],
                noisy = new Fraction[mu.Length];
            Fraction lambda = game.Instance.Lengths[0], noise = new(1 + game.Pick % 3, 10);
            var random = new SplitMix64((ulong)game.Pick);
            Fraction[] observed = mu.Select(rate => rate + noise * new Fraction(random.NextIndex(21) - 10, 10)).ToArray();
            WaterFilling.Fill(e, mu, lambda, l);
            WaterFilling.Fill(e, observed, lambda, noisy);
            if (!l.Select(amount => amount > 0).SequenceEqual(noisy.Select(amount => amount > 0)))
            {
                return;
            }

            checkedCases++;
            Fraction[] shift = new Fraction[mu.Length], bound = new Fraction[mu.Length];
            NoisyRates.FractionShift(e, mu, observed, lambda, shift);
            NoisyRates.FractionShiftBound(e, mu, lambda, noise, bound);
            shift.ShouldBe(noisy.Zip(l, (with, without) => (with - without) / lambda));
            shift.Zip(bound).ShouldAllBe(pair => Fraction.Abs(pair.First) <= pair.Second);
        }, cases: 500);
        checkedCases.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void FractionShiftBound_NoiseAsLargeAsTheRates_Throws() =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
            NoisyRates.FractionShiftBound([1.0, 1.0], [1.0, 1.0], 5.0, 1.0, new double[2]));
}
