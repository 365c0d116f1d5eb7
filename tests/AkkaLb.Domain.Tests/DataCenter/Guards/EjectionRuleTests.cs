using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;

namespace AkkaLb.Domain.Tests.DataCenter.Guards;

public class EjectionRuleTests
{
    private const long Second = Ticks.PerSecond;

    private readonly EjectionRule _rule = new(new EjectionOptions());
    private readonly EjectionRecord _server = new();

    [Fact]
    public void Count_AnswersBetweenFailures_StartTheRowAnew()
    {
        for (int n = 0; n < 3; n++)
        {
            Enumerable.Range(0, 4).ShouldAllBe(_ => _rule.Count(_server, true, 0) == null);
            _rule.Count(_server, false, 0);
        }
        _server.IsEjected.ShouldBeFalse();
    }

    [Fact]
    public void Count_HalfOfManyFailed_Ejects()
    {
        string? reason = null;
        for (int n = 0; n < 20 && reason is null; n++)
        {
            reason = _rule.Count(_server, failed: n % 2 == 1, 0);
        }
        reason.ShouldBe("10 of 20 requests failed");
    }

    [Fact]
    public void TakeBack_OneMoreFailure_EjectsForLonger()
    {
        Fail(5, 0);
        _server.Until.ShouldBe(5 * Second);
        _rule.TakeBack(_server, 4 * Second).ShouldBeFalse();
        _rule.TakeBack(_server, 5 * Second).ShouldBeTrue();
        _rule.Count(_server, true, 6 * Second).ShouldNotBeNull();
        _server.Until.ShouldBe(16 * Second);
    }

    [Fact]
    public void Count_WellForAWhile_IsForgiven()
    {
        Fail(5, 0);
        _rule.TakeBack(_server, 5 * Second);
        for (int n = 0; n < 40; n++)
        {
            _rule.Count(_server, false, (6 + n) * Second);
        }
        _server.Times.ShouldBe(0);
    }

    [Fact]
    public void Count_ManyEjections_StayWithinTheLongest()
    {
        long now = 0;
        for (int n = 0; n < 30; n++)
        {
            Fail(5, now);
            (_server.Until - now).ShouldBeLessThanOrEqualTo(60 * Second);
            now = _server.Until;
            _rule.TakeBack(_server, now);
        }
    }

    [Fact]
    public void Count_Disabled_NeverEjects()
    {
        EjectionRule disabled = new(new EjectionOptions { Enabled = false });
        Enumerable.Range(0, 100).ShouldAllBe(_ => disabled.Count(_server, true, 0) == null);
    }

    private void Fail(int times, long now)
    {
        for (int n = 0; n < times; n++)
        {
            _rule.Count(_server, true, now);
        }
    }
}
