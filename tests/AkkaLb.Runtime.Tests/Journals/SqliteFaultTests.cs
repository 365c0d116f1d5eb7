using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>
/// A journal's file or disk that fails: the run ends with one clear line, nothing acknowledged is lost, and the run goes on when the cause
/// is gone.
/// </summary>
public sealed class SqliteFaultTests : JournalTest
{
    private const string Refused = "the journal cannot be used: ", Failed = "the journal failed, and the run with it: ";
    private const string OnceMore = ", then go on with 'akkalb resume'";

    [SkippableFact]
    public async Task FullDisk_StopsTheRunWhichGoesOnWithMoreRoom()
    {
        string[] longer = ["network.training.episodes=120"];
        await Run("straight", overrides: longer);
        await RunUntil(8, "run", longer);
        using SmallDisk disk = new(JournalFolder("run"), room: 200 << 10);
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(failure, Failed, $"{EventsFile("run")}: the disk is full, nothing was stored: make room{OnceMore}");
        disk.Remount("size=8m");
        await ShouldGoOnAsync();
    }

    [SkippableFact]
    public async Task ReadOnlyDisk_IsRefusedBeforeTheRunGoesOn()
    {
        await Run("straight");
        await RunUntil(8, "run");
        using SmallDisk disk = new(JournalFolder("run"), room: 8 << 20);
        disk.Remount("ro");
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(failure, $"{Refused}{EventsFile("run")}: the file ", "writ", OnceMore);
        disk.Remount("rw");
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task Locked_BeforeTheRunGoesOn_IsOneLine()
    {
        await Run("straight");
        await RunUntil(8, "run");
        using (SqliteConnection other = Lock("run"))
        {
            RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
            ShouldBeOneLine(
                failure, $"{Refused}{EventsFile("run")}: another process holds its lock, nothing was stored: end that process{OnceMore}");
        }
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task Locked_WhileItGoesOn_StopsTheRun()
    {
        await Run("straight");
        SqliteConnection? other = null;
        QuietObserver observer = new() { OnEpisode = e => { if (e.Episode == 12) { other = Lock("run"); } } };
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Run("run", observer: observer));
        ShouldBeOneLine(
            failure, Failed, $"{EventsFile("run")}: another process holds its lock, nothing was stored: end that process{OnceMore}");
        other.ShouldNotBeNull().Dispose();
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task DamagedRow_NamesTheAgentAndTheFile()
    {
        await Run("straight");
        await RunUntil(8, "run");
        // As no snapshot is taken, all rows are read.
        File.Delete(Path.Combine(Folder["run"], JournalLocation.SnapshotsFile));
        JournalRows.Row row = Rows("run").All().First(r => r.Agent == "link-2");
        byte[] damaged = [.. row.Message];
        damaged[^1] ^= 1;
        Put(damaged);
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(
            failure, "link-2: ", $"{EventsFile("run")}: the bytes are not those that were stored: their checksum is another one: "
            + "'akkalb journal verify' lists what is damaged; put back a sound copy, then go on with 'akkalb resume'");
        using (JournalReader reader = Open("run"))
        {
            ShouldBeOneLine(
                Should.Throw<InvalidInputException>(() => AgentMemory.Of(reader.Events(new EventFilter("link-2")))),
                $"{EventsFile("run")}: row 1 of link-2 cannot be read: the bytes are not those that were stored");
            AgentMemory.Of(reader.Events(new EventFilter("link-3"))).Events.ShouldBeGreaterThan(0);
        }
        Put(row.Message);
        await ShouldGoOnAsync();

        void Put(byte[] message) =>
            Rows("run").Execute("UPDATE journal SET message = @message WHERE ordering = @Ordering", new { message, row.Ordering });
    }

    [Theory]
    [InlineData(0.5, "the file is damaged")]
    [InlineData(0.001, "the file is damaged")]
    public async Task TruncatedFile_IsRefused(double share, string cause)
    {
        await Run("straight");
        await RunUntil(8, "run");
        byte[] whole = File.ReadAllBytes(EventsFile("run"));
        await RefusesAsync(whole[..(int)(whole.Length * share)], cause);
        File.WriteAllBytes(EventsFile("run"), whole);
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task EmptiedFile_IsNotTakenForAJournal()
    {
        await Run("straight");
        await RunUntil(8, "run");
        byte[] whole = File.ReadAllBytes(EventsFile("run"));
        File.WriteAllBytes(EventsFile("run"), []);
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(failure, $"{Refused}{EventsFile("run")}: the file is empty: put back a sound copy{OnceMore}");
        File.WriteAllBytes(EventsFile("run"), whole);
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task NoDatabase_IsRefused()
    {
        await Run("straight");
        await RunUntil(8, "run");
        byte[] whole = File.ReadAllBytes(EventsFile("run"));
        await RefusesAsync(Enumerable.Repeat((byte)'x', 4096).ToArray(), "the file is no SQLite database");
        File.WriteAllBytes(EventsFile("run"), whole);
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task AFolderInItsPlace_CannotBeOpened()
    {
        await Run("straight");
        await RunUntil(8, "run");
        byte[] whole = File.ReadAllBytes(EventsFile("run"));
        File.Delete(EventsFile("run"));
        Directory.CreateDirectory(EventsFile("run"));
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(
            failure,
            $"{Refused}{EventsFile("run")}: the file cannot be opened, or its folder cannot be written: make them accessible{OnceMore}");
        Directory.Delete(EventsFile("run"));
        File.WriteAllBytes(EventsFile("run"), whole);
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task NewerSchema_IsRefused()
    {
        await Run("straight");
        await RunUntil(8, "run");
        Alter("ADD COLUMN shard INTEGER NULL");
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(
            failure, $"{Refused}{EventsFile("run")}: table journal has the columns [",
            "shard", "it is of another version: resume with the program that wrote it");
        Alter("DROP COLUMN shard");
        await ShouldGoOnAsync();

        void Alter(string how)
        {
            using SqliteConnection connection = Rows("run").Open();
            connection.Execute($"ALTER TABLE journal {how}");
        }
    }

    [Fact]
    public async Task SecondProcess_IsRefused()
    {
        await Run("straight");
        await RunUntil(8, "run");
        using (RunFolder.Open(Folder["run"]).Lock())
        {
            InvalidInputException failure = await Should.ThrowAsync<InvalidInputException>(() => Resume("run"));
            ShouldBeOneLine(failure, $"{Folder["run"]}: expected a run that no other process works on: ");
        }
        await ShouldGoOnAsync();
    }

    [Fact]
    public async Task WriterBehindTheLock_IsFoundOutByTheKey()
    {
        await RunUntil(8, "run");
        // A second writer that got past the run's lock: the plugin refuses the number that is there already, whoever comes late.
        QuietObserver observer = new()
        {
            OnEpisode = e =>
            {
                if (e.Episode == 18)
                {
                    Rows("run").Execute(
                        """
                        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
                        SELECT created, deleted, persistence_id,
                          (SELECT MAX(sequence_number) + 1 FROM journal WHERE persistence_id = 'link-2'), message, manifest, identifier
                        FROM journal WHERE persistence_id = 'link-2' AND sequence_number = 1
                        """);
                }
            },
        };
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run", observer));
        ShouldBeOneLine(failure, Failed, "link-2: ", $"{EventsFile("run")}: another process writes to it: end that process{OnceMore}");
        Problems("run").ShouldHaveSingleItem().ShouldContain(" holds event 1 and those after it, expected event ");
    }

    [Fact]
    public async Task FailureOfTheLastEvents_LeavesARunThatGoesOn()
    {
        await Run("straight");
        const string Trigger = """
            CREATE TRIGGER denied BEFORE INSERT ON journal WHEN INSTR(NEW.message, CAST('run-finished' AS BLOB)) > 0
            BEGIN SELECT RAISE(ABORT, 'denied'); END
            """;
        QuietObserver observer = new() { OnEpisode = e => { if (e.Episode == 20) { Execute(Trigger); } } };
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Run("run", observer: observer));
        ShouldBeOneLine(failure, $"run: {EventsFile("run")}: ", "denied");
        RunSummary.Read<NetworkSummary>(RunFolder.Open(Folder["run"])).ShouldNotBeNull().Status.ShouldBe(RunSummary.Stopped);
        Execute("DROP TRIGGER denied");
        await ShouldGoOnAsync();

        void Execute(string sql)
        {
            using SqliteConnection connection = Rows("run").Open();
            connection.Execute(sql);
        }
    }

    private string JournalFolder(string run) => Path.Combine(Folder[run], JournalLocation.Folder);

    private SqliteConnection Lock(string run)
    {
        SqliteConnection connection = Rows(run).Open();
        connection.Execute("BEGIN IMMEDIATE");
        return connection;
    }

    private async Task RefusesAsync(byte[] content, string cause)
    {
        File.WriteAllBytes(EventsFile("run"), content);
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Resume("run"));
        ShouldBeOneLine(failure, $"{Refused}{EventsFile("run")}: {cause}: put back a sound copy{OnceMore}");
    }

    private async Task ShouldGoOnAsync()
    {
        (await Resume("run")).Summary.Status.ShouldBe(RunSummary.Finished);
        ShouldBeThatOf("run", "straight");
    }
}
