using System.Collections.Concurrent;

namespace AkkaLb.Engine;

/// <summary>The journal in a SQLite file.</summary>
internal sealed class SqliteJournal : JournalStore
{
    private static readonly (string, string[], string[])[] Tables =
    [
        ("journal",
            ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"],
            [
                """
                CREATE TABLE IF NOT EXISTS journal (
                  ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                  created BigInt NOT NULL,
                  deleted Bit NOT NULL,
                  persistence_id NVarChar(255) NOT NULL,
                  sequence_number BigInt NOT NULL,
                  message VarBinary NOT NULL,
                  manifest NVarChar(500) NULL,
                  identifier INTEGER NULL,
                  writer_uuid NVarChar(128) NULL)
                """,
                "CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number)",
                "CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created)",
                "CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number)",
            ]),
        ("tags",
            ["ordering_id", "tag", "sequence_nr", "persistence_id"],
            [
                """
                CREATE TABLE IF NOT EXISTS tags (
                  ordering_id INTEGER NOT NULL,
                  tag NVarChar(64) NOT NULL,
                  sequence_nr INTEGER NOT NULL,
                  persistence_id NVarChar(255) NOT NULL,
                  CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag))
                """,
                "CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr)",
                "CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag)",
            ]),
    ];

    private readonly SqliteSettings _settings;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _insertTag;
    private readonly ConcurrentBag<SqliteDatabase> _readers = [];

    /// <exception cref="SqliteException">The file cannot be opened or is no database.</exception>
    /// <exception cref="InvalidDataException">The tables are not the ones we know.</exception>
    internal SqliteJournal(SqliteSettings settings, int parallelism, int batchSize) : base(parallelism, batchSize)
    {
        _settings = settings;
        _database = new SqliteDatabase(settings);
        try
        {
            _database.Initialise(settings, Tables);
            _begin = _database.Prepare("BEGIN IMMEDIATE");
            _commit = _database.Prepare("COMMIT");
            _insert = _database.Prepare(
                "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7)");
            _insertTag = _database.Prepare("INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id) VALUES (?1, ?2, ?3, ?4)");
        }
        catch (Exception)
        {
            _database.Dispose();
            throw;
        }
        StartWriter();
    }

    internal override string Name => _settings.File;

    protected override bool IsLateWriter(Exception failure) => failure is SqliteException { IsConstraint: true };

    protected override void Transact(IReadOnlyList<JournalWork> group)
    {
        _begin.Run();
        try
        {
            foreach (JournalWork work in group)
            {
                foreach (JournalRow row in work.Rows) { Insert(row); }
                if (work.DeleteTo > 0) { DeleteEvents(work.PersistenceId, work.DeleteTo); }
            }
            _commit.Run();
        }
        catch (Exception)
        {
            _database.Rollback();
            throw;
        }
    }

    protected override long ReadHighest(string persistenceId) => Read(reader =>
    {
        using SqliteStatement statement = reader.Prepare("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?1");
        statement.Bind(1, persistenceId);
        return statement.Step() ? statement.Number(0) : 0;
    });

    protected override void ReadEvents(string persistenceId, long from, long to, long max, Action<JournalRow> callback) => Read(reader =>
    {
        using SqliteStatement statement = reader.Prepare("""
            SELECT sequence_number, created, message, manifest, identifier, writer_uuid FROM journal
            WHERE persistence_id = ?1 AND deleted = 0 AND sequence_number BETWEEN ?2 AND ?3 ORDER BY sequence_number LIMIT ?4
            """);
        for (int read = BatchSize; read == BatchSize && max > 0 && from <= to; max -= read)
        {
            statement.Bind(1, persistenceId).Bind(2, from).Bind(3, to).Bind(4, Math.Min(BatchSize, max));
            for (read = 0; statement.Step(); read++)
            {
                from = statement.Number(0) + 1;
                callback(new JournalRow(persistenceId, from - 1, statement.Number(1), statement.Bytes(2), statement.Text(3) ?? "",
                    (int)statement.Number(4), statement.Text(5) ?? "", []));
            }
        }
        return 0;
    });

    protected override void Close()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])[_begin, _commit, _insert, _insertTag]) { statement.Dispose(); }
        _database.Dispose();
        while (_readers.TryTake(out SqliteDatabase? reader)) { reader.Dispose(); }
    }

    private T Read<T>(Func<SqliteDatabase, T> action)
    {
        if (!_readers.TryTake(out SqliteDatabase? reader)) { reader = new SqliteDatabase(_settings); }
        try
        {
            return action(reader);
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    private void Insert(JournalRow row)
    {
        _insert.Bind(1, row.Created).Bind(2, row.PersistenceId).Bind(3, row.SequenceNumber).Bind(4, row.Message)
            .Bind(5, row.Manifest).Bind(6, row.Identifier).Bind(7, row.Writer).Run();
        if (row.Tags.Count == 0) { return; }
        long ordering = _database.LastRowId;
        foreach (string tag in row.Tags) { _insertTag.Bind(1, ordering).Bind(2, tag).Bind(3, row.SequenceNumber).Bind(4, row.PersistenceId).Run(); }
    }

    private void DeleteEvents(string persistenceId, long to)
    {
        foreach (string sql in (string[])
        [
            "UPDATE journal SET deleted = 1 WHERE persistence_id = ?1 AND sequence_number <= ?2",
            "DELETE FROM tags WHERE persistence_id = ?1 AND sequence_nr <= ?2",
            "DELETE FROM journal WHERE persistence_id = ?1 AND sequence_number <= ?2 AND sequence_number < (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?1)",
        ])
        {
            using SqliteStatement statement = _database.Prepare(sql);
            statement.Bind(1, persistenceId).Bind(2, to).Run();
        }
    }
}
