using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Runtime.Tests.Experiments;

/// <summary>Keeps what a run tells, and acts when a test wants it to.</summary>
internal sealed class QuietObserver : IRunObserver
{
    public RunPlan? Plan { get; private set; }

    public List<EpisodeReport> Episodes { get; } = [];

    public List<string> Notices { get; } = [];

    public Action<EpisodeReport> OnEpisode { get; init; } = _ => { };

    public Action<string> OnNotice { get; init; } = _ => { };

    public Action<RunPlan> OnStarted { get; init; } = _ => { };

    public void Started(RunPlan plan)
    {
        Plan = plan;
        OnStarted(plan);
    }

    public void BaselinesFound(RunBaselines baselines)
    {
    }

    public void EpisodeFinished(EpisodeReport episode)
    {
        Episodes.Add(episode);
        OnEpisode(episode);
    }

    public void Notice(string line)
    {
        Notices.Add(line);
        OnNotice(line);
    }
}
