using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Domain.Tests.DataCenter.Estimation;

public class CapacityEstimatorTests
{
    private readonly CapacityEstimator _estimator = new(new EstimationOptions());
    private double _now;

    public CapacityEstimatorTests() => _estimator.Grow(2);

    [Fact]
    public void Estimate_NothingAnswered_IsNull() => _estimator.TryEstimate(new Capacity[2]).ShouldBeFalse();

    [Fact]
    public void Estimate_ServerThatAnsweredNothing_DoesWhatTheOthersDo()
    {
        Serve(0, requests: 200, seconds: 0.1);
        Rate(1).ShouldBe(Rate(0), 1);
    }

    [Fact]
    public void Settle_ServerAtHalfSpeed_ForgetsWhatItWasAndFindsWhatItIs()
    {
        Serve(0, requests: 1000, seconds: 0.1);
        double before = Rate(0);
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
        Rate(0).ShouldBe(before / 2, before / 10);
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

    /// <summary>A few answers say little: weights do not follow chance. Many do.</summary>
    [Fact]
    public void TryEstimate_ServersThatDiffer_AreToldApartAsFarAsItIsMoreThanChance()
    {
        Serve(0, requests: 10, seconds: 0.1);
        Serve(1, requests: 10, seconds: 0.12);
        double few = Rate(0) / Rate(1);
        Serve(0, requests: 900, seconds: 0.1);
        Serve(1, requests: 900, seconds: 0.12);
        few.ShouldBeInRange(1, 1.1);
        (Rate(0) / Rate(1)).ShouldBe(1.2, 0.03);
    }

    private double Rate(int server)
    {
        var capacities = new Capacity[2];
        _estimator.TryEstimate(capacities).ShouldBeTrue();
        capacities[server].ServiceSeconds.ShouldBe(capacities[server].Slots / capacities[server].Rate, 1e-9);
        return capacities[server].Rate;
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
