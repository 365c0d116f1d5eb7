using System.Diagnostics;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// Writes down a run while actors or the batched trainer play it: episodes, the best weights, checkpoints, and at the end the
/// summary and the plot.
/// </summary>
internal sealed class RunRecorder : IExperimentObserver, IDisposable
{
    /// <summary>Rows are in the file a moment after they are written, for whoever looks at it meanwhile.</summary>
    private static readonly TimeSpan ShownAfter = TimeSpan.FromSeconds(1);

    private readonly NetworkExperiment _experiment;
    private readonly RunFolder _folder;
    private readonly IRunObserver _observer;
    private readonly TimeProvider _time;
    private NetworkEnvironment _environment;
    private readonly List<EpisodeReport> _episodes;

    /// <summary>The last episodes, whose rows wait for what training does with them.</summary>
    private readonly List<EpisodeTrajectory> _unwritten = [];
    private readonly EpisodeLog _log;
    private readonly long _started;
    private readonly double _earlierSeconds;

    private readonly PpoLearner _learner;
    private readonly TensorBoardLog? _events;

    private RunState _state;
    private bool _unsaved;
    private long _lastSaved, _lastFlushed;

    /// <param name="state">Where the run stands: at its start, or at the checkpoint that it goes on from.</param>
    /// <param name="episodes">The episodes up to there.</param>
    public RunRecorder(
        NetworkExperiment experiment, PpoLearner learner, RunFolder folder, RunState state, IReadOnlyList<EpisodeReport> episodes,
        IRunObserver observer, TimeProvider time)
    {
        (_experiment, _learner, _folder, _observer, _time, _state) = (experiment, learner, folder, observer, time, state);
        _environment = new NetworkEnvironment(experiment.Scenario);
        _episodes = [.. episodes];
        _log = EpisodeLog.Create(folder[RunFolder.EpisodesFile], episodes);
        _events = experiment.TensorBoard ? TensorBoardLog.Create(folder, time) : null;
        _started = _lastSaved = time.GetTimestamp();
        _earlierSeconds = state.WallSeconds;
    }

    /// <summary>What came of the asynchronous part, and the weights in force then; set by the run when that has ended.</summary>
    public (AsynchronousMetrics Metrics, IReadOnlyList<double> Weights)? Asynchronous { get; set; }

    /// <summary>Whether all episodes have been played; true where a policy is given.</summary>
    public bool IsTrained => !_experiment.Trains || _episodes.Count >= _experiment.Model.Options.Episodes;

    /// <summary>Episodes up to the last policy update, from which a run that is stopped goes on.</summary>
    public int KeptEpisodes => _state.Episodes;

    /// <summary>The first thing that could not be written; the run is then asked to stop.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Set by the run: called once when something could not be written.</summary>
    public Action? StopRun { get; init; }

    /// <summary>Where the run is written down event by event; null: nowhere.</summary>
    public RunJournal? Journal { get; init; }

    /// <summary>Where its agents live; null: in this process.</summary>
    public ClusterPlay? Cluster { get; init; }

    public void EpisodeFinished(EpisodeTrajectory trajectory)
    {
        NetworkScenario scenario = _experiment.Scenarios.At(trajectory.Episode);
        if (_environment.Scenario.Topology != scenario.Topology)
        {
            _environment = new NetworkEnvironment(scenario);
        }
        else if (_environment.Scenario != scenario)
        {
            _environment.Reset(scenario);
        }
        _environment.Step(trajectory.FinalWeights);
        EpisodeReport report = new(
            (int)trajectory.Episode,
            trajectory.FinalObjective,
            trajectory.Objective[0],
            trajectory.Objective.Min(),
            _environment.MaxUtilisation,
            trajectory.MessagesSent,
            trajectory.Model.MessagesPerEpisode,
            (int)trajectory.PolicyVersion,
            trajectory.RequestsSent,
            trajectory.TeamExchanges,
            trajectory.RecallExchanges);
        _episodes.Add(report);
        if (IsFirstOfPeriod(report.Episode))
        {
            // Other traffic: its values say nothing about those before.
            _state = _state with { BestPhi = double.PositiveInfinity };
        }
        if (report.Phi < _state.BestPhi && scenario.Topology == _experiment.Topology)
        {
            _state = _state with { BestPhi = report.Phi, BestWeights = [.. trajectory.FinalWeights] };
        }
        _unwritten.Add(trajectory);
        Journal?.Store(Event(report));
        Guard(() => _events?.Write(
            report.Episode, ("episode/phi", report.Phi), ("episode/phi-lowest", report.PhiLowest),
            ("episode/max-utilisation", report.MaxUtilisation),
            ("episode/exchange-share", report.ExchangesPossible == 0 ? 1 : (double)report.ExchangesSent / report.ExchangesPossible)));
        Measure(report, trajectory.Model);
        _observer.EpisodeFinished(report);
    }

    public bool PolicyUpdated(int episodes, PpoLearner learner)
    {
        WriteRows();
        _state = _state with { Episodes = episodes, WallSeconds = WallSeconds };
        // One that is no more than infinities is not saved: the checkpoint of before stays.
        _unsaved = learner.IsFinite;
        if (!_unsaved)
        {
            Fail(new RunFailedException(
                $"training has diverged: no finite parameters after {episodes} episodes; smaller steps, such as a lower "
                + "'network.training.learning-rate' or 'reward-scale', may help"));
            return false;
        }
        if (learner.LastUpdate is { } update)
        {
            Guard(() => _events?.Write(
                episodes, ("update/policy-loss", update.PolicyLoss), ("update/critic-loss", update.CriticLoss),
                ("update/entropy", update.Entropy),
                ("update/clipped-share", update.ClippedShare), ("update/divergence", update.Divergence),
                ("update/gradient-norm", update.GradientNorm)));
        }
        if (_time.GetElapsedTime(_lastSaved) >= _experiment.CheckpointInterval)
        {
            Guard(Save);
        }
        return !_unsaved;
    }

    /// <summary>
    /// Tells the journal that the run begins or goes on, and what it may have missed of the episodes that the run goes on from.
    /// </summary>
    public void OpenJournal(bool isNew)
    {
        Journal?.Store(isNew
            ? new RunEvents.RunStarted(_experiment.Name, _experiment.Method, _experiment.Seed)
            : new RunEvents.RunResumed(_episodes.Count));
        if (isNew && _experiment.Asynchronous?.PolicyFile is not null)
        {
            Journal?.Store(new RunEvents.PolicyTaken(RunFolder.PolicyFolder, Checkpoint.Hash(_folder[RunFolder.PolicyFolder])));
        }
        foreach (EpisodeReport episode in _episodes)
        {
            Journal?.Store(Event(episode));
        }
    }

    private static RunEvents.EpisodeFinished Event(EpisodeReport report) =>
        new(report.Episode, report.Phi, report.PhiLowest, report.MaxUtilisation, report.PolicyVersion);

    /// <summary>Writes a checkpoint of all that was learnt so far.</summary>
    public void Keep()
    {
        WriteRows();
        Guard(Save);
    }

    /// <summary>Writes everything that is still to be written but for the summary, which says that all is done.</summary>
    public void Finish()
    {
        WriteRows();
        NetworkSummary summary = Summarise();
        Guard(() =>
        {
            Save();
            _log.Flush();
            _folder.Write(RunFolder.WeightsFile, LinkWeights.Write(_experiment.Topology, Asynchronous?.Weights ?? BestWeights));
            if (_episodes.Count > 0 || _experiment.Trains)
            {
                _folder.Write(RunFolder.PlotFile, PhiPlot.Render(_experiment, summary, _episodes));
            }
        });
        Journal?.Store(summary.Status == RunSummary.Finished ? new RunEvents.RunFinished(_episodes.Count)
            : new RunEvents.RunStopped(_episodes.Count));
    }

    /// <summary>
    /// Writes the summary. A run whose journal does not have everything is not finished: it goes on when the journal can be written.
    /// </summary>
    public NetworkSummary Close()
    {
        NetworkSummary summary = Summarise();
        Guard(() => summary.Write(_folder));
        return summary;
    }

    public void Dispose()
    {
        _log.Dispose();
        _events?.Dispose();
    }

    private void Measure(EpisodeReport report, NetworkModel model)
    {
        TagList run = [Metrics.Tag("experiment", _experiment.Name), Metrics.Tag("method", _experiment.Method)];
        Metrics.EpisodePhi.Record(report.Phi, run);
        Metrics.Episodes.Add(1, run);
        Metrics.Exchanges.Add(report.ExchangesSent, run);
        Metrics.ExchangesPossible.Add(report.ExchangesPossible, run);
        Metrics.Decisions.Add((long)model.LinkCount * model.Options.Horizons, Metrics.Tag("family", "network"));
    }

    private double WallSeconds => _earlierSeconds + _time.GetElapsedTime(_started).TotalSeconds;

    private void Save()
    {
        if (_unsaved)
        {
            // The rows of its episodes first: a checkpoint never knows more than the log.
            _log.Flush();
            _events?.Flush();
            string hash = NetworkCheckpoint.Write(_folder, _learner, _state);
            Cluster?.Keep();
            Journal?.Store(new RunEvents.CheckpointWritten(RunFolder.CheckpointFolder, hash, _state.Episodes));
            _unsaved = false;
            _lastSaved = _time.GetTimestamp();
        }
    }

    /// <summary>What the run has come to.</summary>
    public NetworkSummary Summarise()
    {
        int period = _episodes.Count == 0 ? 0 : _experiment.Scenarios.PeriodOf(_episodes.Count - 1);
        double[] phi = [.. _episodes.Where(e => _experiment.Scenarios.PeriodOf(e.Episode) == period).Select(e => e.Phi)];
        double? Last(int count) => phi.Length == 0 ? null : phi[Math.Max(0, phi.Length - count)..].Average();
        long sent = _episodes.Sum(e => e.ExchangesSent), possible = _episodes.Sum(e => e.ExchangesPossible);
        double share = possible == 0 ? 1 : (double)sent / possible, sharePublished = SharePublished();
        NetworkModel model = _experiment.Model;
        double megabytes = _episodes.Count == 0 ? 0 : possible / (double)_episodes.Count * model.HiddenState * sizeof(float) / (1 << 20);
        return new NetworkSummary
        {
            Method = _experiment.Method,
            Seed = _experiment.Seed,
            Status = IsTrained && Journal?.Failure is null
                && (_experiment.Asynchronous is null || Asynchronous is { Metrics.Finished: true })
                ? RunSummary.Finished
                : RunSummary.Stopped,
            Asynchronous = Asynchronous?.Metrics,
            Path = _state.Path.ToString().ToLowerInvariant(),
            Metrics = new RunMetrics(Last(500), Last(2000), phi.Length == 0 ? null : _state.BestPhi, _episodes.Count),
            Baselines = _state.Baselines,
            Exchanges = new RunExchanges(sent, possible, share, sharePublished)
            {
                Requests = _episodes.Sum(e => e.RequestsSent),
                MegabytesPerEpisode = share * megabytes,
                MegabytesPerEpisodePublished = sharePublished * megabytes * (1 + model.Options.Epochs),
            },
            Traffic = _state.Traffic,
            Cluster = Cluster?.Figures,
            Periods = _experiment.Scenarios.Periods == 1 ? null : RunPeriod.Of(_experiment.Scenarios, _episodes),
            WallSeconds = Math.Round(WallSeconds, 3),
        };
    }

    /// <summary>
    /// Exchanges of the whole team, in episodes and again in every training recall, of the episodes that were learnt from (specification
    /// section 5.4: blocks of updates); before the first update, of all episodes, which nothing has recalled yet.
    /// </summary>
    private double SharePublished()
    {
        NetworkLearningOptions options = _experiment.Model.Options;
        int learnt = Math.Min(_state.Episodes, _episodes.Count);
        double possible = (double)options.Horizons * _experiment.Model.MessageIterations * (1 + (learnt > 0 ? options.Epochs : 0));
        return _episodes.Count == 0 || possible == 0 ? 1
            : _episodes.Take(learnt > 0 ? learnt : _episodes.Count).Average(e => (double)e.TeamExchanges + e.RecallExchanges) / possible;
    }

    private void WriteRows()
    {
        int first = _episodes.Count - _unwritten.Count;
        for (int i = 0; i < _unwritten.Count; i++)
        {
            EpisodeReport row = _episodes[first + i] with { RecallExchanges = _unwritten[i].RecallExchanges };
            _episodes[first + i] = row;
            Guard(() => _log.Append(row));
        }
        _unwritten.Clear();
        if (_time.GetElapsedTime(_lastFlushed) >= ShownAfter)
        {
            Guard(_log.Flush);
            _lastFlushed = _time.GetTimestamp();
        }
    }

    private bool IsFirstOfPeriod(int episode) =>
        episode > 0 && _experiment.Scenarios.PeriodOf(episode) != _experiment.Scenarios.PeriodOf(episode - 1);

    private IReadOnlyList<double> BestWeights =>
        _state.BestWeights.Length > 0 ? _state.BestWeights : ChannelWeights.Uniform(_experiment.Topology);

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RunFailedException)
        {
            Fail(new RunFailedException($"cannot write the run: {e.Message}", e));
        }
    }

    /// <summary>The first failure ends the run.</summary>
    private void Fail(RunFailedException failure)
    {
        if (Failure is null)
        {
            Failure = failure;
            StopRun?.Invoke();
        }
    }
}
