using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Runtime.Tests.Cluster;

public class ClusterChangesTests
{
    [Fact]
    public void Between_TheSame_IsNothing()
    {
        ClusterStatus status = Status(["a", "b"], [], "a");
        ClusterChanges.Between(status, status).ShouldBeEmpty();
        AgentPlace[] agents = [new("run/1", "a"), new("run/2", "b")];
        ClusterChanges.Between(agents, agents).ShouldBeEmpty();
    }

    [Fact]
    public void Between_ANodeThatGoesAndOneThatComes_TellsBoth() =>
        ClusterChanges.Between(Status(["a", "b"], [], "b"), Status(["a", "c"], ["a"], "a"))
            .ShouldBe(["c has come", "b is gone", "a cannot be reached", "a holds the runs"]);

    [Fact]
    public void Between_AgentsThatMoveBeginAndEnd_TellsOfEachWayOnce() => ClusterChanges.Between(
            [new("geant/1", "a"), new("geant/2", "a"), new("geant/3", "b"), new("old/player-1", "a")],
            [new("geant/1", "c"), new("geant/2", "c"), new("geant/3", "b"), new("new/0", "b")])
        .ShouldBe([
            "2 agents of geant moved from a to c, and began anew there", "1 agent of new began on b", "1 agent of old ended on a",
        ]);

    private static ClusterStatus Status(string[] members, string[] unreachable, string singleton) => new(
        [.. members.Select(address => new MemberStatusReport(address, ["agents"], "Up", DateTimeOffset.UnixEpoch, 4, 3))],
        unreachable, singleton, new AgentCounts(0, new Dictionary<string, int>()));
}
