using AkkaLb.Domain.DataCenter.Guards;

namespace AkkaLb.Domain.Tests.DataCenter.Guards;

/// <summary>Rules of a few lines each.</summary>
public class GuardTests
{
    [Fact]
    public void HealthRecord_ChecksInARow_ChangeIt()
    {
        HealthRecord health = new();
        Count(false, false, true, false, false).ShouldAllBe(changed => !changed);
        Count(false).ShouldBe([true]);
        health.IsHealthy.ShouldBeFalse();
        Count(true, false, true).ShouldAllBe(changed => !changed);
        Count(true).ShouldBe([true]);
        health.IsHealthy.ShouldBeTrue();

        bool[] Count(params bool[] passed) => [.. passed.Select(p => health.Count(p, fall: 3, rise: 2))];
    }

    [Fact]
    public void Availability_HalfAreEjected_LeavesThemAlone()
    {
        GuardedServer[] servers = Servers(4);
        bool[] inUse = new bool[4];
        (servers[0].Ejection.IsEjected, servers[1].Ejection.IsEjected) = (true, true);
        Availability.Decide(servers, 0.5, inUse).ShouldBeFalse();
        inUse.ShouldBe([false, false, true, true]);
        servers[2].Ejection.IsEjected = true;
        Availability.Decide(servers, 0.5, inUse).ShouldBeTrue();
        inUse.ShouldAllBe(used => used);
    }

    [Fact]
    public void Availability_PanicNeverUsesWhatIsDrainedOrUnhealthy()
    {
        GuardedServer[] servers = Servers(3);
        servers[0].IsDrained = true;
        servers[1].Health.Count(false, 1, 1);
        servers[2].Ejection.IsEjected = true;
        bool[] inUse = new bool[3];
        Availability.Decide(servers, 0.5, inUse);
        inUse.ShouldBe([false, false, true]);
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(5, 0.55)]
    [InlineData(10, 1)]
    [InlineData(99, 1)]
    public void SlowStart_WithAge_GrowsToTheWhole(int age, double share) => SlowStart.Share(age, 10).ShouldBe(share, 1e-9);

    [Fact]
    public void SlowStart_WithoutOne_IsTheWholeAtOnce() => SlowStart.Share(0, 0).ShouldBe(1);

    [Fact]
    public void RetryBudget_OfNothing_IsNothing()
    {
        RetryBudget budget = new(0);
        budget.Earn();
        budget.TrySpend().ShouldBeFalse();
    }

    [Fact]
    public void RetryBudget_SpentAndEarned_StaysAShare()
    {
        RetryBudget budget = new(0.2);
        Enumerable.Range(0, 200).Count(_ => budget.TrySpend()).ShouldBe(10);
        for (int n = 0; n < 10; n++)
        {
            budget.Earn();
        }
        // A fifth of a request is not kept to the last bit.
        Enumerable.Range(0, 10).Count(_ => budget.TrySpend()).ShouldBeInRange(1, 2);
    }

    [Fact]
    public void RetryBudget_OfManyRequests_SavesSoManyAndNoMore()
    {
        RetryBudget budget = new(0.2);
        for (int n = 0; n < 1000; n++)
        {
            budget.Earn();
        }
        Enumerable.Range(0, 200).Count(_ => budget.TrySpend()).ShouldBe(100);
        budget.Share = 0;
        budget.TrySpend().ShouldBeFalse();
    }

    private static GuardedServer[] Servers(int count) => [.. Enumerable.Range(0, count).Select(j => new GuardedServer(j))];
}
