using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cli.Output;

/// <summary>What a run has reached, gathered from its reports; safe to read from another thread.</summary>
internal sealed class RunProgress(TimeProvider time)
{
    // The first episodes wait for code to be compiled and agents to start: their pace is not that of the others.
    private const int EpisodesToJudge = 20;

    private static readonly TimeSpan TimeToJudge = TimeSpan.FromSeconds(30);

    /// <summary>Episodes of the moving mean, as in the published figures.</summary>
    public const int Window = 100;

    private readonly Lock _gate = new();
    private readonly Queue<double> _recent = new(Window);
    private RunPlan? _plan;
    private GridProgress? _grid;
    private RunBaselines? _baselines;
    private EpisodeReport? _last;
    private double _best = double.PositiveInfinity;
    private long _sent, _possible, _started;

    public RunPlan? Plan
    {
        get
        {
            lock (_gate)
            {
                return _plan;
            }
        }
    }

    /// <summary>How far the grid has come that the run belongs to; null when it belongs to none.</summary>
    public GridProgress? Grid
    {
        get
        {
            lock (_gate)
            {
                return _grid;
            }
        }
    }

    /// <summary>Forgets the run before, of the same grid.</summary>
    public void Start(RunPlan plan)
    {
        lock (_gate)
        {
            _plan = plan;
            (_baselines, _last, _best, _sent, _possible) = (null, null, double.PositiveInfinity, 0, 0);
            _recent.Clear();
            _started = time.GetTimestamp();
        }
    }

    public void Add(GridProgress grid)
    {
        lock (_gate)
        {
            _grid = grid;
        }
    }

    public void Add(RunBaselines baselines)
    {
        lock (_gate)
        {
            _baselines = baselines;
            // The time that they took says nothing of that of episodes.
            _started = time.GetTimestamp();
        }
    }

    public void Add(EpisodeReport episode)
    {
        lock (_gate)
        {
            _last = episode;
            _best = Math.Min(_best, episode.Phi);
            _sent += episode.ExchangesSent;
            _possible += episode.ExchangesPossible;
            if (_recent.Count == Window)
            {
                _recent.Dequeue();
            }
            _recent.Enqueue(episode.Phi);
        }
    }

    /// <summary>The state now; null before the run has said what it does.</summary>
    public RunStanding? Standing()
    {
        lock (_gate)
        {
            if (_plan is null)
            {
                return null;
            }
            TimeSpan elapsed = time.GetElapsedTime(_started);
            int done = _last is null ? _plan.FirstEpisode : _last.Episode + 1;
            int doneHere = done - _plan.FirstEpisode;
            double perSecond = elapsed > TimeSpan.Zero ? doneHere / elapsed.TotalSeconds : 0;
            return new RunStanding(
                _plan, _baselines, done, _last?.Phi, _recent.Count == 0 ? null : _recent.Average(), _last is null ? null : _best,
                _sent, _possible, perSecond,
                perSecond > 0 && (doneHere >= Math.Min(EpisodesToJudge, _plan.Episodes / 10) || elapsed > TimeToJudge)
                    ? TimeSpan.FromSeconds((_plan.Episodes - done) / perSecond)
                    : null);
        }
    }
}

/// <summary>A moment of a run.</summary>
/// <param name="Done">Episodes finished, those before a resume included.</param>
/// <param name="Mean">Mean Φ of the last <see cref="RunProgress.Window"/> episodes.</param>
/// <param name="Left">Time left at the mean pace so far; null as long as that says little.</param>
internal sealed record RunStanding(
    RunPlan Plan, RunBaselines? Baselines, int Done, double? Phi, double? Mean, double? Best,
    long Sent, long Possible, double PerSecond, TimeSpan? Left);
