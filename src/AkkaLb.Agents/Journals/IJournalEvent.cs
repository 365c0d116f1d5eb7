namespace AkkaLb.Agents.Journals;

/// <summary>What an agent or a run decided or learnt, as it stands in its journal.</summary>
public interface IJournalEvent
{
    /// <summary>
    /// Number of the event among those of its type and agent, from 0 without gaps; negative for events that have none. A resumed run
    /// decides anew what it had decided since its checkpoint: such an event is compared with the one of its number, not stored again.
    /// </summary>
    long Step { get; }
}
