using System.Diagnostics;
using Akka.Actor;
using SQLitePCL;

namespace Engine.Tests.Persistence;

/// <summary>A journal's file or disk that fails: one clear line, nothing acknowledged is lost, and work goes on when the cause is gone.</summary>
public sealed class SqlFaultTests : SqlJournalTest
{
    [Fact]
    public async Task NoDatabase_IsOneClearLine()
    {
        File.WriteAllText(JournalFile, "this is no database at all, but long enough to be looked at by SQLite as one with its header");
        Assert.Equal($"failed: {JournalFile}: the file is no SQLite database (file is not a database)", await Summer(Start(), "a").Recovered);
    }

    [Fact]
    public async Task Truncated_IsOneClearLine()
    {
        await Store(50);
        using (FileStream file = File.OpenWrite(JournalFile)) { file.SetLength(file.Length / 2); }
        Assert.StartsWith($"failed: {JournalFile}: the file is damaged", await Summer(Start(), "a").Recovered);
    }

    [Fact]
    public async Task DamagedRow_IsOneClearLineAndSparesOtherActors()
    {
        await Store(5);
        Sql("UPDATE journal SET manifest = 'E9' WHERE sequence_number = 3");
        ActorSystem system = Start();
        Assert.Equal(
            $"failed: {JournalFile}: event 3 of a cannot be read: serializer 9001, manifest 'E9': manifest 'E9', expected E1 or S1 (Parameter 'manifest')",
            await Summer(system, "a").Recovered);
        Assert.Equal("7", await Summer(system, "b").Actor.Ask<string>(7, Patience));
        Sql("UPDATE journal SET manifest = 'E1' WHERE sequence_number = 3");
        Assert.Equal("sum 15 count 5 offered 0 last 5", await Summer(system, "a").Recovered);
    }

    [Fact]
    public async Task NewerSchema_IsOneClearLine()
    {
        await Store(5);
        Sql("ALTER TABLE journal ADD COLUMN shard INTEGER NULL");
        string line = await Summer(Start(), "a").Recovered;
        Assert.StartsWith($"failed: {JournalFile}: table journal has the columns [ordering, created, ", line);
        Assert.EndsWith("the file is of another version", line);
    }

    [Fact]
    public async Task Locked_FailsTheWriteAndGoesOnAfterwards()
    {
        ActorSystem system = Start();
        IActorRef actor = Summer(system, "a").Actor;
        Assert.Equal("1", await actor.Ask<string>(1, Patience));
        using (sqlite3 other = Open())
        {
            Run(other, "BEGIN IMMEDIATE");
            Assert.Equal($"{JournalFile}: another process holds the lock, nothing was stored (database is locked)", await actor.Ask<string>(2, Patience));
            Run(other, "COMMIT");
        }
        (actor, Task<string> recovered) = Summer(system, "a");
        Assert.Equal("sum 1 count 1 offered 0 last 1", await recovered);
        Assert.Equal("5", await actor.Ask<string>(4, Patience));
    }

    [SkippableFact]
    public async Task FullDisk_LosesNothingAcknowledgedAndGoesOnWithMoreRoom()
    {
        using Disk disk = new(Folder, "size=400k");
        ActorSystem system = Start();
        IActorRef actor = Summer(system, "a").Actor;
        long acknowledged = 0;
        string answer;
        while (long.TryParse(answer = await actor.Ask<string>(1, Patience), out long sum)) { acknowledged = sum; }
        Assert.StartsWith($"{JournalFile}: the disk is full, nothing was stored", answer);
        Assert.True(acknowledged > 0);
        disk.Remount("size=4m");
        (actor, Task<string> recovered) = Summer(system, "a");
        Assert.Equal($"sum {acknowledged} count {acknowledged} offered 0 last {acknowledged}", await recovered);
        Assert.Equal($"{acknowledged + 1}", await actor.Ask<string>(1, Patience));
        await End(system);
    }

    [SkippableFact]
    public async Task ReadOnlyDisk_IsOneClearLineAndGoesOnWhenItIsWritable()
    {
        using Disk disk = new(Folder, "size=4m");
        await Store(5);
        disk.Remount("ro");
        ActorSystem system = Start();
        string line = await Summer(system, "a").Recovered;
        Assert.StartsWith($"failed: {Folder}/", line);
        Assert.Contains(": the file ", line);
        Assert.DoesNotContain('\n', line);
        disk.Remount("rw");
        Assert.Equal("sum 15 count 5 offered 0 last 5", await Summer(system, "a").Recovered);
        await End(system);
    }

    private async Task Store(int events)
    {
        ActorSystem system = Start();
        IActorRef actor = Summer(system, "a").Actor;
        for (int i = 1; i <= events; i++) { await actor.Ask<string>(i, Patience); }
        await End(system);
    }

    private sqlite3 Open()
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(JournalFile, out sqlite3 database));
        return database;
    }

    private static void Run(sqlite3 database, string sql) => Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, sql));

    private void Sql(string sql)
    {
        Batteries_V2.Init();
        using sqlite3 database = Open();
        Run(database, sql);
    }

    /// <summary>A small file system in memory over a folder; the test is skipped where it cannot be had.</summary>
    private sealed class Disk : IDisposable
    {
        private readonly string _folder;

        public Disk(string folder, string options)
        {
            _folder = folder;
            Skip.IfNot(OperatingSystem.IsLinux() && Mount("-t", "tmpfs", "-o", options, "tmpfs", folder), "mounting a file system needs Linux and the rights of root");
        }

        public void Remount(string options) => Assert.True(Mount("-o", $"remount,{options}", _folder));

        public void Dispose() => Start("umount", "--lazy", _folder);

        private static bool Mount(params string[] arguments) => Start("mount", arguments);

        private static bool Start(string command, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
