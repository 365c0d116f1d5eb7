using SQLitePCL;

namespace AkkaLb.Engine;

/// <summary>A prepared statement. Parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    internal SqliteStatement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    internal SqliteStatement Bind(int index, string value)
    {
        database.Check(raw.sqlite3_bind_text(handle, index, value));
        return this;
    }

    internal SqliteStatement Bind(int index, byte[] value)
    {
        database.Check(value.Length == 0 ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    /// <summary>True when a row is there; afterwards the statement can be bound anew.</summary>
    internal bool Step()
    {
        int code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) { return true; }
        try
        {
            database.Check(code);
        }
        finally
        {
            Reset();
        }
        return false;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    internal void Run()
    {
        while (Step()) { }
    }

    // The code of a reset is that of the step before, which was looked at.
    internal void Reset() => _ = raw.sqlite3_reset(handle);

    internal long Number(int column) => raw.sqlite3_column_int64(handle, column);

    internal bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    internal string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(handle, column).utf8_to_string();

    internal byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();
}
