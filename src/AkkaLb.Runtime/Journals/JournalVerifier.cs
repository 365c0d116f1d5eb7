using AkkaLb.Agents.Journals;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Journals;

/// <summary>What a check of a journal found.</summary>
/// <param name="Agents">Agents looked at.</param>
/// <param name="Events">Events read.</param>
/// <param name="Foreign">Those of them that another program's serializer wrote: only their numbers and times were looked at.</param>
/// <param name="Snapshots">Snapshots compared.</param>
/// <param name="Problems">One line each.</param>
public sealed record JournalVerification(int Agents, long Events, long Foreign, int Snapshots, IReadOnlyList<string> Problems);

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
        long events = 0, foreign = 0;
        int compared = 0;
        // A snapshot is of the state after a whole row: compared when the next one begins, and at the end.
        void CompareSnapshots(AgentJournalState state, StoredEvent last)
        {
            foreach (StoredSnapshot snapshot in snapshots[last.Agent].Where(s => s.SequenceNumber == last.Row.SequenceNumber))
            {
                compared++;
                if (!snapshot.Bytes.AsSpan().SequenceEqual(JournalFormat.Write(state.ToSnapshot())))
                {
                    Report($"{last.Agent}: the snapshot at row {snapshot.SequenceNumber} is not what the events amount to");
                }
            }
        }

        foreach (StoredEvent stored in reader.Events(new EventFilter()))
        {
            events++;
            (AgentJournalState state, StoredEvent? last) = agents.TryGetValue(stored.Agent, out var known) ? known : (new AgentJournalState(), null);
            agents[stored.Agent] = (state, stored);
            if (stored.Row != last?.Row)
            {
                if (last is not null)
                {
                    CompareSnapshots(state, last);
                }
                CheckRow(stored, last, Report);
            }
            if (!stored.Row.IsOurs)
            {
                foreign++;
                continue;
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
                Report($"{stored.Agent}: event {stored.Number} is written otherwise than it was read");
            }
            ulong digest = stored.Event.Digest;
            if (state.Compare(happened, digest) is { } difference)
            {
                Report($"{stored.Agent}: event {stored.Number}: {difference}");
            }
            else if (!state.IsNew(happened))
            {
                Report($"{stored.Agent}: event {stored.Number}: {stored.Manifest} {happened.Step} is there twice");
            }
            state.Apply(happened, digest);
        }
        foreach ((AgentJournalState state, StoredEvent last) in agents.Values)
        {
            CompareSnapshots(state, last);
        }
        foreach (StoredSnapshot ahead in snapshots.SelectMany(s => s)
            .Where(s => !agents.TryGetValue(s.Agent, out var known) || s.SequenceNumber > known.Last.Row.SequenceNumber))
        {
            Report($"{ahead.Agent}: there is a snapshot at row {ahead.SequenceNumber}, but no such row");
        }
        if (more > 0)
        {
            problems.Add($"and {more} more");
        }
        return new JournalVerification(agents.Count, events, foreign, compared, problems);
    }

    private static void CheckRow(StoredEvent stored, StoredEvent? last, Action<string> report)
    {
        StoredRow row = stored.Row;
        if (row.SequenceNumber != (last?.Row.SequenceNumber ?? 0) + 1)
        {
            report($"{row.Agent}: row {row.SequenceNumber} follows {(last is null ? "nothing" : $"row {last.Row.SequenceNumber}")}");
        }
        if (row.Stored < last?.Stored)
        {
            report($"{row.Agent}: row {row.SequenceNumber} is older than the one before it");
        }
    }
}
