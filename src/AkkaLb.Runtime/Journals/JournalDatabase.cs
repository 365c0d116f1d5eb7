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
    private const int SqliteError = 1, Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    // Akka.Persistence.Sql's default mapping, in whatever order the columns are.
    private static readonly string[] Columns =
        ["created", "deleted", "identifier", "manifest", "message", "ordering", "persistence_id", "sequence_number", "tags", "writer_uuid"];

    /// <exception cref="InvalidInputException">It cannot be opened.</exception>
    public static DbConnection OpenToRead(JournalLocation location, string connection)
    {
        try
        {
            return Open(location.Provider == JournalLocation.Sqlite
                ? new SqliteConnection(new SqliteConnectionStringBuilder(connection) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString)
                : new NpgsqlConnection(connection));
        }
        catch (Exception e) when (e is DbException or SocketException or ArgumentException)
        {
            throw new InvalidInputException($"{Describe(e, location)}: expected a journal that can be opened", e);
        }
    }

    /// <summary>Makes sure that a run can store, before it begins: the plugin would say nothing for many seconds, and then not what is wrong.</summary>
    /// <exception cref="RunFailedException">It cannot be written, is damaged, or is of another version.</exception>
    public static void Prepare(JournalLocation location)
    {
        try
        {
            if (location.Provider == JournalLocation.Sqlite)
            {
                PrepareFile(location.Events);
                PrepareFile(location.Snapshots);
                return;
            }
            using DbConnection connection = Open(new NpgsqlConnection(location.Events));
            CheckColumns(location, [.. connection.Query<string>("SELECT column_name FROM information_schema.columns WHERE table_name = 'journal' AND table_schema = current_schema()")]);
        }
        catch (Exception e) when (e is DbException or SocketException or ArgumentException)
        {
            throw new RunFailedException($"the journal cannot be used: {Describe(e, location)}", e);
        }

        void PrepareFile(string file)
        {
            using DbConnection connection = Open(new SqliteConnection(new SqliteConnectionStringBuilder(file) { Pooling = false, DefaultTimeout = 5 }.ConnectionString));
            if (connection.ExecuteScalar<string>("PRAGMA quick_check(1)") is { } found && found != "ok")
            {
                throw new RunFailedException($"the journal cannot be used: {connection.DataSource}: the file is damaged ({found.ReplaceLineEndings(" ")})");
            }
            CheckColumns(location, [.. connection.Query<string>("SELECT name FROM pragma_table_info('journal')")]);
            // Once for the file: readers are not held up, and a commit is one write to the disk.
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("BEGIN IMMEDIATE; COMMIT");
        }
    }

    /// <summary>What Akka.Persistence.Sql connects with.</summary>
    public static DataOptions Options(JournalLocation location, string connection)
    {
        if (location.Provider != JournalLocation.Sqlite)
        {
            string commit = location.Synchronous == "full" ? "on" : "off";
            string settings = new NpgsqlConnectionStringBuilder(connection) { Options = $"-c synchronous_commit={commit}" }.ConnectionString;
            return new DataOptions().UseConnectionString(location.Provider, settings);
        }
        string pragma = $"PRAGMA synchronous = {location.Synchronous}";
        return new DataOptions().UseConnectionString(location.Provider, connection).UseAfterConnectionOpened(
            opened => opened.Execute(pragma), (opened, _) => opened.ExecuteAsync(pragma));
    }

    /// <summary>Why something could not be stored or read: one line that names the file or server.</summary>
    public static string Describe(Exception failure, JournalLocation location)
    {
        Exception[] causes = [.. Causes(failure)];
        // What fails first is followed by a failing roll-back, whose code says nothing.
        SqliteException? sqlite = causes.OfType<SqliteException>().OrderBy(e => e.SqliteErrorCode == SqliteError).FirstOrDefault();
        if (sqlite is not null)
        {
            return $"{new SqliteConnectionStringBuilder(location.Events).DataSource}: " + (sqlite.SqliteErrorCode switch
            {
                Busy or Locked => "another process holds the lock, nothing was stored",
                ReadOnly => "the file is read-only",
                Corrupt => "the file is damaged",
                Full => "the disk is full, nothing was stored",
                CannotOpen => "the file cannot be opened, or its folder cannot be written",
                NotADatabase => "the file is no SQLite database",
                _ => OneLine(sqlite.Message),
            });
        }
        if (location.Provider != JournalLocation.Sqlite && causes.FirstOrDefault(e => e is DbException or SocketException or IOException) is { } database)
        {
            NpgsqlConnectionStringBuilder server = new(location.Events);
            return $"PostgreSQL at {server.Host}, database {server.Database}: " + (causes.OfType<PostgresException>().FirstOrDefault() is { } refused
                ? OneLine(refused.MessageText)
                : $"the server cannot be reached ({OneLine(database.Message)}); start it or mend 'akkalb.journal.connection', then go on with 'akkalb resume'");
        }
        return OneLine(causes[^1].Message);
    }

    private static void CheckColumns(JournalLocation location, string[] columns)
    {
        if (columns.Length > 0 && !columns.Order(StringComparer.Ordinal).SequenceEqual(Columns))
        {
            throw new RunFailedException(
                $"the journal cannot be used: {Name(location)}: table journal has the columns [{string.Join(", ", columns)}], expected [{string.Join(", ", Columns)}]: "
                + "it is of another version");
        }
    }

    private static string Name(JournalLocation location) =>
        location.Provider == JournalLocation.Sqlite ? new SqliteConnectionStringBuilder(location.Events).DataSource : new NpgsqlConnectionStringBuilder(location.Events).Database!;

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
        IEnumerable<Exception> inner = failure is AggregateException several ? several.InnerExceptions : failure.InnerException is { } one ? [one] : [];
        foreach (Exception cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
