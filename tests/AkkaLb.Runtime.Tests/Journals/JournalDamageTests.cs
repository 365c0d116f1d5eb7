using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Runtime.Tests.Journals;

public sealed class JournalDamageTests : JournalTest
{
    private static readonly string[] Columns = ["message", "manifest", "sequence_number", "persistence_id", "identifier"];

    [Fact]
    public async Task AgentMemory_RowIsMissing_StopsThere()
    {
        await Run("run");
        Rows("run").Execute("DELETE FROM journal WHERE persistence_id = 'link-0' AND sequence_number = 2");
        using JournalReader reader = Open("run");
        InvalidInputException missing = Should.Throw<InvalidInputException>(
            () => AgentMemory.Of(reader.Events(new EventFilter("link-0"))));
        missing.Message.ShouldContain("row 2 of link-0 is missing, expected all of them: it can be replayed to event ");
        long last = long.Parse(missing.Message.Split("event ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        AgentMemory.Of(reader.Events(new EventFilter("link-0", To: last))).Events.ShouldBe(last);
    }

    /// <summary>Pages that SQLite cannot read, or a file that is none of its own: said of the run's file, in words of ours.</summary>
    [Theory]
    [InlineData(9000, "the file is damaged")]
    [InlineData(0, "the file is no SQLite database")]
    public async Task Replay_DamagedFile_IsRefusedByItsName(int at, string cause)
    {
        await Run("run");
        string file = Path.Combine(Folder["run"], JournalLocation.EventsFile);
        byte[] bytes = File.ReadAllBytes(file);
        Array.Fill(bytes, (byte)0xA5, at, 9000);
        File.WriteAllBytes(file, bytes);
        string expected = $"{file}: cannot be read as a journal: {cause}";
        (await Should.ThrowAsync<InvalidInputException>(() => RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default)))
            .Message.ShouldBe(expected);
        Should.Throw<InvalidInputException>(() => Problems("run")).Message.ShouldBe(expected);
    }

    [Fact]
    public async Task Replay_DamagedRowOrNoTable_IsSaidOfTheRunsFile()
    {
        await Run("run");
        string file = Path.Combine(Folder["run"], JournalLocation.EventsFile);
        Rows("run").Execute("UPDATE journal SET manifest = 'block/7' WHERE persistence_id = 'link-1' AND sequence_number = 2");
        (await Should.ThrowAsync<InvalidInputException>(() => RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default)))
            .Message.ShouldStartWith($"{file}: row 2 of link-1 cannot be read");
        Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "events.db*").ToList().ForEach(File.Delete);
        File.WriteAllBytes(file, []);
        Should.Throw<InvalidInputException>(() => Problems("run")).Message
            .ShouldBe($"{file}: cannot be read as a journal: there is no journal in it");
    }

    [Fact]
    public async Task Verify_DamagedJournal_NamesEachCauseInOneLine()
    {
        await Run("run");
        JournalRows rows = Rows("run");
        rows.All().Count(r => r.Agent == "link-0").ShouldBeGreaterThanOrEqualTo(3);
        rows.Execute("DELETE FROM journal WHERE persistence_id = 'link-0' AND sequence_number = 2");
        rows.Execute("UPDATE journal SET manifest = 'block/7' WHERE persistence_id = 'link-1' AND sequence_number = 2");
        rows.Execute("UPDATE journal SET created = 1 WHERE persistence_id = 'link-2' AND sequence_number = 2");
        rows.Execute("DELETE FROM journal WHERE persistence_id = 'link-3'");
        rows.ChangeEvent("link-4", "weights-decided/2", 3, e => ((LinkAgentJournal.WeightsDecided)e) with { Step = 9 });
        rows.Execute("UPDATE journal SET sequence_number = 77 WHERE persistence_id = 'link-5' AND sequence_number = 2");
        rows.ChangeBlock("link-6", 2, block => block with { First = block.First + 5 });
        rows.Execute("UPDATE journal SET persistence_id = 'link-77' WHERE persistence_id = 'link-7' AND sequence_number = 2");
        rows.Execute("UPDATE journal SET deleted = 1 WHERE persistence_id = 'run' AND sequence_number = 1");
        string[] problems = [.. Problems("run").Order(StringComparer.Ordinal)];
        problems.Length.ShouldBe(9, string.Join('\n', problems));
        problems[0].ShouldBe("link-0: row 3 follows row 1");
        problems[1].ShouldStartWith("link-1: row 2 cannot be read: unknown manifest 'block/7', expected one of ");
        problems[2].ShouldBe("link-2: row 2 is older than the one before it");
        problems[3].ShouldStartWith("link-3: there is a snapshot at row ");
        problems[4].ShouldStartWith("link-4: row 1: weights-decided/2 9 comes after 3 such events");
        problems[5].ShouldBe("link-5: row 77 follows row 1");
        problems[6].ShouldStartWith("link-6: row 2 holds event ");
        problems[7].ShouldBe("link-77: row 2 is one of link-7");
        problems[8].ShouldBe("run: row 1 is marked as deleted");
    }

    /// <summary>SQLite keeps what a column is given: a name that is no text is found by no condition, and missed by nobody.</summary>
    [Theory]
    [InlineData("persistence_id = CAST(persistence_id AS BLOB)")]
    [InlineData("created = 'abc'")]
    [InlineData("created = -5")]
    [InlineData("deleted = 'maybe'")]
    [InlineData("message = 'text'")]
    [InlineData("identifier = 'abc'")]
    [InlineData("identifier = 1000000000000")]
    public async Task Verify_ValueOfAnotherKind_IsReported(string change)
    {
        await Run("run");
        Rows("run").Execute($"UPDATE journal SET {change} WHERE persistence_id = 'link-0' AND sequence_number = 2");
        Should.Throw<InvalidInputException>(() => Problems("run")).Message
            .ShouldContain("is damaged: expected a name, a sequence number, a time and whether it is deleted");
    }

    /// <summary>Whoever reads is not taken for the journal: what goes wrong there stays what it is.</summary>
    [Fact]
    public async Task Events_ReaderThrows_IsNotSaidOfTheJournal()
    {
        await Run("run");
        using JournalReader reader = Open("run");
        Should.Throw<InvalidOperationException>(() => reader.Events(new EventFilter()).Select<StoredEvent, int>(
            _ => throw new InvalidOperationException("of the caller")).ToArray()).Message.ShouldBe("of the caller");
    }

    [Fact]
    public async Task Verify_SnapshotsWithoutTable_AreNone()
    {
        await Run("run");
        new JournalRows(Path.Combine(Folder["run"], JournalLocation.SnapshotsFile)).Drop("snapshot");
        Problems("run").ShouldBeEmpty();
    }

    /// <summary>It is the copy that cannot be written, and the run's own file is sound.</summary>
    [SkippableFact]
    public async Task Copy_NoRoomForIt_IsSaidOfTheCopy()
    {
        await Run("run");
        string small = Directory.CreateDirectory(Folder["small"]).FullName, copy = Path.Combine(small, "events.db");
        using SmallDisk disk = new(small, 8192);
        Should.Throw<RunFailedException>(() => RunReplay.Copy(EventsFile("run"), copy)).Message
            .ShouldBe($"{copy}: the journal cannot be copied there: the disk is full, nothing was stored: make room");
    }

    [Fact]
    public async Task Verify_AnyByteOfARowFlipped_IsReported()
    {
        await Run("run");
        Problems("run").ShouldBeEmpty();
        JournalRows.Row[] rows = [.. Rows("run").All()];
        using SqliteConnection connection = Rows("run").Open();
        Gen<(int Row, string Column, int Byte, int Bit)> flips =
            from row in Gen.Choose(0, rows.Length - 1)
            from column in Gen.Elements(Columns)
            from place in Gen.Choose(0, 9999)
            from bit in Gen.Choose(0, 7)
            select (row, column, place, bit);
        Prop.ForAll(flips.ToArbitrary(), flip => Flipped(connection, rows[flip.Row], flip.Column, flip.Byte, flip.Bit))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
        // All is as it was.
        Problems("run").ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_AnyByteOfASnapshotFlipped_IsReportedAndTheRunGoesOnFromItsEvents()
    {
        await Run("straight");
        await RunUntil(8, "run");
        JournalRows snapshots = new(Path.Combine(Folder["run"], JournalLocation.SnapshotsFile));
        snapshots.Execute(
            "UPDATE snapshot SET snapshot = SUBSTR(snapshot, 1, 20) || X'FFFF' || SUBSTR(snapshot, 23) WHERE persistence_id = 'link-2'");
        Problems("run").ShouldHaveSingleItem().ShouldContain("link-2: the snapshot at row ");
        (await Resume("run")).Summary.Status.ShouldBe(RunSummary.Finished);
        ShouldBeThatOf("run", "straight");
    }

    private bool Flipped(SqliteConnection connection, JournalRows.Row row, string column, int place, int bit)
    {
        object before = connection.ExecuteScalar($"SELECT {column} FROM journal WHERE ordering = @Ordering", row).ShouldNotBeNull();
        if (!Set(connection, row, column, Flip(before, place, bit)))
        {
            // The key refuses it.
            return true;
        }
        try
        {
            return Problems("run").Count > 0;
        }
        catch (InvalidInputException)
        {
            return true;
        }
        finally
        {
            Set(connection, row, column, before).ShouldBeTrue();
        }
    }

    private static object Flip(object value, int place, int bit)
    {
        switch (value)
        {
            case byte[] bytes:
                byte[] flipped = [.. bytes];
                flipped[place % bytes.Length] ^= (byte)(1 << bit);
                return flipped;
            case string text:
                // Names and manifests are ASCII: seven bits of a byte are.
                char[] letters = text.ToCharArray();
                letters[place % text.Length] ^= (char)(1 << (bit % 7));
                return new string(letters);
            default:
                return Convert.ToInt64(value) ^ (1L << (place % 4 * 8 + bit) % 31);
        }
    }

    private static bool Set(SqliteConnection connection, JournalRows.Row row, string column, object value)
    {
        try
        {
            connection.Execute($"UPDATE journal SET {column} = @value WHERE ordering = @ordering", new { value, ordering = row.Ordering });
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 19)
        {
            return false;
        }
    }
}
