using Akka.Configuration;
using Akka.Persistence.Snapshot;
using Akka.Serialization;
using AkkaLb.Engine;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>Snapshots in a SQL database, in the table of Akka.Persistence.Sql's default mapping.</summary>
public class SqlSnapshotStore : SnapshotStore
{
    private const string Matching = "persistence_id = ?1 AND sequence_number BETWEEN ?2 AND ?3 AND created BETWEEN ?4 AND ?5";

    private static readonly (string, string[], string[]) Table = ("snapshot",
        ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"],
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
        ]);

    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly SqliteSettings _settings;
    private readonly Lock _gate = new();
    private SqliteDatabase? _database;

    /// <summary>Reads the section of the store; the database is opened at the first use.</summary>
    public SqlSnapshotStore(Config snapshotConfig) => _settings = SqliteSettings.Read(
        snapshotConfig.WithFallback(SqlPersistence.DefaultSnapshotConfiguration), SqlPersistence.SnapshotStoreConfigPath);

    /// <inheritdoc />
    protected override void PostStop()
    {
        lock (_gate) { _database?.Dispose(); }
    }

    /// <inheritdoc />
    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Use<SelectedSnapshot>(database =>
    {
        using SqliteStatement statement = database.Prepare(
            $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {Matching} ORDER BY sequence_number DESC LIMIT 1");
        Bind(statement, persistenceId, criteria);
        return statement.Step()
            ? new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, statement.Number(0), new DateTime(statement.Number(1), DateTimeKind.Utc)),
                _serialization.Deserialize(statement.Bytes(2), (int)statement.Number(4), statement.Text(3) ?? ""))
            : null!;
    });

    /// <inheritdoc />
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        Serializer serializer = _serialization.FindSerializerFor(snapshot);
        string manifest = Akka.Serialization.Serialization.ManifestFor(serializer, snapshot);
        byte[] bytes = Akka.Serialization.Serialization.WithTransport(_serialization.System, () => serializer.ToBinary(snapshot));
        return Use(database =>
        {
            using SqliteStatement statement = database.Prepare(
                "INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
            statement.Bind(1, metadata.PersistenceId).Bind(2, metadata.SequenceNr).Bind(3, metadata.Timestamp.Ticks).Bind(4, bytes)
                .Bind(5, manifest).Bind(6, serializer.Identifier).Run();
            return true;
        });
    }

    /// <inheritdoc />
    protected override Task DeleteAsync(SnapshotMetadata metadata) => DeleteAsync(metadata.PersistenceId, metadata.Timestamp == DateTime.MinValue
        ? new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr)
        : new SnapshotSelectionCriteria(metadata.SequenceNr, metadata.Timestamp, metadata.SequenceNr, metadata.Timestamp));

    /// <inheritdoc />
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Use(database =>
    {
        using SqliteStatement statement = database.Prepare($"DELETE FROM snapshot WHERE {Matching}");
        Bind(statement, persistenceId, criteria);
        statement.Run();
        return true;
    });

    private static void Bind(SqliteStatement statement, string persistenceId, SnapshotSelectionCriteria criteria) =>
        statement.Bind(1, persistenceId).Bind(2, criteria.MinSequenceNr).Bind(3, criteria.MaxSequenceNr)
            .Bind(4, criteria.MinTimestamp?.Ticks ?? 0).Bind(5, criteria.MaxTimeStamp.Ticks);

    private Task<T> Use<T>(Func<SqliteDatabase, T> action) => Task.Run(() =>
    {
        lock (_gate) { return action(_database ??= Open()); }
    });

    private SqliteDatabase Open()
    {
        SqliteDatabase database = new(_settings);
        try
        {
            database.Initialise(_settings, Table);
            return database;
        }
        catch (Exception)
        {
            database.Dispose();
            throw;
        }
    }
}
