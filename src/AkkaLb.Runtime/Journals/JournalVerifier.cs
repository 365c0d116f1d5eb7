using AkkaLb.Agents.Journals;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Journals;

/// <summary>What a check of a journal found.</summary>
/// <param name="Agents">Agents looked at.</param>
/// <param name="Events">Events read.</param>
/// <param name="Snapshots">Snapshots compared.</param>
/// <param name="Problems">One line each.</param>
public sealed record JournalVerification(int Agents, long Events, int Snapshots, IReadOnlyList<string> Problems);

/// <summary>
/// Checks a journal: sequence numbers without gaps and in order, times in order, bytes that their serializer reads and writes back the same,
/// event numbers without gaps, and snapshots that are what the events before them amount to.
/// </summary>
public static class JournalVerifier
{
    /// <summary>Problems that are listed; more are only counted.</summary>
    public const int MostProblems = 100;

    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    public static JournalVerification Verify(JournalReader reader)
    {
        List<string> problems = [];
        int more = 0;
        void Report(string problem)
        {
            if (problems.Count < MostProblems)
            {
                problems.Add(problem);
            }
            else
            {
                more++;
            }
        }

        // Before the events: a snapshot that is taken while they are read is of events after them.
        ILookup<string, StoredSnapshot> snapshots = reader.Snapshots().ToLookup(s => s.Agent);
        Dictionary<string, (AgentJournalState State, StoredEvent Last)> agents = [];
        long events = 0;
        int compared = 0;
        foreach (StoredEvent stored in reader.Events(new EventFilter()))
        {
            events++;
            (AgentJournalState state, StoredEvent? last) = agents.TryGetValue(stored.Agent, out var known) ? known : (new AgentJournalState(), null);
            agents[stored.Agent] = (state, stored);
            if (stored.SequenceNumber != (last?.SequenceNumber ?? 0) + 1)
            {
                Report($"{stored.Agent}: event {stored.SequenceNumber} follows {(last is null ? "nothing" : $"event {last.SequenceNumber}")}");
            }
            if (stored.Stored < last?.Stored)
            {
                Report($"{stored.Agent}: event {stored.SequenceNumber} is older than the one before it");
            }
            IJournalEvent happened;
            try
            {
                happened = stored.Read();
            }
            catch (InvalidInputException e)
            {
                Report(e.Message);
                continue;
            }
            if (stored.Manifest == JournalFormat.ManifestOf(happened) && !stored.Bytes.AsSpan().SequenceEqual(JournalFormat.Write(happened)))
            {
                Report($"{stored.Agent}: event {stored.SequenceNumber} is written otherwise than it was read");
            }
            if (state.Compare(happened) is { } difference || !state.IsNew(happened))
            {
                Report($"{stored.Agent}: event {stored.SequenceNumber}: {state.Compare(happened) ?? $"{stored.Manifest} {happened.Step} is there twice"}");
            }
            state.Apply(happened);
            foreach (StoredSnapshot snapshot in snapshots[stored.Agent].Where(s => s.SequenceNumber == stored.SequenceNumber))
            {
                compared++;
                if (!snapshot.Bytes.AsSpan().SequenceEqual(JournalFormat.Write(state.ToSnapshot())))
                {
                    Report($"{stored.Agent}: the snapshot at event {snapshot.SequenceNumber} is not what the events amount to");
                }
            }
        }
        foreach (StoredSnapshot ahead in snapshots.SelectMany(s => s).Where(s => !agents.TryGetValue(s.Agent, out var known) || s.SequenceNumber > known.Last.SequenceNumber))
        {
            Report($"{ahead.Agent}: there is a snapshot at event {ahead.SequenceNumber}, but no such event");
        }
        if (more > 0)
        {
            problems.Add($"and {more} more");
        }
        return new JournalVerification(agents.Count, events, compared, problems);
    }
}
