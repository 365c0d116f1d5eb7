using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Experiments;

/// <summary>
/// Watches a run, whether actors or the batched trainer play it. Calls come one at a time and in order; a slow observer
/// slows the run.
/// </summary>
public interface IExperimentObserver
{
    void EpisodeFinished(EpisodeTrajectory trajectory);

    /// <summary>The learner has finished an update and rests: its state may be read until this returns.</summary>
    /// <param name="episodes">Episodes that it has learnt from since the start of the run.</param>
    /// <returns>Whether the run can go on from here in another process.</returns>
    bool PolicyUpdated(int episodes, PpoLearner learner);
}
