using Akka.Persistence;

namespace AkkaLb.Engine;

/// <summary>Snapshots in a SQLite file.</summary>
internal sealed class SqliteSnapshotTable : SnapshotTable
{
    private const string Matching = "persistence_id = ?1 AND sequence_number BETWEEN ?2 AND ?3 AND created BETWEEN ?4 AND ?5";

    private readonly SqliteSettings _settings;
    private readonly SqliteDatabase _database;

    /// <exception cref="SqliteException">The file cannot be opened or is no database.</exception>
    /// <exception cref="InvalidDataException">The table is not the one we know.</exception>
    internal SqliteSnapshotTable(SqliteSettings settings)
    {
        _settings = settings;
        _database = new SqliteDatabase(settings);
        try
        {
            _database.Initialise(settings, ("snapshot", Columns,
            [
                """
                CREATE TABLE IF NOT EXISTS snapshot (
                  persistence_id NVarChar(255) NOT NULL,
                  sequence_number BigInt NOT NULL,
                  created BigInt NOT NULL,
                  snapshot VarBinary NULL,
                  manifest NVarChar(500) NULL,
                  serializer_id INTEGER NULL,
                  CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number))
                """,
                "CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number)",
                "CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created)",
            ]));
        }
        catch (Exception)
        {
            _database.Dispose();
            throw;
        }
    }

    internal override string Name => _settings.File;

    internal override SnapshotRow? Load(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using SqliteStatement statement = _database.Prepare(
            $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {Matching} ORDER BY sequence_number DESC LIMIT 1");
        Bind(statement, persistenceId, criteria);
        return statement.Step()
            ? new SnapshotRow(persistenceId, statement.Number(0), statement.Number(1), statement.Bytes(2), statement.Text(3) ?? "", (int)statement.Number(4))
            : null;
    }

    internal override void Save(SnapshotRow row)
    {
        using SqliteStatement statement = _database.Prepare(
            "INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        statement.Bind(1, row.PersistenceId).Bind(2, row.SequenceNumber).Bind(3, row.Created).Bind(4, row.Snapshot).Bind(5, row.Manifest).Bind(6, row.Identifier).Run();
    }

    internal override void Delete(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using SqliteStatement statement = _database.Prepare($"DELETE FROM snapshot WHERE {Matching}");
        Bind(statement, persistenceId, criteria);
        statement.Run();
    }

    public override void Dispose() => _database.Dispose();

    private static void Bind(SqliteStatement statement, string persistenceId, SnapshotSelectionCriteria criteria) =>
        statement.Bind(1, persistenceId).Bind(2, criteria.MinSequenceNr).Bind(3, criteria.MaxSequenceNr)
            .Bind(4, criteria.MinTimestamp?.Ticks ?? 0).Bind(5, criteria.MaxTimeStamp.Ticks);
}
