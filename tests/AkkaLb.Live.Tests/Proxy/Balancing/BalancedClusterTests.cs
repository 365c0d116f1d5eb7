using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Live.Tests.Proxy.Balancing;

public class BalancedClusterTests
{
    [Theory]
    [InlineData("learned")]
    [InlineData("sed")]
    [InlineData("lsq")]
    [InlineData("p2c")]
    [InlineData("sed-2")]
    [InlineData("round-robin")]
    [InlineData("random")]
    [InlineData("maglev")]
    [InlineData("peak-ewma")]
    public void Pick_AndRelease_AllocateNothing(string policy)
    {
        // The clock that stands allocates when it is asked.
        TestCluster cluster = new(TimeProvider.System, TestCluster.Of(policy), 1, 2, 4);
        for (int n = 0; n < 1000; n++)
        {
            cluster.Balancer.Release(cluster.Pick(), PassageKind.Answered);
        }
        Allocations.Of(() =>
        {
            for (int n = 0; n < 1000; n++)
            {
                cluster.TryPick(out Reservation reservation);
                cluster.Balancer.Release(reservation, PassageKind.Answered);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void Pick_Sed_SpreadsByWeightsWithoutAnAnswer()
    {
        TestCluster cluster = new(TestCluster.Of("sed"), 1, 2);
        Counts(cluster, 30).ShouldBe(new Dictionary<string, int> { ["s0"] = 10, ["s1"] = 20 });
    }

    [Fact]
    public void Pick_Learned_HoldsTheAgentsWeightsFromTheirPublication()
    {
        TestCluster cluster = new(TestCluster.Of("learned"), 1, 1);
        Counts(cluster, 10)["s0"].ShouldBe(5);
        cluster.Balancer.Plane.Publish(new LiveDecision(7, [0.25f, 1.75f], [], "test"));
        for (int n = 0; n < 70; n++)
        {
            cluster.Pick().Decision.ShouldBe(7);
        }
        // 80 requests in flight by weights 1 : 7.
        cluster.Server("s0").InFlight.ShouldBe(10);
    }

    /// <summary>As long as its client wants: that says nothing about how fast the server is.</summary>
    [Fact]
    public void Pick_PeakEwma_AfterAnHourOfAnUpgradedConnection_GoesOnWithThatServer()
    {
        TestCluster cluster = new(TestCluster.Of("peak-ewma") with { Floor = 0 }, 1, 1);
        cluster.TryPick(out Reservation socket, boundTo: "s0");
        cluster.Balancer.Unobserve(socket);
        cluster.Pass(3600);
        cluster.Balancer.Release(socket with { IsObserved = false }, PassageKind.Answered);
        Dictionary<string, int> counts = new() { ["s0"] = 0, ["s1"] = 0 };
        for (int n = 0; n < 40; n++)
        {
            Reservation request = cluster.Pick();
            counts[request.Server.Name]++;
            cluster.Pass(0.02);
            cluster.Balancer.Release(request, PassageKind.Answered);
        }
        counts.Values.ShouldAllBe(count => count > 5);
    }

    [Fact]
    public void Pick_Maglev_OfOneClient_StaysWithItsServer()
    {
        TestCluster cluster = new(TestCluster.Of("maglev") with { Floor = 0 }, 1, 1, 1);
        string first = cluster.Pick(hash: 12345).Server.Name;
        Enumerable.Range(0, 20).ShouldAllBe(_ => cluster.Pick(-1, 12345).Server.Name == first);
        Enumerable.Range(0, 200).Select(n => cluster.Pick(hash: ClientHash.Of(new System.Net.IPAddress([10, 0, 0, (byte)n]))).Server.Name)
            .Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Pick_Prequal_AsksServersAndHeedsWhatTheySay()
    {
        TestCluster cluster = new(TestCluster.Of("prequal") with { Floor = 0 }, 1, 1, 1);
        cluster.Pick();
        cluster.Probed.Count.ShouldBe(3);
        cluster.Balancer.Replied(cluster.Server("s0"), new ProbeReply(9, 9, 0.9, 0), 0);
        cluster.Balancer.Replied(cluster.Server("s2"), new ProbeReply(1, 1, 0.1, 0), 0);
        cluster.PickName().ShouldBe("s2");
    }

    [Fact]
    public void Pick_ClientBoundToAServer_GetsItUnlessItIsOut()
    {
        TestCluster cluster = new(TestCluster.Of("lsq"), 1, 1, 1);
        for (int n = 0; n < 10; n++)
        {
            cluster.TryPick(out Reservation bound, boundTo: "s1");
            bound.Server.Name.ShouldBe("s1");
        }
        cluster.Change("s1", server => server.IsDrained = true);
        cluster.TryPick(out Reservation other, boundTo: "s1");
        other.Server.Name.ShouldNotBe("s1");
    }

    [Fact]
    public void Pick_ServersOfTheConfigurationChange_KeepTheirCounts()
    {
        TestCluster cluster = new(TestCluster.Of("lsq") with { Floor = 0 }, 1, 1);
        Reservation[] open = [.. Enumerable.Range(0, 10).Select(_ => cluster.Pick())];
        cluster.SetServers("s1", "s2");
        // The new one is empty: it is the shortest queue until it has as many.
        Counts(cluster, 5).ShouldBe(new Dictionary<string, int> { ["s2"] = 5 });
        foreach (Reservation reservation in open)
        {
            cluster.Balancer.Release(reservation, PassageKind.Answered);
        }
        cluster.Server("s0").Places.ShouldBe(0);
        cluster.Server("s1").Places.ShouldBe(0);
        cluster.SetServers("s1");
        cluster.PickName().ShouldBe("s1");
        cluster.Server("s2").IsInUse.ShouldBeFalse();
        // Who stayed does not begin anew.
        cluster.Server("s1").Weight.ShouldBe(1);
    }

    [Fact]
    public void Pick_NothingInUse_SaysSo()
    {
        TestCluster cluster = new(TestCluster.Of("learned"), 1, 1);
        cluster.Change("s0", server => server.IsDrained = true);
        cluster.Change("s1", server => server.IsDrained = true);
        cluster.TryPick(out _).ShouldBe(PickResult.NoServer);
        cluster.Change("s0", server => server.IsDrained = false);
        cluster.PickName().ShouldBe("s0");
    }

    [Fact]
    public void Pick_AfterAFailure_TakesAnother()
    {
        TestCluster cluster = new(TestCluster.Of("sed"), 1, 1);
        Enumerable.Range(0, 10).ShouldAllBe(_ => cluster.Pick(0, 0).Server.Name == "s1");
    }

    [Fact]
    public void Release_FailuresInARow_EjectUntilTheirTimeIsOver()
    {
        TestCluster cluster = new(TestCluster.Of("sed") with { FailureHold = TimeSpan.Zero }, 1, 1, 1);
        Fail(cluster, "s1", 5);
        cluster.Server("s1").State.ShouldBe("ejected");
        cluster.Told.ShouldBe(["s1: in use → ejected: 5 failures in a row"]);
        Counts(cluster, 20).ShouldNotContainKey("s1");
        cluster.Pass(5.1);
        cluster.Balancer.Tick(WeightMode.Configured);
        cluster.Server("s1").State.ShouldBe("in use");
        cluster.Told[^1].ShouldBe("s1: ejected → in use: its time is over");
    }

    [Fact]
    public void Release_MostServersFail_AreUsedAllTheSame()
    {
        TestCluster cluster = new(TestCluster.Of("lsq") with { FailureHold = TimeSpan.Zero }, 1, 1, 1);
        Fail(cluster, "s0", 5);
        Fail(cluster, "s1", 5);
        Counts(cluster, 30).Count.ShouldBe(3);
    }

    [Fact]
    public void Release_Failed_KeepsItsPlaceForAWhile()
    {
        TestCluster cluster = new(TestCluster.Of("lsq") with { Ejection = new EjectionOptions { Enabled = false }, Floor = 0 }, 1, 1);
        // s0 fails at once, s1 answers nothing: to a queue that forgot failures s0 would be empty, and get everything.
        Dictionary<string, int> counts = [];
        for (int n = 0; n < 20; n++)
        {
            Reservation reservation = cluster.Pick();
            counts[reservation.Server.Name] = counts.GetValueOrDefault(reservation.Server.Name) + 1;
            if (reservation.Server.Name == "s0")
            {
                cluster.Balancer.Release(reservation, PassageKind.Failed);
            }
        }
        counts["s0"].ShouldBe(10);
        cluster.Server("s0").InFlight.ShouldBe(0);
        cluster.Server("s0").Held.ShouldBe(10);
        cluster.Pass(1.1);
        cluster.Balancer.Tick(WeightMode.Configured);
        cluster.Server("s0").Places.ShouldBe(0);
    }

    [Fact]
    public void Pick_ServerBackInUse_BeginsWithATenthOfItsWeight()
    {
        TestCluster cluster = new(TestCluster.Of("sed"), 1, 1);
        Counts(cluster, 2);
        cluster.Change("s1", server => server.IsDrained = true);
        cluster.Change("s1", server => server.IsDrained = false);
        cluster.Server("s1").Weight.ShouldBe(SlowStart.First);
        cluster.Pass(5);
        cluster.Balancer.Tick(WeightMode.Configured);
        cluster.Server("s1").Weight.ShouldBe(0.55, 0.01);
        cluster.Pass(5);
        cluster.Balancer.Tick(WeightMode.Configured);
        cluster.Server("s1").Weight.ShouldBe(1);
        cluster.Server("s0").Weight.ShouldBe(1);
    }

    [Fact]
    public void Pick_ServerThatNoPolicyWouldTake_GetsTheFloor()
    {
        TestCluster cluster = new(TestCluster.Of("sed") with { Floor = 0.01 }, 1000, 0.001);
        int least = 0;
        for (int n = 0; n < 1000; n++)
        {
            Reservation reservation = cluster.Pick();
            least += reservation.Server.Name == "s1" ? 1 : 0;
            cluster.Balancer.Release(reservation, PassageKind.Answered);
        }
        least.ShouldBeInRange(9, 11);
    }

    /// <summary>Policy, limits and rules are others; what the servers are and hold is what it was.</summary>
    [Fact]
    public async Task Change_OtherOptions_KeepsWhatIsKnownOfTheServers()
    {
        TestCluster cluster = new(TestCluster.Of("sed") with
        {
            Health = new HealthOptions("/health"), Queue = new QueueOptions(1, 5, TimeSpan.FromSeconds(1)),
        }, 1, 1, 1, 1);
        Reservation[] open = [.. new[] { "s0", "s1", "s2", "s3" }.Select(name =>
        {
            cluster.TryPick(out Reservation place, boundTo: name);
            return place;
        })];
        cluster.Balancer.Release(open[3], PassageKind.Failed);
        cluster.Change("s3", server => server.IsDrained = true);
        cluster.Change("s2", server => server.Health.Count(passed: false, fall: 1, rise: 1));
        cluster.Change("s1", server => server.Ejection.IsEjected = true);
        cluster.TryPick(out _, out WaitingLine.Waiter? waiter).ShouldBe(PickResult.Waits);

        cluster.Change(cluster.Options with { Policy = "lsq", Queue = new QueueOptions(2, 5, TimeSpan.FromSeconds(1)) });
        Names("s0", "s1", "s2", "s3").ShouldBe(["in use", "ejected", "unhealthy", "drained"]);
        (await waiter!.Called).ShouldBeFalse();
        cluster.PickName().ShouldBe("s0");
        cluster.TryPick(out Reservation awaited, out waiter).ShouldBe(PickResult.Waits);
        cluster.Balancer.StopWaiting(awaited.Server, waiter!);
        foreach (Reservation place in open[..3])
        {
            cluster.Balancer.Release(place, PassageKind.Answered);
        }
        (cluster.Server("s0").Picks, cluster.Server("s1").Picks, cluster.Server("s3").Failures).ShouldBe((2, 1, 1));
        cluster.Server("s0").InFlight.ShouldBe(1);
        // Its failed request keeps its place as long as was said then.
        cluster.Pass(1.1);
        cluster.Balancer.Tick(WeightMode.Configured);
        cluster.Server("s3").Places.ShouldBe(0);

        cluster.Change(cluster.Options with { Ejection = new EjectionOptions { Enabled = false }, Health = new HealthOptions() });
        Names("s1", "s2").ShouldBe(["in use", "in use"]);

        string[] Names(params string[] names) => [.. names.Select(name => cluster.Server(name).State)];
    }

    [Fact]
    public void Release_Abandoned_IsCountedAndEjectsNobody()
    {
        TestCluster cluster = new(TestCluster.Of("sed") with { Floor = 0 }, 1);
        for (int n = 0; n < 30; n++)
        {
            cluster.Balancer.Release(cluster.Pick(), PassageKind.Abandoned);
        }
        ServerSlot server = cluster.Server("s0");
        (server.State, server.Picks, server.Failures, server.Abandoned, server.InFlight).ShouldBe(("in use", 30, 0, 30, 0));
    }

    [Fact]
    public void Pick_IsRemembered()
    {
        TestCluster cluster = new(TestCluster.Of("sed"), 1, 3);
        Reservation reservation = cluster.Pick();
        PickRecord pick = cluster.Balancer.FindPick(reservation.Number)!.Value;
        (pick.Server, pick.InFlight, pick.Total, pick.Weight, pick.Reason).ShouldBe((1, 1, 1, 3f, PickReason.Policy));
        cluster.Balancer.FindPick(reservation.Number + 1).ShouldBeNull();
        cluster.Balancer.FindPick(0).ShouldBeNull();
    }

    [Fact]
    public void Ring_PicksAndReleases_TellTheWholeStory()
    {
        TestCluster cluster = new(TestCluster.Of("sed"), 1);
        Reservation first = cluster.Pick(), second = cluster.Pick();
        cluster.Pass(0.25);
        cluster.Balancer.Release(first, PassageKind.Answered, firstByte: 100, bytes: 7, status: 200);
        cluster.Balancer.Release(second, PassageKind.Failed, status: 502);
        cluster.Pass(2);
        cluster.Balancer.Tick(WeightMode.Configured);
        Passage[] passed = new Passage[10];
        passed = passed[..cluster.Balancer.Ring.Read(passed)];
        passed.Select(p => (p.Kind, p.InFlight, p.InFlightAfter)).ShouldBe(
        [
            (PassageKind.Started, 0, 1), (PassageKind.Started, 1, 2), (PassageKind.Answered, 2, 1), (PassageKind.Failed, 1, 1),
            (PassageKind.Freed, 1, 0),
        ]);
        (passed[2].Duration, passed[2].FirstByte, passed[2].Bytes, passed[2].Status).ShouldBe((250_000_000, 100, 7, 200));
    }

    /// <summary>Otherwise every change of the file would be a burst of them.</summary>
    [Fact]
    public void Retries_OptionsChange_AreNotGrantedAnew()
    {
        TestCluster cluster = new(TestCluster.Of("lsq"), 1);
        Enumerable.Range(0, 200).Count(_ => cluster.Balancer.Retries.TrySpend()).ShouldBe(RetryBudget.AtStart);
        cluster.Change(cluster.Options with { Retries = new RetryOptions(Budget: 1) });
        cluster.Balancer.Retries.TrySpend().ShouldBeFalse();
        cluster.Balancer.Retries.Earn();
        cluster.Balancer.Retries.TrySpend().ShouldBeTrue();
    }

    /// <summary>The agent takes its leave when it is upgraded; it goes on to count as load.</summary>
    [Fact]
    public void Ring_UpgradedConnection_LeavesBeforeItEnds()
    {
        TestCluster cluster = new(TestCluster.Of("lsq"), 1);
        Reservation socket = cluster.Pick(), request = cluster.Pick();
        cluster.Balancer.Unobserve(socket);
        cluster.Balancer.Release(request, PassageKind.Answered);
        cluster.Server("s0").InFlight.ShouldBe(1);
        cluster.Balancer.Release(socket with { IsObserved = false }, PassageKind.Answered);
        Passage[] passed = new Passage[10];
        passed[..cluster.Balancer.Ring.Read(passed)].Select(p => (p.Kind, p.InFlight, p.InFlightAfter)).ShouldBe(
        [
            (PassageKind.Started, 0, 1), (PassageKind.Started, 1, 2), (PassageKind.Abandoned, 2, 1), (PassageKind.Answered, 1, 0),
        ]);
        ServerSlot server = cluster.Server("s0");
        (server.InFlight, server.Observed, server.Abandoned).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Pick_ByManyThreads_LosesNoCount()
    {
        TestCluster cluster = new(TestCluster.Of("lsq"), 1, 1, 1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int n = 0; n < 20_000; n++)
            {
                cluster.TryPick(out Reservation reservation);
                cluster.Balancer.Release(reservation, PassageKind.Answered);
            }
        })));
        for (int j = 0; j < 3; j++)
        {
            cluster.Server($"s{j}").Places.ShouldBe(0);
        }
        Enumerable.Range(0, 3).Sum(j => cluster.Server($"s{j}").Picks).ShouldBe(80_000);
    }

    private static Dictionary<string, int> Counts(TestCluster cluster, int picks) =>
        Enumerable.Range(0, picks).Select(_ => cluster.PickName()).GroupBy(name => name)
            .OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count());

    private static void Fail(TestCluster cluster, string server, int times)
    {
        for (int n = 0; n < times; n++)
        {
            cluster.TryPick(out Reservation reservation, boundTo: server);
            cluster.Balancer.Release(reservation, PassageKind.Failed);
        }
    }
}
