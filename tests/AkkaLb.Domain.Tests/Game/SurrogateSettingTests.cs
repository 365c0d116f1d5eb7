using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Game;

public class SurrogateSettingTests
{
    /// <summary>Table 2's counts, and for the surrogates also round robin, the worst case, and the bounds.</summary>
    [Theory]
    [InlineData(1, 110, 66, 66, 66, 66, 124, 75, 36482, 0.5385)]
    [InlineData(2, 6, 6, 6, 6, 6, 8, 6, 187925126, 0.3217)]
    [InlineData(3, 32, 19, 19, 19, 19, 27, 19, 7539749, 0.7662)]
    [InlineData(4, 9, 8, 8, 8, 8, 11, 8, 8834519, 0.7120)]
    [InlineData(5, 176, 45, 45, 48, 42, 90, 54, 6838, 0.7857)]
    [InlineData(6, 90, 19, 19, 20, 19, 39, 27, 1074, 0.8462)]
    [InlineData(7, 280, 24, 24, 24, 24, 46, 30, 2100, 0.9375)]
    public void Run_Setting_TakesThePublishedSteps(
        int number, long simultaneous, long sequential, long roundRobin, long worst, long t0, long b1, long b3, long b2, double load)
    {
        SurrogateSetting setting = SurrogateSetting.All[number - 1];
        GameInstance<double> instance = setting.Instance;
        setting.Number.ShouldBe(number);
        (setting.SimultaneousSteps, setting.SequentialSteps).ShouldBe(((int)simultaneous, (int)sequential));

        DynamicGame.RunEquilibriumPlay(instance).Steps.ShouldBe(simultaneous);
        DynamicGame.RunSequential(instance, setting.RandomPicks()).Steps.ShouldBe(sequential);
        DynamicGame.RunSequential(instance, Picks.RoundRobin(instance.Players)).Steps.ShouldBe(roundRobin);
        DynamicGame.RunSequential(instance, Picks.AlwaysLongest(instance)).Steps.ShouldBe(worst);
        IterationBounds bounds = IterationBounds.ForSequential(instance)!;
        (bounds.AllServed, bounds.TwoPhase, bounds.Level, bounds.Appendix).ShouldBe((t0, b1, b3, b2));
        (instance.TotalLength / instance.TotalRate).ShouldBe(load, 5e-5);

        // What the paper's own, lost parameters must satisfy too.
        (instance.TotalLength / instance.TotalRate).ShouldBeGreaterThan(1 - (double)sequential / (simultaneous - 1));
    }

    [Fact]
    public void Setting4_DrawnPortably_HasTheSpecifiedNumbers()
    {
        SurrogateSetting setting = SurrogateSetting.All[3];
        GameInstance<double> instance = setting.Instance;
        instance.Rates[..3].ShouldBe([6.93384022991967, 8.76153507919112, 6.163545828387309]);
        instance.Lengths[..3].ShouldBe([2.1990831363633534, 2.306697850335156, 4.267453731238945]);
        instance.Loads[..3].ShouldBe([27.80459882242777, 29.780549787172678, 24.66809009357131]);
        instance.TotalRate.ShouldBe(751.2408706076824, 1e-9);
        instance.TotalLength.ShouldBe(534.8715636559623, 1e-9);
        instance.Loads.Sum().ShouldBe(1801.491925157881, 1e-9);
        setting.RandomPicks().Take(8).ShouldBe([133, 31, 101, 147, 28, 82, 36, 55]);
        setting.RandomPicks().Take(8).ShouldBe([133, 31, 101, 147, 28, 82, 36, 55], "each enumeration starts afresh");
    }

    /// <summary>Cells of the scaling experiment: seeds 1000 n + m + 7919 q, q = 0 … 19, random picks; mean T and mean B3.</summary>
    [Theory]
    [InlineData(10, 10, 14.80, 15.65)]
    [InlineData(50, 50, 17.35, 17.55)]
    [InlineData(10, 500, 19.40, 19.40)]
    [InlineData(500, 200, 18.50, 18.55)]
    public void Scaling_SpecifiedCell_HasTheSpecifiedMeans(int players, int servers, double meanSteps, double meanBound)
    {
        (long steps, long bound) = (0, 0);
        for (int q = 0; q < 20; q++)
        {
            var generator = new SplitMix64((ulong)(1000 * players + servers + 7919 * q));
            GameInstance<double> instance = InstanceRanges.Scaling.Draw(players, servers, generator.NextDouble);
            steps += DynamicGame.RunSequential(instance, Picks.Random(players, generator)).Steps;
            bound += IterationBounds.ForSequential(instance)!.Level;
        }

        (steps / 20.0).ShouldBe(meanSteps, 0.001);
        (bound / 20.0).ShouldBe(meanBound, 0.001);
    }

    [Fact]
    public void Draw_FromAStreamOfTheRun_IsRepeatableAndWithinItsRanges()
    {
        GameInstance<double> Draw(ulong seed) =>
            InstanceRanges.Scaling.Draw(40, 30, new RandomStream(seed, "initialisation/game").NextDouble);

        GameInstance<double> instance = Draw(5);
        instance.Rates.ShouldAllBe(rate => rate >= 5 && rate < 10);
        instance.Lengths.ShouldAllBe(length => length >= 1 && length < 4);
        instance.Loads.ShouldAllBe(load => load >= 0 && load < 100);
        Draw(5).Loads.ShouldBe(instance.Loads);
        Draw(6).Loads.ShouldNotBe(instance.Loads);
    }
}
