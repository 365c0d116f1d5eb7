using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Runtime.Journals;

/// <summary>
/// Copies the events of one run from a database that runs share into the run's folder, as a run of one process writes them there.
/// </summary>
internal static class JournalCopy
{
    // As Akka.Persistence.Sql makes it.
    private const string Schema = """
        CREATE TABLE journal (
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created INTEGER NOT NULL, deleted Bit NOT NULL,
          persistence_id NVarChar(255) NOT NULL, sequence_number INTEGER NOT NULL, message VarBinary NOT NULL, tags NVarChar(100) NULL,
          manifest NVarChar(500) NULL, identifier INTEGER NULL, writer_uuid NVarChar(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE INDEX journal_created_idx ON journal (created);
        CREATE INDEX journal_sequence_number_idx ON journal (sequence_number);
        """;

    private const string SnapshotSchema = """
        CREATE TABLE snapshot (
          persistence_id NVarChar(255) NOT NULL, sequence_number INTEGER NOT NULL, created INTEGER NOT NULL, snapshot VarBinary NULL,
          manifest NVarChar(500) NULL, serializer_id INTEGER NULL, CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number));
        CREATE INDEX snapshot_sequence_number_idx ON snapshot (sequence_number);
        CREATE INDEX snapshot_created_idx ON snapshot (created);
        """;

    /// <param name="from">Of the run, with its prefix.</param>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public static void ToFolder(JournalLocation from, RunFolder folder)
    {
        using JournalReader reader = JournalReader.Open(from);
        Directory.CreateDirectory(folder[JournalLocation.Folder]);
        // Snapshots only shorten a recovery: the events have it all.
        using (Create(folder[JournalLocation.SnapshotsFile], SnapshotSchema))
        {
        }
        using SqliteConnection connection = Create(folder[JournalLocation.EventsFile], Schema);
        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (StoredRow row in reader.Rows(null).Where(row => row.IsOurs && !row.Deleted))
        {
            // A block says whose it is.
            byte[] bytes = row.Block() is { } block ? JournalFormat.Write(block with { PersistenceId = row.Agent }) : row.Bytes;
            connection.Execute(
                """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, tags, manifest, identifier, writer_uuid)
                VALUES (@created, 0, @agent, @number, @bytes, '', @manifest, @identifier, '')
                """,
                new
                {
                    created = row.Stored.Ticks,
                    agent = row.Agent,
                    number = row.SequenceNumber,
                    bytes,
                    manifest = row.Manifest,
                    identifier = row.Serializer,
                },
                transaction);
        }
        transaction.Commit();
    }

    private static SqliteConnection Create(string file, string schema)
    {
        File.Delete(file);
        SqliteConnectionStringBuilder unpooled = new() { DataSource = file, Pooling = false };
        SqliteConnection connection = new(unpooled.ConnectionString);
        connection.Open();
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute(schema);
        return connection;
    }
}
