using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cluster.Tests;

/// <summary>Whom a node that starts asks first.</summary>
public sealed class ClusterEntryTests : InProcessTest
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task OtherMembers_OfTheSameSeeds_AreKnownUntilTheyLeave()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        await store.SeeMemberAsync("a:1", []);
        await store.SeeMemberAsync("b:1", ["a:1"]);
        await store.SeeMemberAsync("c:1", ["x:1", "a:1"]);
        // Of another cluster that was given this database.
        await store.SeeMemberAsync("x:9", ["y:9"]);
        (await store.OtherMembersAsync("a:1", ["a:1"], Lately)).ShouldBe([("b:1", true), ("c:1", true)]);
        (await store.OtherMembersAsync("new:1", ["b:1", "a:1"], Lately)).ShouldBe([("a:1", true), ("b:1", true), ("c:1", true)]);
        (await store.OtherMembersAsync("new:1", ["a:1"], TimeSpan.Zero)).ShouldAllBe(other => !other.Lives);
        await store.ForgetMemberAsync("b:1");
        (await store.OtherMembersAsync("a:1", ["a:1"], Lately)).ShouldBe([("c:1", true)]);
    }

    /// <summary>As long as members live, a node that they do not let in does not go by its seeds, of which it may be the first.</summary>
    [SkippableFact]
    public async Task Node_WhoseClusterLives_WaitsAndSaysForWhom()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        await LivesAsync();
        ClusterNode node = await StartNodeAsync("node", null, "", "node.seeds=\"127.0.0.1:2\"");
        await ReadyShouldBeAsync(node, "no: the node waits until a member lets it in: 127.0.0.1:1", LivesAsync);
        await ReadyShouldBeAsync(node, "no: the node is no member that is up", () => store.ForgetMemberAsync("127.0.0.1:1"));

        // To the database; it cannot be reached.
        Task LivesAsync() => store.SeeMemberAsync("127.0.0.1:1", ["127.0.0.1:2"]);
    }

    /// <summary>Each tells that it lives as long as it is a member.</summary>
    [SkippableFact]
    public async Task Members_OfANewCluster_AreKnownUntilTheyLeave()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        ClusterNode first = await StartNodeAsync("first", null), second = await StartNodeAsync("second", first);
        await MembersShouldBeUpAsync(first, 2);
        string address = first.Address[(first.Address.IndexOf('@') + 1)..];
        await KnownShouldBeAsync(2);
        await LeaveAsync(second);
        await KnownShouldBeAsync(1);

        async Task KnownShouldBeAsync(int members)
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
            while ((await store.OtherMembersAsync("none:1", [address], Lately)).Count != members)
            {
                await timer.WaitForNextTickAsync(Deadline);
            }
        }
    }
}
