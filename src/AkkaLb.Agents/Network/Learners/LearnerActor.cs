using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Learners;

/// <summary>The learner of one run: collects trajectories, trains on every full block, publishes policy versions.</summary>
public sealed class LearnerActor : ReceiveActor
{
    private readonly PpoLearner _learner;
    private readonly List<EpisodeTrajectory> _block = [];

    /// <param name="learner">Fresh, or restored from a checkpoint; this actor alone uses it until it stops.</param>
    public LearnerActor(PpoLearner learner, IExperimentObserver observer, CancellationToken cancellation)
    {
        _learner = learner;
        Receive<LearnerCommands.PublishPolicy>(_ => Sender.Tell(new LearnerEvents.PolicyPublished(_learner.Policy)));
        Receive<LearnerCommands.CollectTrajectory>(collect =>
        {
            _block.Add(collect.Trajectory);
            if (_block.Count == _learner.Model.Options.EpisodesPerUpdate)
            {
                Update(observer, cancellation);
            }
        });
    }

    public static Props Props(PpoLearner learner, IExperimentObserver observer, CancellationToken cancellation) =>
        Akka.Actor.Props.Create(() => new LearnerActor(learner, observer, cancellation));

    private void Update(IExperimentObserver observer, CancellationToken cancellation)
    {
        try
        {
            _learner.Train(_block, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The run ends there.
            Sender.Tell(LearnerEvents.LearningStopped.Instance);
            return;
        }
        // No agent acts now: what their memories hold belongs to this policy.
        _learner.Experience?.Mark();
        int episodes = (int)_block[^1].Episode + 1;
        _block.Clear();
        observer.PolicyUpdated(episodes, _learner);
        Sender.Tell(new LearnerEvents.PolicyPublished(_learner.Policy));
    }
}
