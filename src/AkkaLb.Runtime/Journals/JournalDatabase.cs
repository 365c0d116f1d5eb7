using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Akka.Persistence.Sql.Config;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using Dapper;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaLb.Runtime.Journals;

/// <summary>The databases of a journal: opens them, makes them ready before a run, and says in one line what is wrong with them.</summary>
internal static class JournalDatabase
{
    /// <summary>Seconds that a lock of another process is waited for.</summary>
    public const int Patience = 10;

    /// <summary>A connection string, in errors.</summary>
    public const string Example = "of PostgreSQL such as \"Host=…;Database=…;Username=…\"";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // What waits for a lock gives up before.
    private static readonly int MaxLooks = (int)(TimeSpan.FromSeconds(2 * Patience) / Look);

    // Of SQLite files, by their connection string: connections of the plugin, which may wait for a lock when its system has ended.
    private static readonly ConcurrentDictionary<string, int> InUse = new();

    // SQLite's result codes.
    private const int SqliteError = 1, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14;
    private const int NotADatabase = 26, NotUnique = 2067;

    // Akka.Persistence.Sql's default mapping, in whatever order the columns are.
    private static readonly string[] Columns =
        ["created", "deleted", "identifier", "manifest", "message", "ordering", "persistence_id", "sequence_number", "tags", "writer_uuid"];

    /// <exception cref="InvalidInputException">It cannot be opened.</exception>
    public static DbConnection OpenToRead(JournalLocation location, string connection)
    {
        try
        {
            return Open(location.Provider == JournalLocation.Sqlite
                ? new SqliteConnection(new SqliteConnectionStringBuilder(connection) { Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false }.ConnectionString)
                : Unpooled(connection));
        }
        catch (Exception e) when (e is DbException or SocketException or ArgumentException)
        {
            string cause = Explain(e, location.Key).Cause;
            throw new InvalidInputException($"{Name(location, connection)}: expected a journal that can be opened: {cause}", e);
        }
    }

    /// <summary>
    /// Makes sure that a run can store, before it begins: the plugin would say nothing for many seconds, and then not what is wrong.
    /// </summary>
    /// <exception cref="RunFailedException">It cannot be written, is damaged, or is of another version.</exception>
    /// <param name="isNew">Whether nothing is expected to be in it.</param>
    /// <exception cref="InvalidInputException">It names no database of the server, or nobody whom the server lets in.</exception>
    public static void Prepare(JournalLocation location, bool isNew)
    {
        if (location.Provider == JournalLocation.Sqlite)
        {
            string events = Name(location, location.Events);
            // To SQLite this is a database without tables; one that a run has opened has some bytes.
            if (!isNew && new FileInfo(events) is { Exists: true, Length: 0 })
            {
                throw new RunFailedException(
                    $"the journal cannot be used: {events}: the file is empty: put back a sound copy, then go on with 'akkalb resume'");
            }
            PrepareFile(location, location.Events);
            PrepareFile(location, location.Snapshots);
        }
        else
        {
            PrepareServer(location);
        }
    }

    private static void PrepareServer(JournalLocation location)
    {
        try
        {
            using DbConnection connection = Open(Unpooled(location.Events));
            CheckColumns(location, [.. connection.Query<string>(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'journal' AND table_schema = current_schema()")]);
        }
        catch (Exception e) when (e is ArgumentException or PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName }
            or PostgresException { SqlState: ['2', '8', ..] })
        {
            string cause = OneLine(e is PostgresException refused ? refused.MessageText : e.Message);
            throw new InvalidInputException($"{location.Key}: expected a database that can be used: {cause}", e);
        }
        catch (Exception e) when (e is DbException or SocketException)
        {
            throw new RunFailedException($"the journal cannot be used: {Describe(e, location)}", e);
        }
    }

    private static void PrepareFile(JournalLocation location, string file)
    {
        try
        {
            SqliteConnectionStringBuilder unpooled = new(file) { Pooling = false };
            using DbConnection connection = Open(new SqliteConnection(unpooled.ConnectionString));
            CheckPages(connection);
            CheckColumns(location, [.. connection.Query<string>("SELECT name FROM pragma_table_info('journal')")]);
            // Once for the file: readers are not held up, and a commit is one write to the disk.
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("BEGIN IMMEDIATE; COMMIT");
        }
        catch (Exception e) when (e is DbException)
        {
            throw new RunFailedException($"the journal cannot be used: {Describe(e, location, file)}", e);
        }
    }

    /// <param name="indices">Whether indices are compared with their tables too, which takes as long as reading all of it.</param>
    /// <exception cref="SqliteException">A page of the file is damaged.</exception>
    internal static void CheckPages(DbConnection file, bool indices = false)
    {
        if (file.ExecuteScalar<string>($"PRAGMA {(indices ? "integrity" : "quick")}_check(1)") is { } found && found != "ok")
        {
            throw new SqliteException(found, Corrupt);
        }
    }

    /// <summary>What Akka.Persistence.Sql connects with.</summary>
    public static DataOptions Options(JournalLocation location, string connection)
    {
        if (location.Provider != JournalLocation.Sqlite)
        {
            return new DataOptions().UseConnectionString(location.Provider, Settings(location, connection));
        }
        string pragma = $"PRAGMA synchronous = {location.Synchronous}";
        return new DataOptions().UseConnectionString(location.Provider, connection).UseAfterConnectionOpened(
            opened => Count(opened).Execute(pragma), (opened, _) => Count(opened).ExecuteAsync(pragma));

        DbConnection Count(DbConnection opened)
        {
            InUse.AddOrUpdate(connection, 1, (_, count) => count + 1);
            opened.StateChange += (_, change) =>
            {
                if (change.CurrentState == ConnectionState.Closed)
                {
                    InUse.AddOrUpdate(connection, 0, (_, count) => count - 1);
                }
            };
            return opened;
        }
    }

    private static string Settings(JournalLocation location, string connection)
    {
        string commit = location.Synchronous == "full" ? "on" : "off";
        NpgsqlConnectionStringBuilder server = Server(connection);
        // Beside the user's own, such as a search path: tables are looked for where it leads to.
        server.Options = $"{server.Options} -c synchronous_commit={commit}".TrimStart();
        return server.ConnectionString;
    }

    // Of a pool one gets connections of a server that is gone.
    private static NpgsqlConnection Unpooled(string connection)
    {
        NpgsqlConnectionStringBuilder server = Server(connection);
        server.Pooling = false;
        return new NpgsqlConnection(server.ConnectionString);
    }

    /// <summary>Reads a connection string. Npgsql says what is wrong with a value or names its key, and not both.</summary>
    /// <exception cref="ArgumentException">It is none; names the key.</exception>
    private static NpgsqlConnectionStringBuilder Server(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection);
        }
        catch (ArgumentException e) when (e is { ParamName: { } key, InnerException: { } cause })
        {
            throw new ArgumentException(cause is KeyNotFoundException
                ? $"it has '{key}', expected Host, Port, Database, Username, Password or another key of Npgsql"
                : $"its '{key}' cannot be read: {cause.GetBaseException().Message}");
        }
        catch (ArgumentException e) when (e is { ParamName: null, InnerException: null })
        {
            throw new ArgumentException($"it is no connection string, expected one {Example}", e);
        }
    }

    /// <summary>Whether the plugin has connections open to a SQLite file, of one system or several.</summary>
    internal static bool IsInUse(string connection) => InUse.GetValueOrDefault(connection) > 0;

    /// <summary>
    /// Closes the connections of a plugin whose system has ended: a SQLite journal is then one file again, without those beside it, and
    /// nothing that still waited for a lock is written later, behind whoever goes on.
    /// </summary>
    public static async Task CloseAsync(JournalLocation location)
    {
        foreach (string connection in (string[])[location.Events, location.Snapshots])
        {
            if (location.Provider == JournalLocation.Sqlite)
            {
                using PeriodicTimer timer = new(Look);
                for (int looks = 0; looks < MaxLooks && IsInUse(connection); looks++)
                {
                    await timer.WaitForNextTickAsync();
                }
                using SqliteConnection file = new(connection);
                SqliteConnection.ClearPool(file);
            }
            else
            {
                using NpgsqlConnection server = new(Settings(location, connection));
                NpgsqlConnection.ClearPool(server);
            }
        }
    }

    /// <summary>Why something could not be stored or read, and what to do: one line that names the file or server.</summary>
    public static string Describe(Exception failure, JournalLocation location) => Describe(failure, location, location.Events);

    /// <summary>What is wrong with a journal that was to be read only.</summary>
    internal static InvalidInputException Unreadable(string name, Exception failure) =>
        new($"{name}: cannot be read as a journal: {Explain(failure, "").Cause}", failure);

    /// <summary>What is wrong with a copy of a journal.</summary>
    internal static RunFailedException NotCopied(string name, Exception failure)
    {
        (string cause, string remedy) = Explain(failure, "");
        return new RunFailedException($"{name}: the journal cannot be copied there: {cause}: {remedy}", failure);
    }

    /// <summary>Whether a SQLite file failed while it was written.</summary>
    internal static bool IsOfWriting(SqliteException failure) => failure.SqliteErrorCode is ReadOnly or InputOutput or Full or CannotOpen;

    private static string Describe(Exception failure, JournalLocation location, string connection)
    {
        (string cause, string remedy) = Explain(failure, location.Key);
        return $"{Name(location, connection)}: {cause}: {remedy}{location.Afterwards}";
    }

    private static (string Cause, string Remedy) Explain(Exception failure, string key)
    {
        const string Mend = "put back a sound copy", End = "end that process", Another = "another process writes to it";
        Exception[] causes = [.. Causes(failure)];
        // What fails first is followed by a failing roll-back, whose code says nothing.
        SqliteException? sqlite = causes.OfType<SqliteException>().OrderBy(e => e.SqliteErrorCode == SqliteError).FirstOrDefault();
        if (sqlite is not null)
        {
            return sqlite.SqliteErrorCode switch
            {
                _ when sqlite.SqliteExtendedErrorCode == NotUnique => (Another, End),
                Busy or Locked => ("another process holds its lock, nothing was stored", End),
                ReadOnly => ("the file is read-only, nothing was stored", "make it and its folder writable"),
                Corrupt => ("the file is damaged", Mend),
                InputOutput => ("it cannot be read or written, as on a full or a damaged disk", "make room, or mend the disk"),
                Full => ("the disk is full, nothing was stored", "make room"),
                CannotOpen => ("the file cannot be opened, or its folder cannot be written", "make them accessible"),
                NotADatabase => ("the file is no SQLite database", Mend),
                SqliteError when sqlite.Message.Contains("no such table", StringComparison.Ordinal) => ("there is no journal in it", Mend),
                _ => (OneLine(sqlite.Message), "mend it"),
            };
        }
        if (causes.OfType<PostgresException>().FirstOrDefault() is { } refused)
        {
            return refused.SqlState switch
            {
                PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
                    ($"the server goes down or comes up ({OneLine(refused.MessageText)})", "start it"),
                PostgresErrorCodes.UndefinedTable => ("there is no journal in it", Mend),
                PostgresErrorCodes.UniqueViolation => (Another, End),
                PostgresErrorCodes.DiskFull => ("the server's disk is full, nothing was stored", "make room"),
                _ => (OneLine(refused.MessageText), $"mend it there or in {key}"),
            };
        }
        return causes.FirstOrDefault(e => e is DbException or SocketException or IOException) is { } unreachable
            ? ($"the server cannot be reached ({OneLine(unreachable.Message)})", $"start it or mend {key}")
            : causes.OfType<InvalidDataException>().FirstOrDefault() is { } damaged
            ? (OneLine(damaged.Message), "'akkalb journal verify' lists what is damaged; put back a sound copy")
            : (OneLine(causes[^1].Message), "mend it");
    }

    private static void CheckColumns(JournalLocation location, string[] columns)
    {
        if (columns.Length > 0 && !columns.Order(StringComparer.Ordinal).SequenceEqual(Columns))
        {
            throw new RunFailedException(
                $"the journal cannot be used: {Name(location, location.Events)}: "
                + $"table journal has the columns [{string.Join(", ", columns)}], "
                + $"expected [{string.Join(", ", Columns)}]: it is of another version: resume with the program that wrote it");
        }
    }

    /// <summary>The file or the server, for errors.</summary>
    internal static string Name(JournalLocation location, string connection)
    {
        if (location.Provider == JournalLocation.Sqlite)
        {
            return new SqliteConnectionStringBuilder(connection).DataSource;
        }
        try
        {
            NpgsqlConnectionStringBuilder server = Server(connection);
            return $"PostgreSQL at {server.Host}, database {server.Database}";
        }
        catch (ArgumentException)
        {
            return "the connection string";
        }
    }

    private static DbConnection Open(DbConnection connection)
    {
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        IEnumerable<Exception> inner = failure is AggregateException several ? several.InnerExceptions : failure.InnerException is { } one
            ? [one] : [];
        foreach (Exception cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
