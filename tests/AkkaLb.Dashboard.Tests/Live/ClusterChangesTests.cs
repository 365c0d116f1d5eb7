using AkkaLb.Dashboard.Live;
using AkkaLb.Dashboard.Tests.Browser;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Dashboard.Tests.Live;

public class ClusterChangesTests
{
    [Fact]
    public void Between_TheSame_IsNothing()
    {
        ClusterStatus status = ClusterPageTests.Status(["a", "b"], [], "a", 3);
        ClusterChanges.Between(status, status).ShouldBeEmpty();
    }

    [Fact]
    public void Between_ANodeThatGoesAndOneThatComes_TellsBoth() =>
        ClusterChanges.Between(ClusterPageTests.Status(["a", "b"], [], "b", 3), ClusterPageTests.Status(["a", "c"], ["a"], "a", 6))
            .ShouldBe(["a has 6 agents, had 3", "c has come", "b is gone", "a cannot be reached", "a holds the runs"]);
}
