using AkkaLb.Agents.Experiments;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Tests.Network;

/// <summary>Keeps what a run reports.</summary>
internal sealed class RecordingObserver : IExperimentObserver
{
    public List<EpisodeTrajectory> Episodes { get; } = [];

    public List<int> Updates { get; } = [];

    /// <summary>Called after each episode, in the run's own thread.</summary>
    public Action<EpisodeTrajectory> OnEpisode { get; set; } = _ => { };

    /// <summary>Called after each update.</summary>
    public Action<PpoLearner> OnUpdate { get; set; } = _ => { };

    /// <summary>Whether a checkpoint is written after so many episodes.</summary>
    public Func<int, bool> IsCheckpoint { get; init; } = _ => false;

    public void EpisodeFinished(EpisodeTrajectory trajectory)
    {
        Episodes.Add(trajectory);
        OnEpisode(trajectory);
    }

    public bool PolicyUpdated(int episodes, PpoLearner learner)
    {
        Updates.Add(episodes);
        OnUpdate(learner);
        return IsCheckpoint(episodes);
    }
}
