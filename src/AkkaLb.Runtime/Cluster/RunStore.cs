using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Dapper;
using Npgsql;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// The runs of a cluster, in its database beside their journals: their files, and how far they are. So any node can take a run over, no
/// folder need be shared, and whoever submitted the run fetches its folder from here.
/// </summary>
public sealed class RunStore : IAsyncDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS akkalb_lease (name text PRIMARY KEY, owner text NOT NULL, until timestamptz NOT NULL);
        CREATE TABLE IF NOT EXISTS akkalb_holder (one boolean PRIMARY KEY DEFAULT true CHECK (one), term bigint NOT NULL);
        ALTER TABLE akkalb_holder ADD COLUMN IF NOT EXISTS seen timestamptz NOT NULL DEFAULT now();
        INSERT INTO akkalb_holder (term) VALUES (0) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS akkalb_member (address text PRIMARY KEY, seeds text[] NOT NULL, seen timestamptz NOT NULL);
        CREATE TABLE IF NOT EXISTS akkalb_run (
          name text PRIMARY KEY, submitted timestamptz NOT NULL DEFAULT now(), status text NOT NULL, stop boolean NOT NULL DEFAULT false,
          session bigint NOT NULL DEFAULT 0, message text, plan jsonb, baselines jsonb);
        CREATE TABLE IF NOT EXISTS akkalb_run_file (
          run text REFERENCES akkalb_run(name) ON DELETE CASCADE, name text, sha256 bytea NOT NULL, content bytea NOT NULL,
          PRIMARY KEY (run, name));
        CREATE TABLE IF NOT EXISTS akkalb_run_episode (
          run text REFERENCES akkalb_run(name) ON DELETE CASCADE, episode int, report jsonb NOT NULL, PRIMARY KEY (run, episode));
        CREATE TABLE IF NOT EXISTS akkalb_run_notice (
          run text REFERENCES akkalb_run(name) ON DELETE CASCADE, number bigserial, line text NOT NULL, PRIMARY KEY (run, number));
        CREATE TABLE IF NOT EXISTS akkalb_timeline (
          number bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), line text NOT NULL);
        """;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly NpgsqlDataSource _source;
    private readonly JournalLocation _location;

    private RunStore(JournalLocation location)
    {
        _location = location;
        _source = NpgsqlDataSource.Create(location.Events);
    }

    /// <summary>Opens the store of a database, and makes its tables.</summary>
    /// <exception cref="InvalidInputException">The connection names no database that can be used.</exception>
    /// <exception cref="RunFailedException">The server cannot be reached, or the database is not ours.</exception>
    public static async Task<RunStore> OpenAsync(ClusterDatabase database)
    {
        JournalLocation location = JournalLocation.OfDatabase(database.Connection) with { Key = database.Key, Afterwards = "" };
        JournalDatabase.Prepare(location, isNew: false);
        RunStore store = new(location);
        try
        {
            await store.RunAsync(async c =>
            {
                try
                {
                    await c.ExecuteAsync(Schema);
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable)
                {
                    // Another node makes them at the same moment.
                    await c.ExecuteAsync(Schema);
                }
                return 0;
            });
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the database answers.</summary>
    /// <exception cref="RunFailedException">It does not.</exception>
    internal Task PingAsync() => RunAsync(c => c.ExecuteScalarAsync<int>("SELECT 1"));

    /// <summary>Hands a run in.</summary>
    /// <returns>False: there is one of this name.</returns>
    public Task<bool> SubmitAsync(string run, IReadOnlyDictionary<string, string> files) => RunAsync(async c =>
    {
        await using NpgsqlTransaction transaction = await c.BeginTransactionAsync();
        if (await c.ExecuteAsync(
            "INSERT INTO akkalb_run (name, status) VALUES (@run, 'waiting') ON CONFLICT DO NOTHING", new { run }, transaction) == 0)
        {
            return false;
        }
        foreach ((string name, string content) in files)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(content);
            await WriteFileAsync(c, transaction, run, name, SHA256.HashData(bytes), bytes);
        }
        await transaction.CommitAsync();
        return true;
    });

    /// <summary>Runs that wait for a node or were at play when theirs ended, the first submitted first.</summary>
    public Task<IReadOnlyList<string>> OpenRunsAsync() => RunAsync<IReadOnlyList<string>>(async c =>
        [.. await c.QueryAsync<string>("SELECT name FROM akkalb_run WHERE status IN ('waiting', 'running') ORDER BY submitted, name")]);

    /// <summary>
    /// This node holds the cluster's runs from now on: one that did so before, and does not know that it is dead to the others, can begin
    /// none any more.
    /// </summary>
    /// <param name="unheard">Only if the one that holds them now has not been heard of for so long.</param>
    /// <returns>The number of its term; null when another one holds them.</returns>
    internal Task<long?> TakeTermAsync(TimeSpan unheard) => RunAsync(c => c.ExecuteScalarAsync<long?>(
        "UPDATE akkalb_holder SET term = term + 1, seen = now() WHERE seen <= now() - @unheard RETURNING term", new { unheard }));

    /// <summary>Tells that the holder of a term lives, at most every two seconds.</summary>
    /// <returns>Whether it still holds the runs.</returns>
    internal Task<bool> HoldTermAsync(long term) => RunAsync(c => c.ExecuteScalarAsync<bool>(
        """
        WITH told AS (UPDATE akkalb_holder SET seen = now() WHERE term = @term AND seen < now() - interval '2 seconds')
        SELECT term = @term FROM akkalb_holder
        """,
        new { term }));

    /// <summary>Tells that a member of a cluster lives. Those of which nothing was heard for a day are forgotten.</summary>
    /// <param name="address"><c>host:port</c>.</param>
    /// <param name="seeds">That it was given: they tell its cluster from others on this database.</param>
    internal Task SeeMemberAsync(string address, IReadOnlyList<string> seeds) => RunAsync(c => c.ExecuteAsync(
        """
        WITH gone AS (DELETE FROM akkalb_member WHERE seen < now() - interval '1 day' AND address <> @address)
        INSERT INTO akkalb_member (address, seeds, seen) VALUES (@address, @seeds, now())
        ON CONFLICT (address) DO UPDATE SET seeds = excluded.seeds, seen = excluded.seen
        """,
        new { address, seeds = Kin(address, seeds) }));

    /// <summary>A member has ended in good order: nobody need wait for it.</summary>
    internal Task ForgetMemberAsync(string address) =>
        RunAsync(c => c.ExecuteAsync("DELETE FROM akkalb_member WHERE address = @address", new { address }));

    /// <summary>The other members of a node's cluster that have not left in good order, of the last day.</summary>
    /// <param name="lately">Within this time one has been seen that lives.</param>
    internal Task<IReadOnlyList<(string Address, bool Lives)>> OtherMembersAsync(
        string address, IReadOnlyList<string> seeds, TimeSpan lately) => RunAsync<IReadOnlyList<(string, bool)>>(async c =>
        [
            .. await c.QueryAsync<(string, bool)>(
                """
                SELECT address, seen > now() - @lately FROM akkalb_member
                WHERE address <> @address AND seeds && @seeds AND seen > now() - interval '1 day' ORDER BY address
                """,
                new { address, seeds = Kin(address, seeds), lately }),
        ]);

    /// <summary>Takes a run over: whoever held it before can write nothing more of it.</summary>
    /// <returns>The number of the session, from 1; null when the run has been withdrawn.</returns>
    /// <exception cref="RunTakenOverException">The term is over.</exception>
    internal Task<long?> BeginAsync(string run, long term) => RunAsync(async c =>
    {
        long? session = await c.ExecuteScalarAsync<long?>(
            """
            UPDATE akkalb_run SET session = session + 1, status = 'running'
            WHERE name = @run AND status IN ('waiting', 'running') AND (SELECT term FROM akkalb_holder) = @term RETURNING session
            """,
            new { run, term });
        return session is not null || await c.ExecuteScalarAsync<long>("SELECT term FROM akkalb_holder") == term
            ? session
            : throw new RunTakenOverException(run);
    });

    /// <summary>Whether somebody wants the run to end early.</summary>
    public Task<bool> IsToStopAsync(string run) =>
        RunAsync(c => c.ExecuteScalarAsync<bool>("SELECT stop FROM akkalb_run WHERE name = @run", new { run }));

    /// <summary>Ends a run early: one that no node has begun is withdrawn, any other ends after what is in flight.</summary>
    public Task StopAsync(string run) => RunAsync(c => c.ExecuteAsync(
        """
        UPDATE akkalb_run SET stop = true, status = CASE WHEN status = 'waiting' THEN 'withdrawn' ELSE status END WHERE name = @run
        """,
        new { run }));

    /// <summary>Where a run stands; null when there is none of this name.</summary>
    public Task<RunStanding?> FindAsync(string run) => RunAsync(async c =>
    {
        (string Status, string? Message, string? Plan, string? Baselines, double Silence) row =
            await c.QuerySingleOrDefaultAsync<(string, string?, string?, string?, double)>(
                """
                SELECT status, message, plan::text, baselines::text,
                  COALESCE((SELECT EXTRACT(EPOCH FROM now() - max(seen)) FROM akkalb_holder), 0)::double precision
                FROM akkalb_run WHERE name = @run
                """,
                new { run });
        return row.Status is null
            ? null
            : new RunStanding(row.Status, row.Message, Parse<RunPlan>(row.Plan), Parse<RunBaselines>(row.Baselines),
                TimeSpan.FromSeconds(Math.Clamp(row.Silence, 0, TimeSpan.FromDays(1).TotalSeconds)));
    });

    /// <summary>The episodes from one on that nodes have told of.</summary>
    public Task<IReadOnlyList<EpisodeReport>> EpisodesAsync(string run, int from) => RunAsync<IReadOnlyList<EpisodeReport>>(async c =>
    [
        .. (await c.QueryAsync<string>(
            "SELECT report::text FROM akkalb_run_episode WHERE run = @run AND episode >= @from ORDER BY episode", new { run, from }))
            .Select(report => Parse<EpisodeReport>(report)!),
    ]);

    /// <summary>What nodes have told the user, after a number.</summary>
    public Task<IReadOnlyList<(long Number, string Line)>> NoticesAsync(string run, long after) =>
        RunAsync<IReadOnlyList<(long, string)>>(async c =>
        [
            .. await c.QueryAsync<(long, string)>(
                "SELECT number, line FROM akkalb_run_notice WHERE run = @run AND number > @after ORDER BY number", new { run, after }),
        ]);

    /// <summary>What has happened to the cluster lately, the last first.</summary>
    /// <param name="most">That are given at most.</param>
    internal Task<IReadOnlyList<ClusterMoment>> TimelineAsync(int most) => RunAsync<IReadOnlyList<ClusterMoment>>(async c =>
    [
        .. (await c.QueryAsync<(long, DateTime, string)>(
            "SELECT number, at, line FROM akkalb_timeline ORDER BY number DESC LIMIT @most", new { most }))
            .Select(row => new ClusterMoment(row.Item1, new DateTimeOffset(row.Item2, TimeSpan.Zero), row.Item3)),
    ]);

    /// <summary>Keeps what has just happened to the cluster.</summary>
    internal Task NoteAsync(IReadOnlyCollection<string> lines) => RunAsync(c => c.ExecuteAsync(
        "INSERT INTO akkalb_timeline (line) SELECT unnest(@lines)", new { lines = lines.ToArray() }));

    /// <summary>Reads the run's files into a folder.</summary>
    /// <returns>How many there are; 0: the database knows none of the run.</returns>
    /// <param name="withCheckpoint">Whether to go on from there, or else only to know what is played.</param>
    public Task<int> FetchAsync(string run, RunFolder folder, bool withCheckpoint = true) => RunAsync(async c =>
    {
        (string Name, byte[] Content)[] files = [.. await c.QueryAsync<(string, byte[])>(
            "SELECT name, content FROM akkalb_run_file WHERE run = @run AND (@withCheckpoint OR NOT starts_with(name, @checkpoint))",
            new { run, withCheckpoint, checkpoint = RunFolder.CheckpointFolder })];
        foreach ((string name, byte[] content) in files.OrderBy(file => file.Name == RunFolder.ConfigurationFile))
        {
            folder.Write(name, stream => stream.Write(content));
        }
        return files.Length;
    });

    /// <summary>Tells of a run what has happened since the last time.</summary>
    internal Task TellAsync(string run, long session, RunNews news) => WriteAsync(run, session, async (c, transaction) =>
    {
        if (news.Plan is not null || news.Baselines is not null)
        {
            await c.ExecuteAsync(
                """
                UPDATE akkalb_run SET plan = COALESCE(@plan::jsonb, plan), baselines = COALESCE(@baselines::jsonb, baselines)
                WHERE name = @run
                """,
                new { run, plan = Write(news.Plan), baselines = Write(news.Baselines) }, transaction);
        }
        if (news.Episodes.Count > 0)
        {
            await c.ExecuteAsync(
                """
                INSERT INTO akkalb_run_episode (run, episode, report)
                SELECT @run, e.episode, e.report::jsonb FROM unnest(@episodes, @reports) AS e(episode, report)
                ON CONFLICT (run, episode) DO UPDATE SET report = excluded.report
                """,
                new
                {
                    run,
                    episodes = news.Episodes.Select(e => e.Episode).ToArray(),
                    reports = news.Episodes.Select(e => Write(e)!).ToArray(),
                },
                transaction);
        }
        foreach (string line in news.Notices)
        {
            await c.ExecuteAsync("INSERT INTO akkalb_run_notice (run, line) VALUES (@run, @line)", new { run, line }, transaction);
        }
    });

    /// <summary>Keeps the files of a run's folder, those that have changed.</summary>
    /// <param name="files">By name.</param>
    internal Task KeepAsync(string run, long session, IReadOnlyDictionary<string, byte[]> files) =>
        WriteAsync(run, session, async (c, transaction) =>
        {
            Dictionary<string, byte[]> kept = (await c.QueryAsync<(string Name, byte[] Sha256)>(
                "SELECT name, sha256 FROM akkalb_run_file WHERE run = @run", new { run }, transaction))
                .ToDictionary(file => file.Name, file => file.Sha256);
            foreach ((string name, byte[] content) in files)
            {
                byte[] sha256 = SHA256.HashData(content);
                if (!kept.TryGetValue(name, out byte[]? known) || !known.AsSpan().SequenceEqual(sha256))
                {
                    await WriteFileAsync(c, transaction, run, name, sha256, content);
                }
            }
            string[] gone = [.. kept.Keys.Except(files.Keys)];
            await c.ExecuteAsync("DELETE FROM akkalb_run_file WHERE run = @run AND name = ANY(@gone)", new { run, gone }, transaction);
        });

    /// <summary>The run has ended.</summary>
    /// <param name="message">Why, in one line, when it has failed.</param>
    internal Task EndAsync(string run, long session, string status, string? message) => WriteAsync(run, session, (c, transaction) =>
        c.ExecuteAsync(
            "UPDATE akkalb_run SET status = @status, message = @message WHERE name = @run", new { run, status, message }, transaction));

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>Writes something of a run, unless another node has taken it over.</summary>
    private Task WriteAsync(string run, long session, Func<NpgsqlConnection, NpgsqlTransaction, Task> write) => RunAsync(async c =>
    {
        await using NpgsqlTransaction transaction = await c.BeginTransactionAsync();
        long holder = await c.ExecuteScalarAsync<long>(
            "SELECT session FROM akkalb_run WHERE name = @run FOR UPDATE", new { run }, transaction);
        if (holder != session)
        {
            throw new RunTakenOverException(run);
        }
        await write(c, transaction);
        await transaction.CommitAsync();
        return 0;
    });

    /// <summary>Nodes of which two share one are of one cluster: a seed need not name itself.</summary>
    private static string[] Kin(string address, IReadOnlyList<string> seeds) => [address, .. seeds];

    private static Task WriteFileAsync(
        NpgsqlConnection c, NpgsqlTransaction transaction, string run, string name, byte[] sha256, byte[] content) =>
        c.ExecuteAsync(
            """
            INSERT INTO akkalb_run_file (run, name, sha256, content) VALUES (@run, @name, @sha256, @content)
            ON CONFLICT (run, name) DO UPDATE SET sha256 = excluded.sha256, content = excluded.content
            """,
            new { run, name, sha256, content }, transaction);

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
            return await work(connection);
        }
        catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new RunFailedException($"the cluster's database cannot be used: {JournalDatabase.Describe(e, _location)}", e);
        }
    }

    private static T? Parse<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, Json);

    private static string? Write<T>(T? value) => value is null ? null : JsonSerializer.Serialize(value, Json);
}
