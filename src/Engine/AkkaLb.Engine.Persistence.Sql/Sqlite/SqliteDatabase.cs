using SQLitePCL;

namespace AkkaLb.Engine;

/// <summary>One connection to a database file, for one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly string _file;

    static SqliteDatabase() => Batteries_V2.Init();

    /// <exception cref="SqliteException">The file cannot be opened or is no database.</exception>
    internal SqliteDatabase(SqliteSettings settings)
    {
        _file = settings.File;
        int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (settings.Initialise ? raw.SQLITE_OPEN_CREATE : 0);
        int code = raw.sqlite3_open_v2(_file, out _handle, flags, null);
        try
        {
            Check(code);
            Check(raw.sqlite3_busy_timeout(_handle, (int)settings.LockTimeout.TotalMilliseconds));
            Execute("PRAGMA journal_mode = WAL");
            Execute($"PRAGMA synchronous = {settings.Synchronous}");
        }
        catch (SqliteException)
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>A statement, for the caller to dispose of.</summary>
    internal SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement));
        return new SqliteStatement(this, statement);
    }

    internal void Execute(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement));
        using (statement)
        {
            int code;
            do { code = raw.sqlite3_step(statement); } while (code == raw.SQLITE_ROW);
            Check(code);
        }
    }

    internal long LastRowId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>True between BEGIN and COMMIT; a full disk may end a transaction by itself.</summary>
    internal bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    internal void Rollback()
    {
        if (IsInTransaction) { Execute("ROLLBACK"); }
    }

    /// <summary>Makes the tables when they are missing, and checks that those present are the ones we know.</summary>
    /// <exception cref="InvalidDataException">A table has other columns, as that of a newer version would.</exception>
    internal void Initialise(SqliteSettings settings, params (string Table, string[] Columns, string[] Definition)[] tables)
    {
        if (settings.Initialise && tables.Any(t => Columns(t.Table).Count == 0))
        {
            // One way to the disk for all of them; another process may be at it too.
            Execute("BEGIN IMMEDIATE");
            try
            {
                foreach (string sql in tables.SelectMany(t => t.Definition)) { Execute(sql); }
                Execute("COMMIT");
            }
            catch (Exception)
            {
                Rollback();
                throw;
            }
        }
        foreach ((string table, string[] columns, _) in tables)
        {
            List<string> present = Columns(table);
            if (!columns.ToHashSet().SetEquals(present))
            {
                throw new InvalidDataException($"{_file}: table {table} has the columns [{string.Join(", ", present)}], expected [{string.Join(", ", columns)}]: "
                    + (present.Count == 0 ? "the table is missing" : "the file is of another version"));
            }
        }
    }

    internal void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW) { return; }
        throw new SqliteException(_file, code, raw.sqlite3_errmsg(_handle).utf8_to_string());
    }

    public void Dispose() => _handle.Dispose();

    private List<string> Columns(string table)
    {
        List<string> names = [];
        using SqliteStatement statement = Prepare($"SELECT name FROM pragma_table_info('{table}')");
        while (statement.Step()) { names.Add(statement.Text(0)!); }
        return names;
    }
}
