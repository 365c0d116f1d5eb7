using System.Data.Common;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using Dapper;

namespace AkkaLb.Runtime.Journals;

/// <summary>
/// Reads the tables of Akka.Persistence.Sql's default mapping, of a run that has ended or goes on: writers are not held up, and what is
/// read is of one moment for each call.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private const string Expected =
        "expected a name, a sequence number, a time and whether it is deleted, and a message with the number of its serializer";

    private readonly JournalLocation _location;
    private readonly DbConnection _events;

    private JournalReader(JournalLocation location, DbConnection events) =>
        (_location, _events, Name) = (location, events, JournalDatabase.Name(location, location.Events));

    /// <summary>The file or server, for errors.</summary>
    public string Name { get; }

    /// <exception cref="InvalidInputException">It cannot be opened.</exception>
    public static JournalReader Open(JournalLocation location) => new(location, JournalDatabase.OpenToRead(location, location.Events));

    /// <summary>
    /// Whether the file's pages and indices are sound, and values of the kinds that Akka.NET writes; a server looks after its own.
    /// </summary>
    /// <exception cref="InvalidInputException">They are not.</exception>
    internal void CheckFile()
    {
        if (_location.Provider != JournalLocation.Sqlite)
        {
            return;
        }
        // SQLite keeps whatever a column is given, and a row that no condition finds would not be missed.
        long? odd = Guard(() =>
        {
            JournalDatabase.CheckPages(_events, indices: true);
            return _events.ExecuteScalar<long?>(
                """
                SELECT MIN(ordering) FROM journal WHERE typeof(persistence_id) <> 'text' OR typeof(sequence_number) <> 'integer'
                  OR typeof(created) <> 'integer' OR created NOT BETWEEN 0 AND @latest OR deleted IS NULL OR deleted NOT IN (0, 1)
                  OR typeof(message) <> 'blob' OR typeof(identifier) NOT IN ('integer', 'null')
                  OR identifier NOT BETWEEN @lowest AND @highest
                """,
                new { latest = DateTime.MaxValue.Ticks, lowest = int.MinValue, highest = int.MaxValue });
        });
        if (odd is { } ordering)
        {
            throw Damaged(ordering, null);
        }
    }

    /// <summary>Whether a database of PostgreSQL holds agents of this run.</summary>
    internal static bool HasRun(JournalLocation location)
    {
        using JournalReader reader = Open(location);
        return reader.HasTable("journal") && reader.Agents().Count > 0;
    }

    /// <summary>Whether there is anything of an agent.</summary>
    internal bool Holds(string agent) => HasTable("journal") && Rows(agent).Any();

    /// <summary>All agents by name.</summary>
    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    public IReadOnlyList<StoredAgent> Agents()
    {
        Dictionary<string, StoredAgent> agents = [];
        foreach (StoredRow row in Rows(null).Where(row => !row.Deleted))
        {
            int events = row.Events().Count;
            agents[row.Agent] = agents.TryGetValue(row.Agent, out StoredAgent? known)
                ? known with { Events = known.Events + events, Rows = known.Rows + 1, Until = row.Stored }
                : new StoredAgent(row.Agent, events, 1, row.Stored, row.Stored);
        }
        return [.. agents.Values.OrderBy(agent => agent.Agent, NaturalOrder.Instance)];
    }

    /// <summary>Events in the order in which they were stored; of one agent, this is the order of their numbers.</summary>
    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    public IEnumerable<StoredEvent> Events(EventFilter filter) => Events(filter, 0);

    /// <summary>
    /// Events of the rows that were stored after one, for who reads on; a row's first event knows its number where blocks are stored.
    /// </summary>
    /// <param name="ordering">Of the last row that was read; 0: none was.</param>
    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    internal IEnumerable<StoredEvent> After(long ordering) => Events(new EventFilter(), ordering);

    /// <summary>Events of the rows from one to another; only of blocks, as rows before the first are not counted.</summary>
    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    internal IEnumerable<StoredEvent> Between(long first, long last) => Events(new EventFilter(), first - 1, last);

    /// <summary>
    /// Looks for an event among those of an agent that are in an order, such as numbered ones; some dozens of rows are read.
    /// </summary>
    /// <param name="place">
    /// Where the one looked for is: below 0 before this event, above 0 after it, 0: it is this one; null where this one says nothing.
    /// </param>
    /// <returns>Null: it is not there.</returns>
    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    public StoredEvent? Search(string agent, Func<StoredEvent, int?> place)
    {
        long from = Edge("MIN"), to = Edge("MAX");
        while (from <= to)
        {
            long middle = from + ((to - from) / 2);
            (StoredEvent Event, int Place)[] said = NextThatSay(middle, to);
            if (said.Length == 0 || said[0].Place < 0)
            {
                to = middle - 1;
            }
            else if (said[^1].Place > 0)
            {
                from = said[^1].Event.Row.SequenceNumber + 1;
            }
            else
            {
                return said.FirstOrDefault(one => one.Place == 0).Event;
            }
        }
        return null;

        // Of the first row between two that has any.
        (StoredEvent, int)[] NextThatSay(long first, long last)
        {
            const int atOnce = 4;
            for (long begin = first; begin <= last; begin += atOnce)
            {
                IGrouping<long, (StoredEvent, int)>? row = Numbered(Rows(agent, (begin, Math.Min(last, begin + atOnce - 1))))
                    .Select(stored => (Event: stored, Place: place(stored)))
                    .Where(one => one.Place is not null)
                    .Select(one => (one.Event, one.Place!.Value))
                    .GroupBy(one => one.Event.Row.SequenceNumber)
                    .FirstOrDefault();
                if (row is not null)
                {
                    return [.. row];
                }
            }
            return [];
        }

        long Edge(string which) => Guard(() => _events.ExecuteScalar<long?>(
            $"SELECT {which}(sequence_number) FROM journal WHERE persistence_id = @agent", new { agent = _location.Prefix + agent }))
            ?? (which == "MIN" ? 1 : 0);
    }

    /// <summary>Whether there is a journal yet: a run that has just begun has none.</summary>
    internal bool HasEvents => HasTable("journal");

    private IEnumerable<StoredEvent> Events(EventFilter filter, long after, long until = long.MaxValue) =>
        Numbered(Rows(filter.Agent, after, until)).Where(filter.Takes);

    private static IEnumerable<StoredEvent> Numbered(IEnumerable<StoredRow> rows)
    {
        Dictionary<string, long> numbers = [];
        foreach (StoredRow row in rows.Where(row => !row.Deleted))
        {
            EventBlock? block = row.Block();
            // After a row that cannot be read, the next block knows how many events it held.
            long number = Math.Max(numbers.GetValueOrDefault(row.Agent), (block?.First ?? 0) - 1);
            foreach (EncodedEvent happened in block?.Events ?? row.Events())
            {
                yield return new StoredEvent(row, ++number, happened);
            }
            numbers[row.Agent] = number;
        }
    }

    /// <summary>All snapshots.</summary>
    /// <exception cref="InvalidInputException">They cannot be read.</exception>
    public IReadOnlyList<StoredSnapshot> Snapshots()
    {
        if (_location.Snapshots.Length == 0)
        {
            return [];
        }
        using DbConnection snapshots = JournalDatabase.OpenToRead(_location, _location.Snapshots);
        string name = JournalDatabase.Name(_location, _location.Snapshots);
        if (!Guard(() => HasTable(snapshots, "snapshot"), name))
        {
            return [];
        }
        return [.. Query(
            snapshots,
            name,
            "SELECT persistence_id, sequence_number, COALESCE(manifest, ''), snapshot FROM snapshot "
                + $"WHERE {IsOfRun("persistence_id")} ORDER BY persistence_id, sequence_number",
            Run,
            // Without bytes it is one that cannot be read.
            row => new StoredSnapshot(
                Unprefixed(row.GetString(0)), row.GetInt64(1), row.GetString(2), row.IsDBNull(3) ? [] : row.GetFieldValue<byte[]>(3)))];
    }

    public void Dispose() => _events.Dispose();

    /// <summary>Rows of an agent, or of all, in the order in which they were stored; deleted ones too.</summary>
    /// <param name="after">Ordering of a row, only those after it; 0: all.</param>
    /// <param name="until">Ordering of a row, only those up to it.</param>
    internal IEnumerable<StoredRow> Rows(string? agent, long after = 0, long until = long.MaxValue) => Rows(
        $"""
        {(agent is null ? IsOfRun("j.persistence_id") : "j.persistence_id = @agent")}
        AND j.ordering > @after AND j.ordering <= @until
        """,
        new { prefix = _location.Prefix, agent = _location.Prefix + agent, after, until });

    private IEnumerable<StoredRow> Rows(string agent, (long First, long Last) numbers) => Rows(
        "j.persistence_id = @agent AND j.sequence_number BETWEEN @First AND @Last",
        new { agent = _location.Prefix + agent, numbers.First, numbers.Last });

    private IEnumerable<StoredRow> Rows(string condition, object parameters)
    {
        return Query(
            _events,
            Name,
            $"""
            SELECT j.ordering, j.persistence_id, j.sequence_number, j.created, COALESCE(j.manifest, ''), COALESCE(j.identifier, 0),
              j.message, {Tags()}, j.deleted
            FROM journal j WHERE {condition}
            ORDER BY j.ordering
            """,
            parameters,
            Read);
    }

    private StoredRow Read(DbDataReader row)
    {
        long ordering = row.GetInt64(0);
        try
        {
            return new StoredRow(
                ordering, Unprefixed(row.GetString(1)), row.GetInt64(2), new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero),
                row.GetString(4), row.GetInt32(5), row.GetFieldValue<byte[]>(6), row.IsDBNull(7) ? null : row.GetString(7).Trim(';'),
                row.GetBoolean(8), Name, _location.Prefix);
        }
        catch (Exception e) when (IsOfAnotherKind(e))
        {
            throw Damaged(ordering, e);
        }
    }

    /// <summary>Tags are in a column, in a table of their own, or both, as whoever wrote them was configured.</summary>
    private string Tags()
    {
        string together = _location.Provider == JournalLocation.Sqlite ? "GROUP_CONCAT(t.tag, ';')" : "STRING_AGG(t.tag, ';')";
        string table = $"(SELECT {together} FROM (SELECT tag FROM tags WHERE ordering_id = j.ordering ORDER BY tag) t)";
        return (HasTable("tags"), HasColumn("tags")) switch
        {
            (true, true) => $"COALESCE(NULLIF(j.tags, ''), {table})",
            (true, false) => table,
            (false, true) => "j.tags",
            _ => "NULL",
        };
    }

    private object Run => new { prefix = _location.Prefix };

    /// <summary>
    /// No agent has a slash in its name, but runs may: <c>team/a/link-0</c> is of the run <c>team/a</c>, not of <c>team</c>.
    /// </summary>
    private static string IsOfRun(string column) =>
        $"SUBSTR({column}, 1, LENGTH(@prefix)) = @prefix AND (@prefix = '' OR SUBSTR({column}, LENGTH(@prefix) + 1) NOT LIKE '%/%')";

    private bool HasTable(string name) => Guard(() => HasTable(_events, name), Name);

    private bool HasTable(DbConnection connection, string name) => connection.ExecuteScalar<long>(
        _location.Provider == JournalLocation.Sqlite
            ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name"
            : "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = @name AND table_schema = current_schema()",
        new { name }) > 0;

    private bool HasColumn(string name) => Guard(() => _events.ExecuteScalar<long>(
        _location.Provider == JournalLocation.Sqlite
            ? "SELECT COUNT(*) FROM pragma_table_info('journal') WHERE name = @name"
            : """
              SELECT COUNT(*) FROM information_schema.columns
              WHERE table_name = 'journal' AND column_name = @name AND table_schema = current_schema()
              """,
        new { name })) > 0;

    private static IEnumerable<T> Query<T>(
        DbConnection connection, string name, string sql, object parameters, Func<DbDataReader, T> read)
    {
        using DbDataReader rows = Guard(() => connection.ExecuteReader(sql, parameters) as DbDataReader, name)!;
        while (Guard(rows.Read, name))
        {
            yield return Guard(() => read(rows), name);
        }
    }

    private T Guard<T>(Func<T> read) => Guard(read, Name);

    private static T Guard<T>(Func<T> read, string name)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is DbException || IsOfAnotherKind(e))
        {
            throw JournalDatabase.Unreadable(name, e);
        }
    }

    /// <summary>What the drivers throw for a value that is not what its column is for, or for none.</summary>
    private static bool IsOfAnotherKind(Exception e) => e is InvalidCastException or InvalidOperationException or OverflowException
        or ArgumentOutOfRangeException or FormatException;

    private InvalidInputException Damaged(long ordering, Exception? cause) =>
        new($"{Name}: the row of ordering {ordering} is damaged: {Expected}", cause);

    private string Unprefixed(string persistenceId) => persistenceId[_location.Prefix.Length..];
}
