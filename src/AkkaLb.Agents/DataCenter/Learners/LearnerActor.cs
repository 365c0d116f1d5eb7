using Akka.Actor;
using AkkaLb.Learning.DataCenter.Learners;

namespace AkkaLb.Agents.DataCenter.Learners;

/// <summary>The learner of one agent: learns from its load balancers' parts of an episode, and tells its parent.</summary>
public sealed class LearnerActor : ReceiveActor
{
    /// <param name="learner">
    /// This actor alone uses it; what it teaches decides only between its answer and the next episode's parts.
    /// </param>
    public LearnerActor(IEpisodeLearner learner) => Receive<LearnerCommands.LearnEpisode>(learn =>
    {
        LearnerStatistics? learnt = learner.Learn(learn.Parts);
        Context.Parent.Tell(new LearnerEvents.EpisodeLearnt(learnt, learner.Version, learn.Parts.Sum(p => p.TrajectoryBytes)));
    });

    public static Props Props(IEpisodeLearner learner) => Akka.Actor.Props.Create(() => new LearnerActor(learner));
}
