using Npgsql;

namespace AkkaLb.Engine;

/// <summary>A server refused a statement or cannot be reached; one line says which and why.</summary>
internal sealed class PostgresFailure(string server, Exception cause) : Exception($"{server}: {Reason(cause)}", cause)
{
    /// <summary>True when a row was stored already, for example by a later writer.</summary>
    internal bool IsConstraint => InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private static string Reason(Exception cause) => cause switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } e => $"a row of this key is stored already ({e.MessageText})",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } e => $"the server's disk is full, nothing was stored ({e.MessageText})",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } e => $"the database is read-only, nothing was stored ({e.MessageText})",
        PostgresException e => $"{e.MessageText} ({e.SqlState})",
        _ => $"the server cannot be reached ({cause.Message.ReplaceLineEndings(" ")})",
    };
}
