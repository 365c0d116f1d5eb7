using System.Collections.Immutable;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
using AkkaLb.Learning.Memory;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// What the links of a network run carried, episode by episode: the weights that its agents stored, and the loads that routing its flows
/// under them gives. Reads the journal while the run goes on, each row once.
/// </summary>
public sealed class NetworkPlayback
{
    private readonly Lock _gate = new();
    private readonly NetworkExperiment _experiment;
    private readonly NetworkEnvironment _environment;
    private readonly JournalLocation? _journal;
    private readonly string _journalFile;

    // [episode][link]: the weight after the episode's last horizon; NaN: not stored (yet).
    private readonly List<double[]> _weights = [];

    // [episode]: orderings of the first and the last row that hold something of it.
    private readonly List<(long First, long Last)> _rows = [];
    private readonly AsynchronousPlayback? _time;
    private long _read;
    private InvalidInputException? _damage;
    private int _horizonsOf = -1;
    private double[][] _horizons = [];

    private NetworkPlayback(NetworkExperiment experiment, JournalLocation? journal, string journalFile)
    {
        (_experiment, _journal, _journalFile) = (experiment, journal, journalFile);
        _environment = new NetworkEnvironment(experiment.Scenario);
        _time = experiment.Asynchronous is { } play ? new AsynchronousPlayback(play.Scenario) : null;
    }

    public Topology Topology => _experiment.Topology;

    /// <summary>Episodes from the first one on of which all agents have stored their weights.</summary>
    public int Episodes { get; private set; }

    /// <summary>Moments of virtual time of which weights are known; 0 for a run that has none.</summary>
    public int Moments => _time?.Moments ?? 0;

    /// <summary>Opens a run folder.</summary>
    /// <exception cref="InvalidInputException">It is no network run, or a file of it is not as expected.</exception>
    public static NetworkPlayback Open(RunFolder folder)
    {
        string file = folder[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, []);
        JournalLocation? journal = JournalLocation.Read(config, file, folder);
        return new NetworkPlayback(NetworkExperimentReader.Read(config, file, folder.FullPath), journal,
            folder[JournalLocation.EventsFile]);
    }

    /// <summary>Reads what agents have stored since the last call.</summary>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public void Refresh(CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_damage is not null)
            {
                // What comes after a row that cannot be taken in would be shown without it.
                throw new InvalidInputException(_damage.Message, _damage);
            }
            using JournalReader? reader = OpenJournal();
            if (reader is null)
            {
                return;
            }
            foreach (StoredEvent stored in reader.After(_read))
            {
                cancellation.ThrowIfCancellationRequested();
                _read = stored.Row.Ordering;
                try
                {
                    Take(stored);
                }
                catch (Exception e)
                {
                    _damage = e as InvalidInputException ?? new InvalidInputException(
                        $"{stored.Row.Source}: row {stored.Row.SequenceNumber} of {stored.Agent} is none of this run: {e.Message}", e);
                    throw _damage;
                }
            }
            while (Episodes < _weights.Count && !_weights[Episodes].AsSpan().Contains(double.NaN))
            {
                Episodes++;
            }
        }
    }

    /// <summary>The network after an episode's last horizon.</summary>
    /// <param name="episode">From 0 to <see cref="Episodes"/> − 1; −1: the weights of the start.</param>
    public NetworkMomentView At(int episode) => At(episode, null);

    /// <summary>The network after a horizon of an episode.</summary>
    /// <param name="horizon">From 1 to <see cref="Horizons"/>; 0: the weights that the episode starts with.</param>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public NetworkMomentView At(int episode, int horizon)
    {
        lock (_gate)
        {
            IReadOnlyList<double[]> weights = HorizonsOf(episode);
            return At(episode, horizon == 0 ? _experiment.Scenarios.At(episode).InitialWeights : weights[horizon - 1]) with
            {
                Horizon = horizon,
            };
        }
    }

    /// <summary>Horizons of an episode of which all agents have stored their weights.</summary>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public int Horizons(int episode)
    {
        lock (_gate)
        {
            return HorizonsOf(episode).Length;
        }
    }

    /// <summary>The network at a moment of virtual time.</summary>
    /// <param name="moment">From 0 to <see cref="Moments"/> − 1.</param>
    public NetworkMomentView AtMoment(int moment)
    {
        lock (_gate)
        {
            return _time!.At(moment);
        }
    }

    private NetworkMomentView At(int episode, IReadOnlyList<double>? weights)
    {
        lock (_gate)
        {
            NetworkScenario scenario = _experiment.Scenarios.At(Math.Max(0, episode));
            if (episode < 0 || scenario != _environment.Scenario)
            {
                _environment.Reset(scenario);
            }
            if (episode >= 0)
            {
                _environment.Step([.. weights ?? _weights[episode]]);
            }
            return NetworkMomentView.Of(_environment) with { Episode = episode };
        }
    }

    /// <summary>Virtual time in ms and a link's weight, moment by moment.</summary>
    public IReadOnlyList<(double Time, double Weight)> WeightsInTime(LinkId link)
    {
        lock (_gate)
        {
            return _time?.WeightsOf(link) ?? [];
        }
    }

    /// <summary>A link's weight after the last horizon of every episode.</summary>
    public double[] WeightsOf(LinkId link)
    {
        lock (_gate)
        {
            return [.. _weights.Take(Episodes).Select(weights => weights[link.Index])];
        }
    }

    /// <summary>A link's weight after each horizon of an episode, as its agent stored it; empty where it did not.</summary>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public IReadOnlyList<double> HorizonsOf(LinkId link, int episode)
    {
        lock (_gate)
        {
            return episode < Episodes ? [.. HorizonsOf(episode).Select(weights => weights[link.Index])] : [];
        }
    }

    /// <summary>What a link's memory answered, episode by episode; empty where it has none.</summary>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public IReadOnlyList<MemoryUse> MemoryOf(LinkId link)
    {
        using JournalReader? reader = OpenJournal();
        return
        [
            .. (reader?.Events(new EventFilter(LinkAgentJournal.Agent(link))) ?? [])
                .Select(stored => stored.Read()).OfType<LinkAgentJournal.WeightsDecided>().Where(decided => decided.Memory is not null)
                .Select(decided => (decided.Step, Use: ExperienceUse.Of(decided.Memory!.Changes.AsMemory())))
                .Select(episode => new MemoryUse((int)episode.Step, episode.Use.Horizons, episode.Use.Answers, episode.Use.Cases)),
        ];
    }

    /// <returns>[horizon][link]; the last episode that was asked for is kept.</returns>
    private double[][] HorizonsOf(int episode)
    {
        if (_horizonsOf == episode)
        {
            return _horizons;
        }
        ImmutableArray<double>[] decided = new ImmutableArray<double>[Topology.LinkCount];
        Array.Fill(decided, []);
        using JournalReader? reader = OpenJournal();
        foreach (StoredEvent stored in reader?.Between(_rows[episode].First, _rows[episode].Last) ?? [])
        {
            if (LinkOf(stored.Agent) is { } link && stored.Read() is LinkAgentJournal.WeightsDecided happened && happened.Step == episode)
            {
                decided[link] = happened.Weights;
            }
        }
        int horizons = decided.Min(weights => weights.Length);
        (_horizonsOf, _horizons) = (episode,
            [.. Enumerable.Range(0, horizons).Select(h => decided.Select(weights => weights[h]).ToArray())]);
        return _horizons;
    }

    private void Take(StoredEvent stored)
    {
        if (LinkOf(stored.Agent) is { } link)
        {
            if (stored.Read() is LinkAgentJournal.WeightsDecided { Weights: [.., var last] } decided)
            {
                Keep(link, (int)decided.Step, last, stored.Row.Ordering);
            }
        }
        else if (_time is not null && stored.Agent.EndsWith(AsynchronousJournal.Suffix, StringComparison.Ordinal))
        {
            switch (stored.Read())
            {
                case AsynchronousJournal.SliceDecided decided:
                    _time.Take(LinkOf(stored.Agent[..^AsynchronousJournal.Suffix.Length])!.Value, decided);
                    break;
                case AsynchronousJournal.DecisionsOrdered ordered:
                    _time.Take(ordered);
                    break;
                case AsynchronousJournal.SlicePlayed played:
                    _time.Take(played);
                    break;
            }
        }
    }

    /// <returns>Null: the run keeps no journal, or has not begun it yet.</returns>
    private JournalReader? OpenJournal()
    {
        if (_journal is null || (_journal.Provider == JournalLocation.Sqlite && !File.Exists(_journalFile)))
        {
            return null;
        }
        JournalReader reader = JournalReader.Open(_journal);
        if (reader.HasEvents)
        {
            return reader;
        }
        reader.Dispose();
        return null;
    }

    private void Keep(int link, int episode, double weight, long ordering)
    {
        while (_weights.Count <= episode)
        {
            double[] nothing = new double[Topology.LinkCount];
            Array.Fill(nothing, double.NaN);
            _weights.Add(nothing);
            _rows.Add((ordering, ordering));
        }
        _rows[episode] = (Math.Min(_rows[episode].First, ordering), Math.Max(_rows[episode].Last, ordering));
        _weights[episode][link] = weight;
    }

    private int? LinkOf(string agent) =>
        agent.StartsWith("link-", StringComparison.Ordinal) && int.TryParse(agent.AsSpan("link-".Length), out int link)
            && link < Topology.LinkCount ? link : null;
}
