using Akka.Persistence;
using Npgsql;

namespace AkkaLb.Engine;

/// <summary>Snapshots in a PostgreSQL database.</summary>
internal sealed class PostgresSnapshotTable : SnapshotTable
{
    private const string Definition = """
        CREATE TABLE IF NOT EXISTS snapshot (
          persistence_id varchar(255) NOT NULL,
          sequence_number bigint NOT NULL,
          created bigint NOT NULL,
          snapshot bytea NULL,
          manifest varchar(500) NULL,
          serializer_id integer NULL,
          PRIMARY KEY (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
        CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
        """;

    private const string Matching = "persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5";

    private readonly PostgresDatabase _database;

    /// <exception cref="PostgresFailure">The server cannot be reached.</exception>
    /// <exception cref="InvalidDataException">The table is not the one we know.</exception>
    internal PostgresSnapshotTable(PostgresSettings settings)
    {
        _database = new PostgresDatabase(settings);
        try
        {
            _database.Initialise(Definition, ("snapshot", Columns));
        }
        catch (Exception)
        {
            _database.Dispose();
            throw;
        }
    }

    internal override string Name => _database.Name;

    internal override SnapshotRow? Load(string persistenceId, SnapshotSelectionCriteria criteria) => _database.Use(connection =>
    {
        using NpgsqlCommand command = Command(connection,
            $"SELECT sequence_number, created, snapshot, COALESCE(manifest, ''), serializer_id FROM snapshot WHERE {Matching} ORDER BY sequence_number DESC LIMIT 1", persistenceId, criteria);
        using NpgsqlDataReader reader = command.ExecuteReader();
        return reader.Read()
            ? new SnapshotRow(persistenceId, reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3), reader.GetInt32(4))
            : null;
    });

    internal override void Save(SnapshotRow row) => _database.Use(connection =>
    {
        using NpgsqlCommand command = new(
            """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE
            SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
            """,
            connection)
        {
            Parameters =
            {
                PostgresJournal.Value(row.PersistenceId), PostgresJournal.Value(row.SequenceNumber), PostgresJournal.Value(row.Created),
                PostgresJournal.Value(row.Snapshot), PostgresJournal.Value(row.Manifest), PostgresJournal.Value(row.Identifier),
            },
        };
        return command.ExecuteNonQuery();
    });

    internal override void Delete(string persistenceId, SnapshotSelectionCriteria criteria) => _database.Use(connection =>
    {
        using NpgsqlCommand command = Command(connection, $"DELETE FROM snapshot WHERE {Matching}", persistenceId, criteria);
        return command.ExecuteNonQuery();
    });

    public override void Dispose() => _database.Dispose();

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string persistenceId, SnapshotSelectionCriteria criteria) => new(sql, connection)
    {
        Parameters =
        {
            PostgresJournal.Value(persistenceId), PostgresJournal.Value(criteria.MinSequenceNr), PostgresJournal.Value(criteria.MaxSequenceNr),
            PostgresJournal.Value(criteria.MinTimestamp?.Ticks ?? 0), PostgresJournal.Value(criteria.MaxTimeStamp.Ticks),
        },
    };
}
