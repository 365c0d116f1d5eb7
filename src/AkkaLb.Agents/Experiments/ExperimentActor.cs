using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Experiments;

/// <summary>
/// One run: lets the network play block after block of episodes, has agents store what they decided, hands the block to the learner, and
/// its policy to the network.
/// </summary>
public sealed class ExperimentActor : ReceiveActor
{
    private readonly int _episodes;
    private readonly int _episodesPerUpdate;
    private readonly int _lanes;
    private readonly IExperimentObserver _observer;
    private readonly IActorRef _network;
    private readonly IActorRef _learner;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // Of the block that is being played.
    private readonly List<EpisodeTrajectory> _block = [];

    private IActorRef _starter = ActorRefs.Nobody;
    private int _played;
    private bool _stopping;

    // What the network was told last, and has not done yet: a restarted one is told it again.
    private NetworkCommands.FollowPolicy? _following;
    private object? _asked;
    private Action<TeamMemory?> _whenStored = _ => { };

    /// <param name="episodes">Episodes of the whole run.</param>
    /// <param name="firstEpisode">Episodes that an earlier part of the run has played and learnt from.</param>
    /// <param name="lanes">Episodes that the network plays at once.</param>
    public ExperimentActor(
        int episodes, int firstEpisode, int episodesPerUpdate, int lanes, Props network, Props learner, IExperimentObserver observer)
    {
        _episodes = episodes;
        _episodesPerUpdate = episodesPerUpdate;
        _lanes = lanes;
        _played = firstEpisode;
        _observer = observer;
        _network = Context.Watch(Context.ActorOf(network, NetworkName));
        _learner = Context.Watch(Context.ActorOf(learner, "learner"));

        Receive<ExperimentCommands.StartExperiment>(_ =>
        {
            _starter = Sender;
            _learner.Tell(LearnerCommands.PublishPolicy.Instance);
        });
        Receive<LearnerEvents.PolicyPublished>(OnPolicyPublished);
        Receive<LearnerEvents.PolicyKept>(kept =>
        {
            if (kept.IsCheckpoint && _following is not null)
            {
                _network.Tell(NetworkCommands.KeepSnapshots.Instance);
            }
            Continue();
        });
        Receive<NetworkEvents.EpisodesPlayed>(OnEpisodesPlayed);
        Receive<NetworkEvents.EpisodesStored>(stored =>
        {
            _asked = null;
            _whenStored(stored.Memory);
        });
        Receive<NetworkEvents.EpisodeFailed>(failed =>
            End(new ExperimentEvents.ExperimentFailed(failed.Episode < 0 ? failed.Reason : $"episode {failed.Episode}: {failed.Reason}")));
        Receive<NetworkEvents.NetworkRestarted>(_ => OnNetworkRestarted());
        Receive<LearnerEvents.LearningStopped>(_ => End(new ExperimentEvents.ExperimentStopped(_played)));
        Receive<LearnerEvents.MemoryTaken>(_ => End());
        Receive<ExperimentCommands.StopExperiment>(_ => _stopping = true);
        Receive<Terminated>(terminated =>
            End(new ExperimentEvents.ExperimentFailed($"the {terminated.ActorRef.Path.Name} actor failed, see the log")));
    }

    private const string NetworkName = "network";

    public static Props Props(
        int episodes, int firstEpisode, int episodesPerUpdate, int lanes, Props network, Props learner, IExperimentObserver observer) =>
        Akka.Actor.Props.Create(
            () => new ExperimentActor(episodes, firstEpisode, episodesPerUpdate, lanes, network, learner, observer));

    /// <summary>
    /// A restarted network has its agents play the block again. A learner's successor would have to begin at a checkpoint.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        NetworkActor.MaxRestarts, TimeSpan.FromMinutes(1), _ => Sender.Equals(_network) ? Directive.Restart : Directive.Stop);

    private void OnPolicyPublished(LearnerEvents.PolicyPublished published)
    {
        if (_played >= _episodes)
        {
            KeepPolicy();
            return;
        }
        _following = new NetworkCommands.FollowPolicy(published.Policy, published.Memory, published.Recalled);
        _network.Tell(_following);
        if (published.Recalled is null)
        {
            KeepPolicy();
        }
        else
        {
            // A checkpoint must not know more than the agents' journals.
            Store(_ => KeepPolicy());
        }

        void KeepPolicy()
        {
            // The first one is the run's own start, or the checkpoint that it goes on from.
            if (published.IsUpdate)
            {
                _learner.Tell(LearnerCommands.KeepPolicy.Instance);
            }
            else
            {
                Continue();
            }
        }
    }

    private void OnEpisodesPlayed(NetworkEvents.EpisodesPlayed played)
    {
        _asked = null;
        foreach (EpisodeTrajectory trajectory in played.Trajectories)
        {
            _observer.EpisodeFinished(trajectory);
            _block.Add(trajectory);
            _played++;
        }
        if (_played % _episodesPerUpdate != 0)
        {
            Continue();
            return;
        }
        Store(memory =>
        {
            _following = null;
            EpisodeTrajectory[] block = [.. _block];
            _block.Clear();
            _learner.Tell(new LearnerCommands.Learn(block, memory));
        });
    }

    private void Continue()
    {
        if (_played < _episodes && !_stopping)
        {
            int ofBlock = Math.Min(_episodes - _played, _episodesPerUpdate - _played % _episodesPerUpdate);
            Ask(new NetworkCommands.PlayEpisodes(_played, Math.Min(_lanes, ofBlock)));
        }
        else if (_block.Count == 0)
        {
            End();
        }
        else
        {
            // Nobody learns from a part of a block, but agents have lived through it.
            Store(memory =>
            {
                if (memory is null)
                {
                    End();
                }
                else
                {
                    _learner.Tell(new LearnerCommands.TakeMemory(memory));
                }
            });
        }
    }

    private void Store(Action<TeamMemory?> next)
    {
        _whenStored = next;
        Ask(new NetworkCommands.StoreEpisodes(_played));
    }

    private void Ask(object command)
    {
        _asked = command;
        _network.Tell(command);
    }

    private void OnNetworkRestarted()
    {
        _log.Warning("The network was restarted; {0} episodes are played again", _block.Count);
        if (_following is not null)
        {
            _network.Tell(_following);
        }
        if (_asked is not null)
        {
            _network.Tell(_asked);
        }
    }

    private void End() => End(
        _played >= _episodes ? new ExperimentEvents.ExperimentFinished(_played) : new ExperimentEvents.ExperimentStopped(_played));

    private void End(object outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}
