namespace AkkaLb.Agents.Journals;

public static class JournalEvents
{
    /// <summary>All is stored.</summary>
    public sealed record Settled
    {
        public static Settled Instance { get; } = new();
    }

    /// <summary>An event cannot be stored or read, or a resumed run decides otherwise than it did.</summary>
    /// <param name="Reason">One line.</param>
    public sealed record JournalFailed(string Reason);
}
