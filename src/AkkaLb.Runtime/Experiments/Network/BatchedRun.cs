using AkkaLb.Agents.Experiments;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Plays the episodes of a run with the batched trainer: the same core, and the same bits, without actors.</summary>
internal static class BatchedRun
{
    public static Task PlayAsync(
        NetworkExperiment experiment, PpoLearner learner, IExperimentObserver observer, CancellationToken cancellation) => Task.Run(() =>
    {
        // The learner is the caller's to dispose of.
        NetworkTrainer trainer = new(experiment.Scenarios, learner);
        try
        {
            while (!trainer.IsFinished && !cancellation.IsCancellationRequested)
            {
                TrainingBlock block = trainer.RunBlock(cancellation);
                foreach (EpisodeTrajectory episode in block.Episodes)
                {
                    observer.EpisodeFinished(episode);
                }
                if (block.Update is not null)
                {
                    observer.PolicyUpdated((int)trainer.Episode, learner);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends as it was after the last whole block.
        }
    }, CancellationToken.None);
}
