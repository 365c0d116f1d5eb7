using System.Text.Json;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Journals;

/// <summary>What a check of a journal found.</summary>
/// <param name="Agents">Agents looked at.</param>
/// <param name="Events">Events read.</param>
/// <param name="Foreign">Those of them that another program's serializer wrote: only their numbers and times were looked at.</param>
/// <param name="Snapshots">Snapshots compared.</param>
/// <param name="Problems">One line for each cause; what follows from it is not listed.</param>
public sealed record JournalVerification(int Agents, long Events, long Foreign, int Snapshots, IReadOnlyList<string> Problems);

/// <summary>
/// Checks a journal: rows without gaps and in order, times in order, bytes that are those that were stored and are written back the same,
/// event numbers without gaps, snapshots that are what the events before them amount to, the run's checkpoint, and of a run that has
/// finished that no agent and no end is missing.
/// </summary>
public sealed class JournalVerifier
{
    /// <summary>Problems that are listed; more are only counted.</summary>
    public const int MostProblems = 100;

    private readonly Dictionary<string, Agent> _agents = [];
    private readonly List<string> _problems = [];
    private readonly ILookup<string, StoredSnapshot> _snapshots;
    private int _more;
    private long _events;
    private long _foreign;
    private int _compared;

    private JournalVerifier(ILookup<string, StoredSnapshot> snapshots) => _snapshots = snapshots;

    /// <param name="run">The folder whose checkpoint is compared with the hash that the journal holds of it; null: none.</param>
    /// <exception cref="InvalidInputException">It cannot be read as a journal.</exception>
    public static JournalVerification Verify(JournalReader reader, RunFolder? run = null)
    {
        reader.CheckFile();
        // Before the events: a snapshot that is taken while they are read is of events after them.
        JournalVerifier verifier = new(reader.Snapshots().ToLookup(s => s.Agent));
        foreach (StoredRow row in reader.Rows(null))
        {
            verifier.Check(row);
        }
        if (run is not null && CheckpointCheck.Problem(run, () => CheckpointCheck.Written(reader)) is { } problem)
        {
            verifier.Report(problem);
        }
        if (run is not null && PolicyCheck.Problem(run, () => PolicyCheck.Taken(reader)) is { } policy)
        {
            verifier.Report(policy);
        }
        return verifier.Finish(run);
    }

    private JournalVerification Finish(RunFolder? run)
    {
        HashSet<string> behind = [];
        foreach (StoredSnapshot ahead in _snapshots.SelectMany(s => s)
            .Where(s => !_agents.TryGetValue(s.Agent, out Agent? known) || known.IsBehind(s)))
        {
            behind.Add(ahead.Agent);
            Report($"{ahead.Agent}: there is a snapshot at row {ahead.SequenceNumber}, but no such row");
        }
        CheckEnds(run, behind);
        if (_more > 0)
        {
            _problems.Add($"and {_more} more");
        }
        return new JournalVerification(_agents.Count, _events, _foreign, _compared, _problems);
    }

    /// <param name="reported">Agents of whose last rows it is known that they are missing.</param>
    private void CheckEnds(RunFolder? folder, HashSet<string> reported)
    {
        foreach (var run in _agents.Where(a => a.Value.IsOurs).GroupBy(a => a.Key[..(a.Key.LastIndexOf('/') + 1)]))
        {
            if (_agents.GetValueOrDefault(run.Key + RunEvents.Agent) is not { IsDamaged: false, Last: RunEvents.RunFinished })
            {
                continue;
            }
            AgentEnds[] agents =
            [
                .. run.Select(a => new AgentEnds(
                    a.Key[run.Key.Length..], a.Value.Ends, !a.Value.IsDamaged && !reported.Contains(a.Key))),
            ];
            foreach (string problem in CompletenessCheck.Problems(agents, CountsOf(folder, agents))
                .Where(problem => !reported.Contains(run.Key + problem.Split(':')[0])))
            {
                Report(run.Key + problem);
            }
        }
    }

    /// <returns>How many agents of a kind the run has, as far as its folder tells.</returns>
    private static Dictionary<string, int> CountsOf(RunFolder? folder, AgentEnds[] agents)
    {
        bool Has(string kind) => folder is not null && agents.Any(agent => agent.Name.StartsWith($"{kind}-", StringComparison.Ordinal));
        Dictionary<string, int> counts = [];
        try
        {
            if (Has(CompletenessCheck.Link))
            {
                counts[CompletenessCheck.Link] = NetworkPlayback.Open(folder!).Topology.LinkCount;
            }
            if (Has(CompletenessCheck.Server) && File.Exists(folder![RunFolder.InstanceFile]))
            {
                using JsonDocument instance = JsonDocument.Parse(File.ReadAllText(folder[RunFolder.InstanceFile]));
                counts[CompletenessCheck.Server] = instance.RootElement.GetProperty("rates").GetArrayLength();
            }
        }
        catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException)
        {
            // It is the journal that is checked here.
        }
        return counts;
    }

    private void Check(StoredRow row)
    {
        EventBlock? block = null;
        string? unreadable = null;
        try
        {
            block = row.IsOurs ? JournalFormat.Block(row.Bytes, row.Manifest) : null;
        }
        catch (InvalidDataException e)
        {
            unreadable = e.Message;
        }
        string name = row.Agent;
        if (block is not null && block.PersistenceId != row.Prefix + row.Agent)
        {
            name = block.PersistenceId;
            name = name.StartsWith(row.Prefix, StringComparison.Ordinal) ? name[row.Prefix.Length..] : name;
            Report($"{row.Agent}: row {row.SequenceNumber} is one of {name}");
        }
        if (!_agents.TryGetValue(name, out Agent? agent))
        {
            _agents.Add(name, agent = new Agent());
        }
        agent.IsDamaged |= name != row.Agent;
        bool isCut = row.Deleted && agent.LastRow == 0 && LiveBalancerJournal.IsAgent(name);
        if (isCut)
        {
            agent.NextEvent = null;
        }
        CheckPlace(row, name, block, agent);
        if (isCut && agent.NextEvent is { } next)
        {
            agent.State.Cut(next - 1);
            return;
        }
        if (row.Deleted)
        {
            agent.IsDamaged = true;
            if (row.IsOurs)
            {
                Report($"{name}: row {row.SequenceNumber} is marked as deleted");
            }
            return;
        }
        if (!row.IsOurs)
        {
            CheckForeign(row, agent);
            return;
        }
        agent.IsOurs = true;
        if (unreadable is null && block is null && !JournalFormat.Knows(row.Manifest))
        {
            unreadable = $"unknown manifest '{row.Manifest}'";
        }
        if (unreadable is null)
        {
            unreadable = CheckEvents(row, name, block?.Events ?? [new EncodedEvent(row.Manifest, row.Bytes)], agent);
        }
        if (unreadable is not null)
        {
            _events += block is null ? 1 : 0;
            Report($"{name}: row {row.SequenceNumber} cannot be read: {unreadable}");
            (agent.IsDamaged, agent.NextEvent) = (true, null);
        }
        CompareSnapshots(name, agent);
    }

    /// <summary>Whether a row follows the one before it.</summary>
    private void CheckPlace(StoredRow row, string name, EventBlock? block, Agent agent)
    {
        bool follows = row.SequenceNumber == agent.LastRow + 1;
        bool fits = block is null || agent.NextEvent is null || block.First == agent.NextEvent;
        // Deleted rows are taken away but for the last one.
        if (!follows && !(row.Deleted && agent.LastRow == 0))
        {
            Report($"{name}: row {row.SequenceNumber} follows {(agent.LastRow == 0 ? "nothing" : $"row {agent.LastRow}")}");
            agent.IsDamaged = true;
        }
        else if (!fits)
        {
            Report($"{name}: row {row.SequenceNumber} holds event {block!.First} and those after it, expected event {agent.NextEvent}");
            agent.IsDamaged = true;
        }
        else if (row.Stored < agent.LastStored)
        {
            Report($"{name}: row {row.SequenceNumber} is older than the one before it");
        }
        // Where its events are those that come next, only its number is wrong, and the next row has the right one.
        agent.LastRow = !follows && block is not null && block.First == agent.NextEvent ? agent.LastRow + 1 : row.SequenceNumber;
        agent.LastStored = row.Stored;
        agent.NextEvent = block is null ? agent.NextEvent + 1 : fits ? block.First + block.Events.Length : null;
    }

    private void CheckForeign(StoredRow row, Agent agent)
    {
        _events++;
        _foreign++;
        if (agent.IsOurs || JournalFormat.Knows(row.Manifest))
        {
            Report(
                $"{row.Agent}: row {row.SequenceNumber} names serializer {row.Serializer} for '{row.Manifest}', "
                + $"expected {JournalSerializer.Id}");
            (agent.IsDamaged, agent.NextEvent) = (true, null);
        }
    }

    /// <returns>Why they cannot be read; null when they can.</returns>
    private string? CheckEvents(StoredRow row, string name, IReadOnlyList<EncodedEvent> events, Agent agent)
    {
        foreach (EncodedEvent encoded in events)
        {
            _events++;
            IJournalEvent happened;
            try
            {
                happened = encoded.Decode();
            }
            catch (InvalidDataException e)
            {
                return e.Message;
            }
            if (encoded.Manifest == JournalFormat.ManifestOf(happened)
                && !encoded.Bytes.AsSpan().SequenceEqual(JournalFormat.Write(happened)))
            {
                return $"{encoded.Manifest} is written otherwise than it was read";
            }
            if (agent.IsDamaged)
            {
                continue;
            }
            ulong digest = encoded.Digest;
            if ((agent.State.Compare(happened, digest) ?? Twice(happened)) is { } difference)
            {
                Report($"{name}: row {row.SequenceNumber}: {difference}");
                (agent.IsDamaged, agent.NextEvent) = (true, null);
            }
            agent.State.Apply(happened, digest);
            agent.Note(happened);
        }
        return null;

        string? Twice(IJournalEvent happened) =>
            agent.State.IsNew(happened) ? null : $"{JournalFormat.ManifestOf(happened)} {happened.Step} is there twice";
    }

    private void CompareSnapshots(string name, Agent agent)
    {
        foreach (StoredSnapshot snapshot in _snapshots[name].Where(s => s.SequenceNumber == agent.LastRow && !agent.IsDamaged))
        {
            _compared++;
            try
            {
                var stored = (AgentSnapshot)JournalFormat.Read(snapshot.Bytes, snapshot.Manifest);
                AgentSnapshot expected = agent.State.ToSnapshot(stored.State.AsSpan());
                if (agent.State.IsCut)
                {
                    // Of other types all events may be gone.
                    expected = expected with { Series = stored.Series.SetItems(expected.Series) };
                }
                if (!JournalFormat.Write(stored).AsSpan().SequenceEqual(JournalFormat.Write(expected)))
                {
                    Report($"{name}: the snapshot at row {snapshot.SequenceNumber} is not what the events amount to");
                }
            }
            catch (InvalidDataException e)
            {
                Report($"{name}: the snapshot at row {snapshot.SequenceNumber} cannot be read: {e.Message}");
            }
        }
    }

    private void Report(string problem)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.Add(problem);
        }
        else
        {
            _more++;
        }
    }

    /// <summary>What is known of an agent from its rows so far.</summary>
    private sealed class Agent
    {
        public AgentJournalState State { get; } = new();

        public long LastRow { get; set; }

        public DateTimeOffset LastStored { get; set; }

        /// <summary>Number of the event that comes next; null after a row that does not say how many it held.</summary>
        public long? NextEvent { get; set; } = 1;

        /// <summary>The last event that could be read; null: none.</summary>
        public IJournalEvent? Last { get; private set; }

        /// <summary>How far its numbered events go, by type; of rounds of a game, how many have ended.</summary>
        public Dictionary<string, long> Ends { get; } = [];

        public void Note(IJournalEvent happened)
        {
            Last = happened;
            if (happened.Step >= 0)
            {
                Ends[JournalFormat.TypeOf(happened)] = happened is ServerJournal.RoundsEnded ended ? ended.Until : happened.Step + 1;
            }
        }

        /// <summary>A row of it was written by our serializer.</summary>
        public bool IsOurs { get; set; }

        /// <summary>Something was reported after which <see cref="State"/> says nothing more.</summary>
        public bool IsDamaged { get; set; }

        /// <summary>Whether a snapshot is of a row that never came; not so where a row that was reported may have been it.</summary>
        public bool IsBehind(StoredSnapshot snapshot) => !IsDamaged && snapshot.SequenceNumber > LastRow;
    }
}
