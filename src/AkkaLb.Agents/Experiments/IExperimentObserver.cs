using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Experiments;

/// <summary>
/// Watches a run, whether actors or the batched trainer play it. Calls come one at a time and in order; a slow observer
/// slows the run.
/// </summary>
public interface IExperimentObserver
{
    /// <param name="messagesSent">Hidden states sent between link agents.</param>
    void EpisodeFinished(EpisodeTrajectory trajectory, long messagesSent);

    /// <summary>The learner has finished an update and rests: its state may be read until this returns.</summary>
    /// <param name="episodes">Episodes that it has learnt from since the start of the run.</param>
    void PolicyUpdated(int episodes, PpoLearner learner);
}
