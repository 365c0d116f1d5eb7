using Akka.Actor;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.Learners;

/// <summary>The learner of one agent: collects its load balancers' parts of an episode, learns, and tells its parent.</summary>
public sealed class LearnerActor : ReceiveActor
{
    private readonly EpisodePart[] _parts;
    private int _taken;

    /// <param name="learner">This actor alone uses it; what it teaches decides only between its answer and the next episode's parts.</param>
    public LearnerActor(IEpisodeLearner learner)
    {
        _parts = new EpisodePart[learner.LoadBalancers];
        Receive<LearnerCommands.TakeEpisode>(take =>
        {
            _parts[take.LoadBalancer.Index - learner.FirstLoadBalancer] = take.Part;
            if (++_taken < _parts.Length)
            {
                return;
            }
            _taken = 0;
            LearnerStatistics? learnt = learner.Learn(_parts);
            Context.Parent.Tell(new LearnerEvents.EpisodeLearnt(learnt, learner.Version, _parts.Sum(p => p.TrajectoryBytes)));
        });
    }

    public static Props Props(IEpisodeLearner learner) => Akka.Actor.Props.Create(() => new LearnerActor(learner));
}
