using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using AkkaLb.Runtime.Cluster;
using Npgsql;

namespace AkkaLb.Cluster.Tests;

/// <summary>Which half of a cluster may live on.</summary>
public sealed class LeaseTests : ClusterTest
{
    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)ActorSystem.Create("lease");

    public override async Task DisposeAsync()
    {
        await _system.Terminate();
        await base.DisposeAsync();
    }

    [SkippableFact]
    public async Task Acquire_HolderLivesElsewhere_IsRefused()
    {
        await RequireTablesAsync();
        (await Lease("a:1", _ => false).Acquire()).ShouldBeTrue();
        (await Lease("b:1", _ => false).Acquire()).ShouldBeFalse();
    }

    /// <summary>The node that had decided before dies, and the next one decides.</summary>
    [SkippableFact]
    public async Task Acquire_HolderIsDead_IsGrantedWhenItExpires()
    {
        await RequireTablesAsync();
        ExtendedActorSystem dead = (ExtendedActorSystem)ActorSystem.Create("dead");
        (await Lease("a:1", _ => false, dead).Acquire()).ShouldBeTrue();
        await dead.Terminate();
        (await Lease("b:1", _ => false).Acquire()).ShouldBeTrue();
    }

    /// <summary>A renewal that was under way when its holder died is no sign of life.</summary>
    [SkippableFact]
    public async Task Acquire_HolderIsRenewedOnceMore_IsGrantedWhenItExpires()
    {
        await RequireTablesAsync();
        ExtendedActorSystem dead = (ExtendedActorSystem)ActorSystem.Create("dead");
        (await Lease("a:1", _ => false, dead).Acquire()).ShouldBeTrue();
        await dead.Terminate();
        // It is looked for once the first look at the row has found it.
        bool isRenewed = false;
        (await Lease("b:1", _ => !(isRenewed = Renew())).Acquire()).ShouldBeTrue();
        isRenewed.ShouldBeTrue();

        bool Renew()
        {
            using NpgsqlDataSource source = NpgsqlDataSource.Create(Database);
            using NpgsqlCommand command = source.CreateCommand("UPDATE akkalb_lease SET until = now() + interval '2 seconds'");
            return command.ExecuteNonQuery() == 1;
        }
    }

    [SkippableFact]
    public async Task Acquire_HolderIsOnThisSide_IsGranted()
    {
        await RequireTablesAsync();
        (await Lease("a:1", _ => false).Acquire()).ShouldBeTrue();
        (await Lease("b:1", owner => owner == "a:1").Acquire()).ShouldBeTrue();
        (await Lease("c:1", _ => false).Acquire()).ShouldBeFalse();
    }

    /// <summary>Who holds the runs does so until another takes its term; of another cluster, once nothing is heard of the holder.</summary>
    [SkippableFact]
    public async Task Term_OfOneHolder_IsTakenWhenItIsSilent()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        long first = (await store.TakeTermAsync(TimeSpan.Zero)).ShouldNotBeNull();
        (await store.HoldTermAsync(first)).ShouldBeTrue();
        long second = (await store.TakeTermAsync(TimeSpan.Zero)).ShouldNotBeNull();
        (await store.HoldTermAsync(first)).ShouldBeFalse();
        (await store.TakeTermAsync(TimeSpan.FromMinutes(5))).ShouldBeNull();
        (await store.SubmitAsync("run", new Dictionary<string, string>())).ShouldBeTrue();
        (await store.SubmitAsync("run", new Dictionary<string, string>())).ShouldBeFalse();
        (await store.FindAsync("run")).ShouldNotBeNull().Silence.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<RunTakenOverException>(store.BeginAsync("run", first));
        (await store.BeginAsync("run", second)).ShouldBe(1);
        await store.SubmitAsync("other", new Dictionary<string, string>());
        await store.StopAsync("other");
        (await store.BeginAsync("other", second)).ShouldBeNull();
    }

    private async Task RequireTablesAsync()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
    }

    private PostgresLease Lease(string owner, Func<string, bool> isReachable, ExtendedActorSystem? system = null)
    {
        Config config = ConfigurationFactory.ParseString(
            $"heartbeat-timeout = 2s, heartbeat-interval = 100ms, lease-operation-timeout = 5s, connection = \"{Database}\"");
        return new PostgresLease(LeaseSettings.Create(config, "akkalb", owner), system ?? _system, isReachable);
    }
}
