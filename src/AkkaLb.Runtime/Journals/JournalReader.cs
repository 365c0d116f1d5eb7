using System.Data.Common;
using AkkaLb.Domain;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaLb.Runtime.Journals;

/// <summary>Reads a journal, of a run that has ended or goes on: writers are not held up, and what is read is of one moment for each call.</summary>
public sealed class JournalReader : IDisposable
{
    private readonly JournalLocation _location;
    private readonly DbConnection _events;

    private JournalReader(JournalLocation location, DbConnection events) => (_location, _events) = (location, events);

    /// <summary>The file or server, for errors.</summary>
    public string Name => _events.DataSource;

    /// <exception cref="InvalidInputException">It cannot be opened, or holds no journal.</exception>
    public static JournalReader Open(JournalLocation location) => new(location, Connect(location, location.Events));

    /// <summary>PostgreSQL only: false for a database in which no journal was made yet.</summary>
    internal bool HasTables => Query(_events, "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'journal' AND table_schema = current_schema()", row => row.GetInt64(0)).Single() > 0;

    /// <summary>All agents by name.</summary>
    public IReadOnlyList<StoredAgent> Agents() => Query(
        _events,
        "SELECT persistence_id, COUNT(*), MAX(sequence_number), MIN(created), MAX(created) FROM journal WHERE persistence_id LIKE @prefix GROUP BY persistence_id",
        row => new StoredAgent(Unprefixed(row.GetString(0)), row.GetInt64(1), row.GetInt64(2), Time(row.GetInt64(3)), Time(row.GetInt64(4))),
        ("prefix", _location.Prefix.Replace("%", "\\%", StringComparison.Ordinal) + "%"))
        .OrderBy(agent => agent.Agent, NaturalOrder.Instance).ToList();

    /// <summary>Events in the order in which they were stored; of one agent, this is the order of their numbers.</summary>
    public IEnumerable<StoredEvent> Events(EventFilter filter)
    {
        List<string> conditions = [];
        List<(string, object)> parameters = [];
        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add((name, value));
            }
        }
        Where("j.persistence_id = @agent", "agent", filter.Agent is null ? null : _location.Prefix + filter.Agent);
        Where("j.persistence_id LIKE @prefix", "prefix", filter.Agent is null && _location.Prefix.Length > 0 ? _location.Prefix + "%" : null);
        Where("j.manifest LIKE @type", "type", filter.Type is null ? null : filter.Type + "/%");
        Where("t.tag = @tag", "tag", filter.Tag);
        Where("j.sequence_number >= @from", "from", filter.From);
        Where("j.sequence_number <= @to", "to", filter.To);
        Where("j.created >= @since", "since", filter.Since?.UtcTicks);
        Where("j.created <= @until", "until", filter.Until?.UtcTicks);
        string where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
        return Query(
            _events,
            $"""
            SELECT j.ordering, j.persistence_id, j.sequence_number, j.created, COALESCE(j.manifest, ''), j.identifier, COALESCE(j.writer_uuid, ''), j.message, t.tag
            FROM journal j LEFT JOIN tags t ON t.ordering_id = j.ordering {where} ORDER BY j.ordering
            """,
            row => new StoredEvent(
                row.GetInt64(0), Unprefixed(row.GetString(1)), row.GetInt64(2), Time(row.GetInt64(3)), row.GetString(4), row.GetInt32(5), row.GetString(6),
                row.GetFieldValue<byte[]>(7), row.IsDBNull(8) ? null : row.GetString(8)),
            [.. parameters]);
    }

    /// <summary>All snapshots.</summary>
    public IReadOnlyList<StoredSnapshot> Snapshots()
    {
        if (_location.Snapshots.Length == 0)
        {
            return [];
        }
        using DbConnection snapshots = Connect(_location, _location.Snapshots);
        return Query(
            snapshots,
            "SELECT persistence_id, sequence_number, COALESCE(manifest, ''), snapshot FROM snapshot WHERE persistence_id LIKE @prefix ORDER BY persistence_id, sequence_number",
            row => new StoredSnapshot(Unprefixed(row.GetString(0)), row.GetInt64(1), row.GetString(2), row.GetFieldValue<byte[]>(3)),
            ("prefix", _location.Prefix + "%")).ToList();
    }

    public void Dispose() => _events.Dispose();

    private static DbConnection Connect(JournalLocation location, string connectionString)
    {
        try
        {
            DbConnection connection;
            if (location.Provider == JournalLocation.Sqlite)
            {
                SQLitePCL.Batteries_V2.Init();
                connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            }
            else
            {
                connection = new NpgsqlConnection(connectionString);
            }
            connection.Open();
            return connection;
        }
        catch (Exception e) when (e is DbException or ArgumentException)
        {
            throw new InvalidInputException($"{connectionString}: cannot be opened: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private IEnumerable<T> Query<T>(DbConnection connection, string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = "@" + name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
        using DbDataReader rows = Guard(command.ExecuteReader);
        while (Guard(rows.Read))
        {
            yield return read(rows);
        }
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DbException e)
        {
            throw new InvalidInputException($"{Name}: cannot be read as a journal: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private string Unprefixed(string persistenceId) => persistenceId[_location.Prefix.Length..];

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
