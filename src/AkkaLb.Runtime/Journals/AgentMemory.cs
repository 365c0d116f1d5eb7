using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Runtime.Journals;

/// <summary>What an agent's events amount to, as names and values; built event by event.</summary>
public sealed class AgentMemory
{
    private readonly SortedDictionary<string, object> _values = new(StringComparer.Ordinal);

    private readonly ExperienceEntries _entries = new();

    /// <summary>The entries of a link agent's experience memory.</summary>
    public IReadOnlyCollection<ExperienceEntry> Entries => _entries.All;

    /// <summary>Events taken in.</summary>
    public long Events { get; private set; }

    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>The memory of an agent after its events up to a number.</summary>
    /// <param name="to">Null: all of them.</param>
    /// <exception cref="InvalidInputException">There is no such agent, or what it knew is not to be had.</exception>
    public static AgentMemory Of(JournalReader reader, string agent, long? to)
    {
        AgentMemory memory = Of(reader.Events(new EventFilter(agent, To: to)));
        return memory.Events > 0
            ? memory
            : throw new InvalidInputException(
                $"{reader.Name}: expected events of '{agent}'{(to is null ? "" : $" up to {to}")}, found none; "
                + "'akkalb journal list' shows the agents");
    }

    /// <summary>The memory after all events given, of one agent from its first one on.</summary>
    /// <exception cref="InvalidInputException">One is missing or cannot be read: what the agent knew after it is not to be had.</exception>
    public static AgentMemory Of(IEnumerable<StoredEvent> events)
    {
        AgentMemory memory = new();
        long row = 0;
        foreach (StoredEvent stored in events)
        {
            if (stored.Row.IsOurs)
            {
                long place = stored.Row.SequenceNumber;
                if (row == 0 && LiveBalancerJournal.IsAgent(stored.Agent))
                {
                    // What came before is gone when it is old enough.
                    (row, memory.Events) = (place - 1, stored.Number - 1);
                }
                if (place > row + 1)
                {
                    throw new InvalidInputException(
                        $"{stored.Row.Source}: row {row + 1} of {stored.Agent} is missing, expected all of them: "
                        + $"it can be replayed to event {memory.Events}, with --to");
                }
                row = place;
                memory.Apply(stored.Read());
            }
            else
            {
                memory.ApplyForeign(stored);
            }
        }
        return memory;
    }

    /// <summary>Of another program's events only the last one is known, as it stands.</summary>
    private void ApplyForeign(StoredEvent stored)
    {
        Events++;
        (_values["serializer"], _values["manifest"]) = (stored.Row.Serializer, stored.Manifest);
        _values["bytes"] = Convert.ToBase64String(stored.Bytes);
    }

    public void Apply(IJournalEvent stored)
    {
        Events++;
        switch (stored)
        {
            case RunEvents.RunStarted started:
                (_values["name"], _values["method"], _values["seed"], _values["status"]) = (
                    started.Name, started.Method, started.Seed, "running");
                break;
            case RunEvents.RunResumed:
                (_values["resumed"], _values["status"]) = ((int)_values.GetValueOrDefault("resumed", 0) + 1, "running");
                break;
            case RunEvents.EpisodeFinished finished:
                (_values["episodes"], _values["phi"], _values["policyVersion"]) = (
                    finished.Episode + 1, finished.Phi, finished.PolicyVersion);
                _values["phiBest"] = Math.Min(finished.Phi, (double)_values.GetValueOrDefault("phiBest", double.PositiveInfinity));
                break;
            case RunEvents.CheckpointWritten written:
                (_values["checkpoint"], _values["checkpointSha256"], _values["checkpointEpisodes"]) = (
                    written.Name, written.Sha256, written.Episodes);
                break;
            case RunEvents.PolicyTaken taken:
                (_values["policy"], _values["policySha256"]) = (taken.Name, taken.Sha256);
                break;
            case RunEvents.RunStopped:
                _values["status"] = "stopped";
                break;
            case RunEvents.RunFinished:
                _values["status"] = "finished";
                break;
            case RunEvents.EpisodeTrained trained:
                (_values["episodes"], _values["meanCompletionTime"]) = (trained.Episode + 1, trained.MeanCompletionTime);
                break;
            case LoadBalancerJournal.WeightsSet set:
                (_values["decisions"], _values["weights"]) = (set.Step + 1, set.Weights);
                break;
            case LoadBalancerJournal.WeightsDecided { Decisions: 0 }:
                _values["decisions"] = 0;
                break;
            case LoadBalancerJournal.WeightsDecided decided:
                (_values["decisions"], _values["weights"]) = (decided.Decisions, decided.Weights[^decided.Servers..]);
                break;
            case LiveBalancerJournal.WeightsDecided decided:
                (_values["decisions"], _values["weights"]) = (decided.Step + 1, decided.Servers.Select(s => s.Weight).ToImmutableArray());
                (_values["reason"], _values["servers"]) = (decided.Reason, decided.Servers.Select(s => s.Name).ToImmutableArray());
                break;
            case LiveBalancerJournal.CapacitiesLearnt learnt:
                foreach (ServerKnowledge known in learnt.Servers)
                {
                    (_values[$"seconds.{known.Name}"], _values[$"departures.{known.Name}"]) = (known.Seconds, known.Departures);
                }
                break;
            case LiveBalancerJournal.ModeChanged changed:
                _values["mode"] = changed.To;
                break;
            case LiveBalancerJournal.ServerStateChanged changed:
                _values[$"state.{changed.Server}"] = changed.To;
                break;
            case LoadBalancerJournal.ConnectionsOpened opened:
                (_values["opened"], _values["rejected"], _values["choices"]) = (
                    opened.Opened, opened.Rejected, opened.Choices.ToString("x16"));
                break;
            case LinkAgentJournal.PolicyAdopted adopted:
                _values["policyVersion"] = adopted.Step;
                break;
            case LinkAgentJournal.WeightsDecided decided:
                (_values["episodes"], _values["weights"], _values["weight"]) = (decided.Step + 1, decided.Weights, decided.Weights[^1]);
                if (decided.Memory is { } memory)
                {
                    _values["deltaFactor"] = memory.DeltaFactor;
                    _entries.Apply(memory.Changes.AsMemory());
                }
                break;
            case LinkAgentJournal.MemoryTrained trained:
                _entries.Apply(trained.Changes.AsMemory());
                break;
            case LinkAgentJournal.MemoryChanged changed:
                _values["deltaFactor"] = changed.DeltaFactor;
                _entries.Apply(changed.Change);
                break;
            case LinkAgentJournal.MemoryRecalled recalled:
                _entries.Apply(recalled.Change);
                break;
            case AsynchronousJournal.MemoryTaken taken:
                _values["memoryBytes"] = taken.Memory.Length;
                break;
            case AsynchronousJournal.SliceDecided decided:
                (_values["slices"], _values["horizons"]) = (decided.Step + 1, decided.Horizons + decided.Actions.Length);
                (_values["actions"], _values["weights"]) = (decided.Actions, decided.Weights);
                _values["representatives"] = decided.Representatives;
                if (decided.Weights.Length > 0)
                {
                    _values["weight"] = decided.Weights[^1];
                }
                break;
            case AsynchronousJournal.DecisionsOrdered ordered:
                _values["decisions"] = (long)_values.GetValueOrDefault("decisions", 0L) + ordered.Links.Length;
                break;
            case AsynchronousJournal.SlicePlayed { Samples: [.., var last] } played:
                (_values["slices"], _values["timeMs"], _values["phi"]) = (played.Step + 1, last.Time / 1000.0, last.Phi);
                (_values["changes"], _values["horizons"]) = (last.Change, last.Horizons);
                (_values["requests"], _values["states"]) = (last.Requests, last.States);
                break;
            case AsynchronousJournal.SlicePlayed played:
                _values["slices"] = played.Step + 1;
                break;
            case PlayerJournal.JobPlaced placed:
                (_values["moves"], _values["level"], _values["placement"]) = (placed.Step + 1, placed.Level, placed.Placement);
                break;
            case ServerJournal.RoundsEnded ended:
                (_values["rounds"], _values["load"]) = (ended.Until, ended.Load);
                break;
            default:
                throw new InvalidOperationException($"{stored.GetType().Name} is no event of an agent's memory");
        }
        if (_entries.Horizons > 0 || _entries.Count > 0)
        {
            _values["representatives"] = _entries.Count;
        }
    }

    /// <summary>A value as text: numbers that read back to the same bits, lists in brackets.</summary>
    public static string Text(object value) => value switch
    {
        ImmutableArray<double> values => $"[{string.Join(", ", values.Select(v => Text(v)))}]",
        ImmutableArray<long> values => $"[{string.Join(", ", values)}]",
        ImmutableArray<int> values => $"[{string.Join(", ", values)}]",
        ImmutableArray<float> values => $"[{string.Join(", ", values.Select(v => Text(v)))}]",
        ImmutableArray<string> values => $"[{string.Join(", ", values)}]",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
