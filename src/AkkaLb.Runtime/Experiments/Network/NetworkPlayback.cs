using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
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
    private long _read;

    private NetworkPlayback(NetworkExperiment experiment, JournalLocation? journal, string journalFile)
    {
        (_experiment, _journal, _journalFile) = (experiment, journal, journalFile);
        _environment = new NetworkEnvironment(experiment.Scenario);
    }

    public Topology Topology => _experiment.Topology;

    /// <summary>Episodes from the first one on of which all agents have stored their weights.</summary>
    public int Episodes { get; private set; }

    /// <summary>Opens a run folder.</summary>
    /// <exception cref="InvalidInputException">It is no network run, or a file of it is not as expected.</exception>
    public static NetworkPlayback Open(RunFolder folder)
    {
        string file = folder[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, []);
        JournalLocation? journal = JournalLocation.Read(config, file, folder);
        return new NetworkPlayback(NetworkExperimentReader.Read(config, file, folder.FullPath), journal, folder[JournalLocation.EventsFile]);
    }

    /// <summary>Reads what agents have stored since the last call.</summary>
    /// <exception cref="InvalidInputException">The journal cannot be read.</exception>
    public void Refresh(CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            using JournalReader? reader = OpenJournal();
            if (reader is null)
            {
                return;
            }
            foreach (StoredEvent stored in reader.After(_read))
            {
                cancellation.ThrowIfCancellationRequested();
                _read = stored.Row.Ordering;
                if (LinkOf(stored.Agent) is { } link && stored.Read() is LinkAgentJournal.WeightsDecided { Weights: [.., var last] } decided)
                {
                    Keep(link, (int)decided.Step, last);
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
    public NetworkMomentView At(int episode)
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
                _environment.Step(_weights[episode]);
            }
            return new NetworkMomentView(
                episode, [.. _environment.Weights], [.. _environment.Utilisation], _environment.Phi, _environment.MaxUtilisation);
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
        using JournalReader? reader = OpenJournal();
        return reader?.Events(new EventFilter(LinkAgentJournal.Agent(link)))
            .Select(stored => stored.Read()).OfType<LinkAgentJournal.WeightsDecided>().FirstOrDefault(decided => decided.Step == episode)
            ?.Weights ?? [];
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

    private void Keep(int link, int episode, double weight)
    {
        while (_weights.Count <= episode)
        {
            double[] nothing = new double[Topology.LinkCount];
            Array.Fill(nothing, double.NaN);
            _weights.Add(nothing);
        }
        _weights[episode][link] = weight;
    }

    private int? LinkOf(string agent) =>
        agent.StartsWith("link-", StringComparison.Ordinal) && int.TryParse(agent.AsSpan("link-".Length), out int link)
            && link < Topology.LinkCount ? link : null;
}

/// <summary>A network under the weights of a moment.</summary>
/// <param name="Weights">One per link.</param>
/// <param name="Utilisation">Load over capacity, one per link.</param>
/// <param name="Phi">The objective's value.</param>
public sealed record NetworkMomentView(
    int Episode, IReadOnlyList<double> Weights, IReadOnlyList<double> Utilisation, double Phi, double MaxUtilisation);
