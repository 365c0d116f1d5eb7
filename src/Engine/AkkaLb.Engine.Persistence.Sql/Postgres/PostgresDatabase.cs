using Npgsql;

namespace AkkaLb.Engine;

/// <summary>A pool of connections to a server; every failure is one line that names it.</summary>
internal sealed class PostgresDatabase(PostgresSettings settings) : IDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(settings.ConnectionString);

    internal string Name => settings.Name;

    /// <summary>Runs an action on a connection of the pool; on another one when the server had closed it and the action may be run twice.</summary>
    /// <exception cref="PostgresFailure">The server refused, or cannot be reached.</exception>
    internal T Use<T>(Func<NpgsqlConnection, T> action, bool twice = true)
    {
        while (true)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = _source.OpenConnection();
                return action(connection);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                if (!twice || connection is not { State: not System.Data.ConnectionState.Open }) { throw new PostgresFailure(settings.Name, e); }
                twice = false;
            }
            finally
            {
                connection?.Dispose();
            }
        }
    }

    /// <summary>Makes the tables when they are missing, and checks that those present are the ones we know.</summary>
    /// <exception cref="InvalidDataException">A table has other columns, as that of a newer version would.</exception>
    internal void Initialise(string definition, params (string Table, string[] Columns)[] tables) => Use(connection =>
    {
        if (settings.Initialise)
        {
            // One of several nodes that start at once makes the tables.
            using NpgsqlBatch batch = new(connection)
            {
                BatchCommands = { new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(4701882309)"), new NpgsqlBatchCommand($"DO $body$ BEGIN {definition} END $body$") },
            };
            batch.ExecuteNonQuery();
        }
        foreach ((string table, string[] columns) in tables)
        {
            using NpgsqlCommand command = new("SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position", connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = table } },
            };
            List<string> present = [];
            using (NpgsqlDataReader reader = command.ExecuteReader())
            {
                while (reader.Read()) { present.Add(reader.GetString(0)); }
            }
            if (!columns.ToHashSet().SetEquals(present))
            {
                throw new InvalidDataException($"{settings.Name}: table {table} has the columns [{string.Join(", ", present)}], expected [{string.Join(", ", columns)}]: "
                    + (present.Count == 0 ? "the table is missing" : "the database is of another version"));
            }
        }
        return true;
    });

    public void Dispose() => _source.Dispose();
}
