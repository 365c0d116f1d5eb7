using Akka.Actor;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using Npgsql;
using Serilog;

namespace AkkaLb.Cluster.Tests;

/// <summary>What holds the runs of a cluster.</summary>
public sealed class RunsActorTests : ClusterTest
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), SlowDatabase = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system = ActorSystem.Create("runs", "akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [] }");

    public override async Task DisposeAsync()
    {
        await _system.Terminate();
        await base.DisposeAsync();
    }

    /// <summary>Until the database has it that the run has failed, it is there among those to be played.</summary>
    [SkippableFact]
    public async Task Run_FailsWhileTheDatabaseIsSlow_IsNotBegunAgain()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        (await store.SubmitAsync("run", new Dictionary<string, string>())).ShouldBeTrue();
        NodeOptions options = NodeOptions.OfDefaults([], "the test") with { Database = Database };
        int plays = 0;
        _system.ActorOf(RunsActor.Props(
            store,
            (name, term) => new ClusterRun(store, name, term, options, Folder, (_, _) =>
            {
                plays++;
                LockRunsFor(SlowDatabase);
                throw new RunFailedException("as told") { IsFinal = true };
            }, Log.Logger),
            runs: 1));
        using PeriodicTimer timer = new(Look);
        RunStanding? standing = null;
        while (standing?.Status != RunStanding.Failed)
        {
            await timer.WaitForNextTickAsync(Deadline);
            standing = await store.FindAsync("run");
        }
        standing.Message.ShouldBe("as told");
        plays.ShouldBe(1);
    }

    /// <summary>Nobody can write how runs stand meanwhile.</summary>
    private void LockRunsFor(TimeSpan time)
    {
        NpgsqlConnection connection = new(Database);
        connection.Open();
        NpgsqlTransaction transaction = connection.BeginTransaction();
        using (NpgsqlCommand command = new("SELECT name FROM akkalb_run FOR UPDATE", connection, transaction))
        {
            command.ExecuteNonQuery();
        }
        _ = Task.Run(async () =>
        {
            using PeriodicTimer pause = new(time);
            await pause.WaitForNextTickAsync();
            await transaction.CommitAsync();
            await connection.DisposeAsync();
        });
    }
}
