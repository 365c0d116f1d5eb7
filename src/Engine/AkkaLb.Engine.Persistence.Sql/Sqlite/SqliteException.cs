using SQLitePCL;

namespace AkkaLb.Engine;

/// <summary>SQLite refused a call; one line says which file and why.</summary>
internal sealed class SqliteException(string file, int code, string detail) : Exception($"{file}: {Reason(code)} ({detail})")
{
    /// <summary>True when a row was stored already, for example by a later writer.</summary>
    internal bool IsConstraint => (code & 0xff) == raw.SQLITE_CONSTRAINT;

    private static string Reason(int code) => (code & 0xff) switch
    {
        raw.SQLITE_FULL => "the disk is full, nothing was stored",
        raw.SQLITE_READONLY => "the file is read-only, nothing was stored",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another process holds the lock, nothing was stored",
        raw.SQLITE_CORRUPT => "the file is damaged",
        raw.SQLITE_NOTADB => "the file is no SQLite database",
        raw.SQLITE_IOERR => "the disk failed",
        raw.SQLITE_CANTOPEN => "the file cannot be opened, or its folder cannot be written",
        raw.SQLITE_CONSTRAINT => "a row of this key is stored already",
        _ => "SQLite failed",
    };
}
