using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Experiments;

/// <summary>One run: lets the network play episode after episode, hands them to the learner, and its policies to the network.</summary>
public sealed class ExperimentActor : ReceiveActor
{
    private readonly int _episodes;
    private readonly int _episodesPerUpdate;
    private readonly IExperimentObserver _observer;
    private readonly IActorRef _network;
    private readonly IActorRef _learner;
    private readonly IActorRef? _journals;

    private IActorRef _starter = ActorRefs.Nobody;
    private int _played;
    private bool _stopping;
    private readonly int _lanes;

    // A whole block that waits until agents have stored what they decided in it.
    private readonly List<LearnerCommands.CollectTrajectory> _block = [];

    /// <param name="episodes">Episodes of the whole run.</param>
    /// <param name="firstEpisode">Episodes that an earlier part of the run has played and learnt from.</param>
    /// <param name="lanes">Episodes that the network plays at once.</param>
    /// <param name="journals">Where agents store what they decided; null: nowhere.</param>
    public ExperimentActor(
        int episodes, int firstEpisode, int episodesPerUpdate, int lanes, Props network, Props learner, IExperimentObserver observer,
        IActorRef? journals)
    {
        _journals = journals;
        _episodes = episodes;
        _episodesPerUpdate = episodesPerUpdate;
        _lanes = lanes;
        _played = firstEpisode;
        _observer = observer;
        _network = Context.Watch(Context.ActorOf(network, "network"));
        _learner = Context.Watch(Context.ActorOf(learner, "learner"));

        Receive<ExperimentCommands.StartExperiment>(_ =>
        {
            _starter = Sender;
            _learner.Tell(LearnerCommands.PublishPolicy.Instance);
        });
        Receive<LearnerEvents.PolicyPublished>(published =>
        {
            if (_played < _episodes)
            {
                _network.Tell(new NetworkCommands.FollowPolicy(published.Policy));
            }
            Continue();
        });
        Receive<NetworkEvents.EpisodesPlayed>(OnEpisodesPlayed);
        Receive<NetworkEvents.EpisodeFailed>(failed =>
            End(new ExperimentEvents.ExperimentFailed($"episode {failed.Episode}: {failed.Reason}")));
        Receive<LearnerEvents.LearningStopped>(_ => End(new ExperimentEvents.ExperimentStopped(_played)));
        Receive<ExperimentCommands.StopExperiment>(_ => _stopping = true);
        Receive<Terminated>(terminated =>
            End(new ExperimentEvents.ExperimentFailed($"the {terminated.ActorRef.Path.Name} actor failed, see the log")));
    }

    public static Props Props(
        int episodes, int firstEpisode, int episodesPerUpdate, int lanes, Props network, Props learner, IExperimentObserver observer,
        IActorRef? journals = null) => Akka.Actor.Props.Create(
            () => new ExperimentActor(episodes, firstEpisode, episodesPerUpdate, lanes, network, learner, observer, journals));

    // Network and learner hold the state of the run: a blank successor could not take it over.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnEpisodesPlayed(NetworkEvents.EpisodesPlayed played)
    {
        foreach (EpisodeTrajectory trajectory in played.Trajectories)
        {
            _observer.EpisodeFinished(trajectory, played.MessagesSent);
            _block.Add(new LearnerCommands.CollectTrajectory(trajectory));
            _played++;
        }
        if (_played % _episodesPerUpdate != 0)
        {
            Continue();
        }
        else
        {
            Learn();
        }
    }

    private void Learn()
    {
        _block.ForEach(_learner.Tell);
        _block.Clear();
    }

    private void Continue()
    {
        if (_played >= _episodes)
        {
            End(new ExperimentEvents.ExperimentFinished(_played));
        }
        else if (_stopping)
        {
            End(new ExperimentEvents.ExperimentStopped(_played));
        }
        else
        {
            int ofBlock = Math.Min(_episodes - _played, _episodesPerUpdate - _played % _episodesPerUpdate);
            _network.Tell(new NetworkCommands.PlayEpisodes(_played, Math.Min(_lanes, ofBlock)));
        }
    }

    private void End(object outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}
