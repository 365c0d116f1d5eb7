using Npgsql;

namespace AkkaLb.Engine;

/// <summary>The journal in a PostgreSQL database. A group is one round trip: its rows travel as arrays, and one commit stores them.</summary>
internal sealed class PostgresJournal : JournalStore
{
    private const string Definition = """
        CREATE TABLE IF NOT EXISTS journal (
          ordering bigserial NOT NULL PRIMARY KEY,
          created bigint NOT NULL,
          deleted boolean NOT NULL,
          persistence_id varchar(255) NOT NULL,
          sequence_number bigint NOT NULL,
          message bytea NOT NULL,
          manifest varchar(500) NULL,
          identifier integer NULL,
          writer_uuid varchar(128) NULL,
          CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);
        CREATE TABLE IF NOT EXISTS tags (
          ordering_id bigint NOT NULL,
          tag varchar(64) NOT NULL,
          sequence_nr bigint NOT NULL,
          persistence_id varchar(255) NOT NULL,
          PRIMARY KEY (ordering_id, tag));
        CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
        CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);
        """;

    private const string InsertRows = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT created, false, pid, nr, message, manifest, identifier, writer
        FROM unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS r(created, pid, nr, message, manifest, identifier, writer, position) ORDER BY position
        """;

    private const string InsertTags = """
        INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id)
        SELECT j.ordering, t.tag, t.nr, t.pid FROM unnest($1, $2, $3) AS t(pid, nr, tag)
        JOIN journal j ON j.persistence_id = t.pid AND j.sequence_number = t.nr
        """;

    private readonly PostgresDatabase _database;

    /// <exception cref="PostgresFailure">The server cannot be reached.</exception>
    /// <exception cref="InvalidDataException">The tables are not the ones we know.</exception>
    internal PostgresJournal(PostgresSettings settings, int parallelism, int batchSize) : base(parallelism, batchSize)
    {
        _database = new PostgresDatabase(settings);
        try
        {
            _database.Initialise(
                Definition,
                ("journal", ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"]),
                ("tags", ["ordering_id", "tag", "sequence_nr", "persistence_id"]));
        }
        catch (Exception)
        {
            _database.Dispose();
            throw;
        }
        StartWriter();
    }

    internal override string Name => _database.Name;

    protected override bool IsLateWriter(Exception failure) => failure is PostgresFailure { IsConstraint: true };

    // The commands of a batch are one transaction.
    protected override void Transact(IReadOnlyList<JournalWork> group) => _database.Use(connection =>
    {
        JournalRow[] rows = [.. group.SelectMany(work => work.Rows)];
        (JournalRow Row, string Tag)[] tags = [.. rows.SelectMany(row => row.Tags.Select(tag => (row, tag)))];
        using NpgsqlBatch batch = new(connection);
        if (rows.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                InsertRows,
                Column(rows, r => r.Created), Column(rows, r => r.PersistenceId), Column(rows, r => r.SequenceNumber), Column(rows, r => r.Message),
                Column(rows, r => r.Manifest), Column(rows, r => r.Identifier), Column(rows, r => r.Writer)));
        }
        if (tags.Length > 0)
        {
            batch.BatchCommands.Add(Command(InsertTags, Column(tags, t => t.Row.PersistenceId), Column(tags, t => t.Row.SequenceNumber), Column(tags, t => t.Tag)));
        }
        foreach (JournalWork work in group.Where(work => work.DeleteTo > 0))
        {
            foreach (string sql in (string[])
            [
                "UPDATE journal SET deleted = true WHERE persistence_id = $1 AND sequence_number <= $2",
                "DELETE FROM tags WHERE persistence_id = $1 AND sequence_nr <= $2",
                "DELETE FROM journal WHERE persistence_id = $1 AND sequence_number <= $2 AND sequence_number < (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $1)",
            ])
            {
                batch.BatchCommands.Add(Command(sql, Value(work.PersistenceId), Value(work.DeleteTo)));
            }
        }
        return batch.ExecuteNonQuery();
    }, twice: false);

    protected override long ReadHighest(string persistenceId) => _database.Use(connection =>
    {
        using NpgsqlCommand command = new("SELECT COALESCE(MAX(sequence_number), 0) FROM journal WHERE persistence_id = $1", connection) { Parameters = { Value(persistenceId) } };
        return (long)command.ExecuteScalar()!;
    });

    protected override void ReadEvents(string persistenceId, long from, long to, long max, Action<JournalRow> callback) => _database.Use(connection =>
    {
        for (int read = BatchSize; read == BatchSize && max > 0 && from <= to;)
        {
            using NpgsqlCommand command = new(
                """
                SELECT sequence_number, created, message, COALESCE(manifest, ''), identifier, COALESCE(writer_uuid, '') FROM journal
                WHERE persistence_id = $1 AND deleted = false AND sequence_number BETWEEN $2 AND $3 ORDER BY sequence_number LIMIT $4
                """,
                connection) { Parameters = { Value(persistenceId), Value(from), Value(to), Value(Math.Min(BatchSize, max)) } };
            using NpgsqlDataReader reader = command.ExecuteReader();
            for (read = 0; reader.Read(); read++, max--)
            {
                from = reader.GetInt64(0) + 1;
                callback(new JournalRow(
                    persistenceId, from - 1, reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3), reader.GetInt32(4), reader.GetString(5), []));
            }
        }
        return 0;
    });

    protected override void Close() => _database.Dispose();

    internal static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    private static NpgsqlParameter Column<TRow, T>(TRow[] rows, Func<TRow, T> value) => new NpgsqlParameter<T[]> { TypedValue = Array.ConvertAll(rows, row => value(row)) };

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (NpgsqlParameter parameter in parameters) { command.Parameters.Add(parameter); }
        return command;
    }
}
