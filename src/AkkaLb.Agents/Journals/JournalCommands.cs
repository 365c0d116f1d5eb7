namespace AkkaLb.Agents.Journals;

public static class JournalCommands
{
    /// <summary>Store an event of an agent.</summary>
    /// <param name="Agent">Its name within the run, such as <c>link-3</c>.</param>
    public sealed record Store(string Agent, IJournalEvent Event);

    /// <summary>Answered by <see cref="JournalEvents.Settled"/> when all is stored that came before, or by <see cref="JournalEvents.JournalFailed"/>.</summary>
    public sealed record Settle
    {
        public static Settle Instance { get; } = new();
    }
}
