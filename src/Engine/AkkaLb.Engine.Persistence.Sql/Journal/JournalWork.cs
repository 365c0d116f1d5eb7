namespace AkkaLb.Engine;

/// <summary>Rows to store together, or the deletion of an actor's events.</summary>
/// <param name="Rows">Rows; none for a deletion.</param>
/// <param name="PersistenceId">The actor whose events are deleted.</param>
/// <param name="DeleteTo">The last of them.</param>
internal sealed record JournalWork(IReadOnlyList<JournalRow> Rows, string PersistenceId, long DeleteTo)
{
    /// <summary>Ends when the transaction has ended.</summary>
    internal TaskCompletionSource Done { get; } = new();

    /// <summary>Why nothing is stored.</summary>
    internal Exception? Failure { get; set; }

    internal void End()
    {
        if (Failure is null) { Done.SetResult(); }
        else { Done.SetException(Failure); }
    }
}
