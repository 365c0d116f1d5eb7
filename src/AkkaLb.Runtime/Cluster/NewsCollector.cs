using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Collects what a run tells, for who looks on from elsewhere.</summary>
/// <param name="folder">Of the run here; whoever is told has another one.</param>
internal sealed class NewsCollector(string folder) : IRunObserver
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<EpisodeReport> _episodes = [];
    private List<string> _notices = [];
    private RunPlan? _plan;
    private RunBaselines? _baselines;

    public void Started(RunPlan plan)
    {
        lock (_gate)
        {
            _plan = plan;
        }
    }

    public void BaselinesFound(RunBaselines baselines)
    {
        lock (_gate)
        {
            _baselines = baselines;
        }
    }

    public void EpisodeFinished(EpisodeReport episode)
    {
        lock (_gate)
        {
            _episodes.Add(episode);
        }
    }

    public void Notice(string line)
    {
        lock (_gate)
        {
            _notices.Add(line.Replace(folder, RunNews.Folder, StringComparison.Ordinal));
        }
    }

    /// <summary>What has come since the last time.</summary>
    public RunNews Take()
    {
        lock (_gate)
        {
            RunNews news = new(_plan, _baselines, _episodes, _notices);
            (_plan, _baselines, _episodes, _notices) = (null, null, [], []);
            return news;
        }
    }

    /// <summary>It could not be told.</summary>
    public void Return(RunNews news)
    {
        lock (_gate)
        {
            _plan ??= news.Plan;
            _baselines ??= news.Baselines;
            _episodes = [.. news.Episodes, .. _episodes];
            _notices = [.. news.Notices, .. _notices];
        }
    }

    /// <summary>The run has ended.</summary>
    public void Close() => _closed.TrySetResult();

    /// <returns>Whether the run has ended; else the time is over.</returns>
    public async Task<bool> WaitAsync(TimeSpan time)
    {
        try
        {
            await _closed.Task.WaitAsync(time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
