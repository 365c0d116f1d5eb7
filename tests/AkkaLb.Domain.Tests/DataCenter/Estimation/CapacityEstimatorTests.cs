using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Domain.Tests.DataCenter.Estimation;

public class CapacityEstimatorTests
{
    private readonly CapacityEstimator _estimator = new(new EstimationOptions());
    private double _now;

    public CapacityEstimatorTests() => _estimator.Grow(2);

    [Fact]
    public void Estimate_NothingAnswered_IsNull() => _estimator.Estimate(0).ShouldBeNull();

    [Fact]
    public void Estimate_ServerThatAnsweredNothing_DoesWhatTheOthersDo()
    {
        Serve(0, requests: 200, seconds: 0.1);
        _estimator.Estimate(1)!.Value.Rate.ShouldBe(_estimator.Estimate(0)!.Value.Rate, 1);
    }

    [Fact]
    public void Settle_ServerAtHalfSpeed_ForgetsWhatItWasAndFindsWhatItIs()
    {
        Serve(0, requests: 1000, seconds: 0.1);
        double before = _estimator.Estimate(0)!.Value.Rate;
        bool noticed = false;
        int after = 0;
        while (!noticed && after < 200)
        {
            noticed = Serve(0, requests: 10, seconds: 0.2);
            after += 10;
        }
        noticed.ShouldBeTrue();
        after.ShouldBeLessThanOrEqualTo(100);
        Serve(0, requests: 100, seconds: 0.2);
        _estimator.Estimate(0)!.Value.Rate.ShouldBe(before / 2, before / 10);
    }

    [Fact]
    public void Settle_ServerThatStopsAnswering_IsNoticedWithoutAnAnswer()
    {
        Serve(0, requests: 1000, seconds: 0.1);
        _estimator.Change(0, 0, _now);
        _now += 3;
        _estimator.Settle(0, 1, _now).ShouldBeTrue();
    }

    [Fact]
    public void Settle_ServerThatGoesOnAsItWas_IsNeverAnotherOne() => Serve(0, requests: 5000, seconds: 0.1).ShouldBeFalse();

    [Fact]
    public void Settle_MoreThanItRemembers_Fades()
    {
        Serve(0, requests: 5000, seconds: 0.1);
        _estimator.Seen(0).ShouldBeInRange(900, 1100);
    }

    /// <summary>One request after the other; returns whether the server was found to be another one.</summary>
    private bool Serve(int server, int requests, double seconds)
    {
        bool changed = false;
        for (int n = 0; n < requests; n++)
        {
            _estimator.Change(server, 0, _now);
            _now += seconds;
            _estimator.Depart(server, 1, _now);
            changed |= _estimator.Settle(server, 0, _now);
        }
        return changed;
    }
}
