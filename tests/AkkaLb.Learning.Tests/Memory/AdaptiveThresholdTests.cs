using AkkaLb.Learning.Memory;

namespace AkkaLb.Learning.Tests.Memory;

public class AdaptiveThresholdTests
{
    private static readonly ExperienceOptions Share = new() { Target = ThresholdTarget.Share, TargetValue = 0.25, AdaptEvery = 2 };
    private static readonly ExperienceOptions Loss = new()
    {
        Target = ThresholdTarget.Loss, TargetValue = 0.02, AdaptEvery = 2, ProbeEvery = 4,
    };

    [Fact]
    public void Observe_ShareOfExchangesFallsWithDelta_ReachesTheTarget()
    {
        AdaptiveThreshold threshold = AdaptiveThreshold.Start;
        double share = 0;
        for (int episode = 0; episode < 400; episode++)
        {
            share = Math.Exp(-threshold.Factor / 20);
            threshold = threshold.Observe(Share, episode, 0.02, (long)(10_000 * share), 10_000);
        }

        share.ShouldBe(0.25, 0.02);
    }

    [Fact]
    public void Observe_LossGrowsWithDelta_ReachesTheTarget()
    {
        AdaptiveThreshold threshold = AdaptiveThreshold.Start;
        double loss = 0;
        for (int episode = 0; episode < 2000; episode++)
        {
            loss = 0.005 * threshold.Factor;
            bool probe = AdaptiveThreshold.IsProbe(Loss, episode);
            probe.ShouldBe(episode % 4 == 0);
            threshold = threshold.Observe(Loss, episode, probe ? 0.02 : 0.02 * (1 + loss), 1, 1);
        }

        loss.ShouldBe(0.02, 0.004);
    }

    [Fact]
    public void Observe_NoTarget_LeavesDeltaAsItIs() =>
        AdaptiveThreshold.Start.Observe(new ExperienceOptions(), 0, 0.02, 5, 10).ShouldBe(AdaptiveThreshold.Start);

    [Fact]
    public void Observe_BetweenTwoChanges_FactorStays()
    {
        AdaptiveThreshold once = AdaptiveThreshold.Start.Observe(Share, 0, 0.02, 10, 10);
        once.Factor.ShouldBe(1);
        once.Observe(Share, 1, 0.02, 10, 10).Factor.ShouldBe(Math.Exp(0.25));
    }
}
