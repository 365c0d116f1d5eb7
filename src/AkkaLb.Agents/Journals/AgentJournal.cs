namespace AkkaLb.Agents.Journals;

/// <summary>Where the agents of a run store what they decide and learn.</summary>
/// <param name="Prefix">Stands before every agent's name in the database.</param>
/// <param name="SnapshotEvery">Events of an agent from one of its snapshots to the next, at least 1.</param>
/// <param name="Describe">Says in one line why something could not be stored or read.</param>
/// <param name="Failed">
/// Called with one line by an agent that can store nothing more, or decides otherwise than it did before; by any thread, perhaps several
/// times.
/// </param>
public sealed record AgentJournal(string Prefix, int SnapshotEvery, Func<Exception, string> Describe, Action<string> Failed)
{
    /// <summary>
    /// Whether an agent that cannot store or recover now is brought back until it can; what it has stored otherwise than it decides is
    /// still a failure.
    /// </summary>
    public bool OutlivesOutages { get; init; }

    /// <summary>How long events are kept once an agent's snapshots hold what they amount to; zero: for ever.</summary>
    public TimeSpan Keep { get; init; }
}
