using Akka.Actor;
using AkkaLb.Learning.DataCenter.Learners;

namespace AkkaLb.Agents.DataCenter.Learners;

/// <summary>
/// Parent of a run's learners: one for each load balancer, or one for all. It passes the parts of an episode on, so that learners work side
/// by side, and says when all of them have learnt.
/// </summary>
public sealed class LearningTeamActor : ReceiveActor
{
    private readonly LearnerEvents.EpisodeLearnt?[] _learnt;
    private IActorRef? _waiting;
    private string? _failure;

    public LearningTeamActor(IReadOnlyList<IEpisodeLearner> learners)
    {
        IActorRef[] actors = [.. learners.Select(
            (learner, k) => Context.Watch(Context.ActorOf(LearnerActor.Props(learner), $"learner-{k}")))];
        _learnt = new LearnerEvents.EpisodeLearnt?[actors.Length];

        Receive<LearnerCommands.LearnEpisode>(learn =>
        {
            _waiting = Sender;
            for (int k = 0; k < actors.Length; k++)
            {
                actors[k].Tell(new LearnerCommands.LearnEpisode(
                    learn.Parts[learners[k].FirstLoadBalancer..(learners[k].FirstLoadBalancer + learners[k].LoadBalancers)]));
            }
            Answer();
        });
        Receive<LearnerEvents.EpisodeLearnt>(learnt =>
        {
            _learnt[Array.IndexOf(actors, Sender)] = learnt;
            Answer();
        });
        Receive<Terminated>(terminated =>
        {
            _failure ??= $"the learner of {learners[Array.IndexOf(actors, terminated.ActorRef)].Name} failed, see the log";
            Answer();
        });
    }

    /// <param name="learners">In the order of their load balancers, which are numbered from 0 without a gap.</param>
    public static Props Props(IReadOnlyList<IEpisodeLearner> learners) => Akka.Actor.Props.Create(() => new LearningTeamActor(learners));

    // A learner that failed half-way has parameters of no version.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Answer()
    {
        if (_waiting is null)
        {
            return;
        }
        if (_failure is not null)
        {
            _waiting.Tell(new LearnerEvents.LearningFailed(_failure));
            _waiting = null;
        }
        else if (!_learnt.Contains(null))
        {
            _waiting.Tell(new LearnerEvents.TeamLearnt([.. _learnt.Select(l => l!)]));
            Array.Clear(_learnt);
            _waiting = null;
        }
    }
}
