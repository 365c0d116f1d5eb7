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

    /// <param name="from">Of the run, with its prefix.</param>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public static void ToFolder(JournalLocation from, RunFolder folder)
    {
        using JournalReader reader = JournalReader.Open(from);
        Directory.CreateDirectory(folder[JournalLocation.Folder]);
        string file = folder[JournalLocation.EventsFile];
        File.Delete(file);
        SqliteConnectionStringBuilder unpooled = new() { DataSource = file, Pooling = false };
        using SqliteConnection connection = new(unpooled.ConnectionString);
        connection.Open();
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute(Schema);
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
}
