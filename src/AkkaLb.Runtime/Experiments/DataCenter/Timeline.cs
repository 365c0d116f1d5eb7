using System.Globalization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using Measures = AkkaLb.Domain.DataCenter.Fairness.Fairness;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Completion times and fairness over the time of a run, in equal windows, over all repetitions of one policy.</summary>
internal sealed class Timeline
{
    /// <summary>Windows in a run.</summary>
    public const int Windows = 24;

    /// <summary>A window is settled when its mean is so near to the level that follows, relative to that.</summary>
    private const double Tolerance = 0.15;

    private readonly DataCenterModel _model;
    private readonly double[] _times = new double[Windows], _servedTimes = new double[Windows], _fairness = new double[Windows];
    private readonly long[] _jobs = new long[Windows], _served = new long[Windows], _samples = new long[Windows];
    private readonly long _width;
    private int _repetitions;

    public Timeline(DataCenterModel model)
    {
        _model = model;
        _width = Math.Max(1, (model.Traffic.Duration + Windows - 1) / Windows);
    }

    public void Add(SimulationResult result)
    {
        foreach (JobRecord job in result.Jobs)
        {
            int window = (int)(job.Created / _width);
            _times[window] += Ticks.ToSeconds(job.Completion);
            _jobs[window]++;
            if (!job.Rejected)
            {
                _servedTimes[window] += Ticks.ToSeconds(job.Completion);
                _served[window]++;
            }
        }
        _repetitions++;
        foreach (LoadSample sample in result.Loads)
        {
            int window = (int)Math.Min(sample.Time / _width, Windows - 1);
            _fairness[window] += Measures.JainIndex(sample.RemainingTimes);
            _samples[window]++;
        }
    }

    /// <summary>Seconds at the middle of a window.</summary>
    public double Middle(int window) => Ticks.ToSeconds(window * _width + _width / 2);

    /// <summary>Mean completion time of the jobs sent in a window; null without jobs.</summary>
    public double? MeanTct(int window) => _jobs[window] == 0 ? null : _times[window] / _jobs[window];

    /// <summary>The same of the jobs that were not rejected.</summary>
    public double? ServedMeanTct(int window) => _served[window] == 0 ? null : _servedTimes[window] / _served[window];

    /// <summary>Jobs sent in a window that were done, not rejected, per second of it; null for what lies after the end of
    /// arrivals.</summary>
    public double? Goodput(int window)
    {
        long width = Math.Min(_width, _model.Traffic.Duration - window * _width);
        return width <= 0 || _repetitions == 0 ? null : _served[window] / Ticks.ToSeconds(width) / _repetitions;
    }

    /// <summary>Mean of Jain's index of the servers' remaining times in a window; null without samples.</summary>
    public double? Jain(int window) => _samples[window] == 0 ? null : _fairness[window] / _samples[window];

    /// <summary>How completion times followed each change to a server before the end of arrivals.</summary>
    public IReadOnlyList<ChangeMetrics> Changes()
    {
        long[] times = [.. _model.Changes.Select(c => c.Time).Where(time => time < _model.Traffic.Duration).Distinct()];
        return
        [
            .. times.Select((time, k) =>
            {
                long from = k == 0 ? 0 : times[k - 1], to = k + 1 < times.Length ? times[k + 1] : _model.Traffic.Duration;
                return Change(from, time, to);
            }),
        ];
    }

    private ChangeMetrics Change(long from, long time, long to)
    {
        double? before = Level(from + (time - from) / 2, time), after = Level(time + (to - time) / 2, to);
        long? settled = after is { } level ? Settled(time, to, level) : null;
        return new ChangeMetrics
        {
            Seconds = Ticks.ToSeconds(time),
            What = string.Join(", ", _model.Changes.Where(c => c.Time == time).Select(Describe)),
            Before = before,
            After = after,
            SettlingSeconds = settled is { } s ? Ticks.ToSeconds(s) : null,
        };
    }

    /// <summary>
    /// Ticks from a change to the end of the window from which on all are near the level; null when one in the second half of the time is
    /// not.
    /// </summary>
    private long? Settled(long time, long to, double level)
    {
        // Until the first whole window begins nothing is known.
        long settled = (time + _width - 1) / _width * _width - time;
        for (int window = 0; window < Windows; window++)
        {
            // The window that the change falls into counts with neither.
            if (window * _width >= time && (window + 1) * _width <= to && MeanTct(window) is { } mean
                && Math.Abs(mean - level) > Tolerance * level)
            {
                settled = (window + 1) * _width - time;
            }
        }
        return settled < (to - time) / 2 ? settled + _width : null;
    }

    /// <summary>Mean completion time of the jobs sent in the windows that lie between two times.</summary>
    private double? Level(long from, long to)
    {
        int[] within = [.. Enumerable.Range(0, Windows).Where(w => w * _width >= from && (w + 1) * _width <= to)];
        long jobs = within.Sum(w => _jobs[w]);
        return jobs == 0 ? null : within.Sum(w => _times[w]) / jobs;
    }

    private static string Describe(CapacityChange change) => string.Create(
        CultureInfo.InvariantCulture,
        $"server {change.Server.Index} {change.Kind.ToString().ToLowerInvariant()}"
        + $"{(change.Kind == CapacityChangeKind.Speed ? string.Create(CultureInfo.InvariantCulture, $" {change.Speed}") : "")}");
}
