using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Live.Tests.Proxy.Balancing;

/// <summary>Requests that wait for a place, and who gets it.</summary>
public class WaitingRequestTests
{
    [Fact]
    public async Task Pick_AllFull_WaitsForAPlaceAndGetsItInOrder()
    {
        TestCluster cluster = new(TestCluster.Of("lsq") with { Queue = new QueueOptions(1, 2, TimeSpan.FromSeconds(1)) }, 1);
        Reservation open = cluster.Pick();
        cluster.TryPick(out Reservation awaited, out WaitingLine.Waiter? first).ShouldBe(PickResult.Waits);
        cluster.TryPick(out _, out WaitingLine.Waiter? second).ShouldBe(PickResult.Waits);
        cluster.TryPick(out _).ShouldBe(PickResult.Full);
        cluster.Balancer.Release(open, PassageKind.Answered);
        (await first!.Called).ShouldBeTrue();
        // Nobody gets between: the place is his.
        cluster.TryPick(out _, out WaitingLine.Waiter? third).ShouldBe(PickResult.Waits);
        Reservation taken = cluster.Balancer.TakePlace(awaited);
        cluster.Balancer.StopWaiting(awaited.Server, second!).ShouldBeTrue();
        cluster.Balancer.StopWaiting(awaited.Server, third!).ShouldBeTrue();
        cluster.Balancer.Release(taken, PassageKind.Answered);
        cluster.Server("s0").Places.ShouldBe(0);
        second!.Called.IsCompleted.ShouldBeFalse();
    }

    /// <summary>Full is not out of use.</summary>
    [Fact]
    public void Pick_ServerOfTheClientIsFull_WaitsForThatOneThoughAnotherHasRoom()
    {
        TestCluster cluster = new(TestCluster.Of("lsq") with { Queue = new QueueOptions(1, 1, TimeSpan.FromSeconds(1)) }, 1, 1);
        cluster.TryPick(out _, boundTo: "s1").ShouldBe(PickResult.Picked);
        cluster.TryPick(out Reservation awaited, boundTo: "s1").ShouldBe(PickResult.Waits);
        awaited.Server.Name.ShouldBe("s1");
        cluster.TryPick(out _, boundTo: "s1").ShouldBe(PickResult.Full);
        cluster.PickName().ShouldBe("s0");
    }

    [Fact]
    public void Pick_LineOfThePickedServerIsFull_WaitsInAnother()
    {
        TestCluster cluster = new(
            TestCluster.Of("maglev") with { Floor = 0, Queue = new QueueOptions(1, 1, TimeSpan.FromSeconds(1)) }, 1, 1, 1);
        Enumerable.Range(0, 3).Select(_ => cluster.PickName()).Distinct().Count().ShouldBe(3);
        // Whom this client gets from the policy is always the same one.
        HashSet<string> awaited = [];
        for (int n = 0; n < 3; n++)
        {
            cluster.TryPick(out Reservation reservation).ShouldBe(PickResult.Waits);
            awaited.Add(reservation.Server.Name);
        }
        awaited.Count.ShouldBe(3);
        cluster.TryPick(out _).ShouldBe(PickResult.Full);
    }

    /// <summary>None of them may get the place that becomes free there.</summary>
    [Theory]
    [InlineData("drained")]
    [InlineData("unhealthy")]
    [InlineData("ejected")]
    [InlineData("removed")]
    public async Task Waiting_ServerGoesOutOfUse_IsTurnedAway(string state)
    {
        TestCluster cluster = new(
            TestCluster.Of("lsq") with { FailureHold = TimeSpan.Zero, Queue = new QueueOptions(1, 5, TimeSpan.FromSeconds(1)) }, 1, 1, 1);
        Reservation[] open = [.. Enumerable.Range(0, 3).Select(_ => cluster.Pick())];
        cluster.TryPick(out Reservation awaited, out WaitingLine.Waiter? waiter, boundTo: "s1").ShouldBe(PickResult.Waits);
        switch (state)
        {
            case "drained":
                cluster.Change("s1", server => server.IsDrained = true);
                break;
            case "unhealthy":
                cluster.Change("s1", server => server.Health.Count(passed: false, fall: 1, rise: 1));
                break;
            case "ejected":
                cluster.Change("s1", server => server.Ejection.IsEjected = true);
                break;
            default:
                cluster.SetServers("s0", "s2");
                break;
        }
        awaited.Server.State.ShouldBe(state);
        (await waiter!.Called).ShouldBeFalse();
        cluster.Balancer.Release(open.Single(place => place.Server.Name == "s1"), PassageKind.Answered);
        awaited.Server.Places.ShouldBe(0);
        cluster.TryPick(out Reservation elsewhere).ShouldBe(PickResult.Waits);
        elsewhere.Server.Name.ShouldNotBe("s1");
    }

    [Fact]
    public async Task Waiting_FailureEjectsTheServer_DoesNotGetThePlaceThere()
    {
        TestCluster cluster = new(TestCluster.Of("lsq") with
        {
            FailureHold = TimeSpan.Zero, Ejection = new EjectionOptions { Consecutive = 1 },
            Queue = new QueueOptions(1, 5, TimeSpan.FromSeconds(1)),
        }, 1, 1);
        cluster.TryPick(out Reservation open, boundTo: "s1");
        cluster.TryPick(out _, out WaitingLine.Waiter? waiter, boundTo: "s1").ShouldBe(PickResult.Waits);
        cluster.Balancer.Release(open, PassageKind.Failed);
        (await waiter!.Called).ShouldBeFalse();
        cluster.Server("s1").Places.ShouldBe(0);
    }
}
