using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>
/// The network of one run. It routes the flows under its agents' weights, publishes every link's load, and writes down what the learner
/// needs. Episodes are played side by side, as the lanes of one round (<see cref="NetworkLanes"/>).
/// </summary>
/// <remarks>
/// It asks all agents something, and goes on when all have answered: one round after the other. An agent that crashes, moves to another
/// node or does not answer has the block of episodes played again from its start, with the same draws and so the same result.
/// </remarks>
public sealed class NetworkActor : ReceiveActor, IWithTimers
{
    /// <summary>Crashes of one agent in a minute that are survived; an agent that crashes on, is broken.</summary>
    public const int MaxRestarts = 10;

    // Storing waits for a database, which may be slow.
    private const int PatienceWithDatabase = 10;

    private readonly NetworkModel _model;
    private readonly HorizonDraws _exploration;
    private readonly MemoryUse _teamMemoryUse;
    private readonly EpisodeLanes _lanes;
    private readonly TeamChoices _choices;
    private readonly ILinkAgentTeam _agents;

    // Agents that have adopted no policy yet.
    private readonly HashSet<int> _new;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // The policy of the block that is being played; null between blocks.
    private NetworkCommands.FollowPolicy? _following;
    private AdaptiveThreshold _threshold = AdaptiveThreshold.Start;

    // What was asked for last, and by whom; null when it is done.
    private object? _asked;
    private IActorRef _asker = ActorRefs.Nobody;

    // The episode that agents play next; those between it and the one asked for are played again.
    private int _next;
    private byte[][] _memories = [];
    private int _round;
    private int _awaited;
    private bool _isAdopting, _isStoring;
    private int _compared;
    private bool _familiar;
    private int _exchanges;
    private bool[] _sample = [];

    private readonly Silence _silence = new();
    private HorizonTrace _trace;

    public NetworkActor(ScenarioSchedule scenarios, NetworkModel model, ulong seed, Func<ILinkAgentTeam> agents)
    {
        _model = model;
        _lanes = new EpisodeLanes(scenarios, model);
        _choices = new TeamChoices(model, seed);
        _exploration = NetworkDraws.Exploration(seed);
        _teamMemoryUse = NetworkDraws.TeamMemoryUse(seed, model);
        _agents = agents();
        _new = [.. Enumerable.Range(0, model.LinkCount)];

        OnAnswer<LinkAgentEvents.PolicyAdopted>(e => e.Round, OnPolicyAdopted);
        OnAnswer<LinkAgentEvents.WeightsDecided>(e => e.Round, OnWeightsDecided);
        OnAnswer<LinkAgentEvents.LogitsComputed>(e => e.Round, OnLogitsComputed);
        OnAnswer<LinkAgentEvents.StateCompared>(e => e.Round, OnStateCompared);
        OnAnswer<LinkAgentEvents.ActionsTaken>(e => e.Round, taken => SetWeights(taken.Link, taken.Weights));
        OnAnswer<LinkAgentEvents.EpisodesClosed>(e => e.Round, OnEpisodesClosed);
        OnAnswer<LinkAgentEvents.EpisodesStored>(e => e.Round, OnEpisodesStored);
        Receive<LinkAgentEvents.LinkAgentRestarted>(restarted => PlayAgain([restarted.Link.Index]));
        Receive<LinkAgentEvents.LinkAgentFailed>(failed => Fail(failed.Reason));
        Receive<NetworkCommands.FollowPolicy>(OnFollowPolicy);
        Receive<NetworkCommands.PlayEpisodes>(Ask);
        Receive<NetworkCommands.StoreEpisodes>(Ask);
        Receive<NetworkCommands.KeepSnapshots>(_ => TellAll(link => new LinkAgentCommands.KeepSnapshot(link)));
        Receive<NetworkCommands.UseAgents>(use =>
        {
            _agents.Use(use.Placement);
            PlayAgain(use.New);
        });
        Receive<NetworkCommands.AwaitAgents>(_ =>
        {
            Await(0);
            _agents.Use(null);
        });
        Receive<LookForSilence>(_ => OnLookForSilence());
        Receive<Terminated>(terminated => Fail(_agents.Describe(terminated)));
        // What a horizon left behind that a crash cut short.
        Receive<ILinkAgentMessage>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NetworkScenario scenario, NetworkModel model, ulong seed) =>
        Props(new ScenarioSchedule(scenario), model, seed);

    /// <summary>A network whose agents are its children.</summary>
    /// <param name="scenarios">All of the topology of the model, with the same initial weights.</param>
    /// <param name="journal">Where the link agents store; null: nowhere.</param>
    public static Props Props(ScenarioSchedule scenarios, NetworkModel model, ulong seed, AgentJournal? journal = null)
    {
        double[] initialWeights = [.. scenarios.Of(0).InitialWeights];
        return Props(scenarios, model, seed, () => new LocalLinkAgents(model, initialWeights, seed, journal));
    }

    /// <param name="scenarios">All of the topology of the model, with the same initial weights.</param>
    /// <param name="agents">Called anew when the network is restarted.</param>
    public static Props Props(ScenarioSchedule scenarios, NetworkModel model, ulong seed, Func<ILinkAgentTeam> agents) =>
        Akka.Actor.Props.Create(() => new NetworkActor(scenarios, model, seed, agents));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    protected override void PreStart()
    {
        _agents.Start(Context);
        if (_agents.Patience is { } patience)
        {
            Timers.StartPeriodicTimer(LookForSilence.Instance, LookForSilence.Instance, patience / Silence.LooksPerPatience);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.Parent.Tell(NetworkEvents.NetworkRestarted.Instance);
    }

    /// <summary>What an agent answers counts when it is of this round.</summary>
    private void OnAnswer<T>(Func<T, int> round, Action<T> handler)
        where T : ILinkAgentMessage =>
        Receive<T>(
            answer =>
            {
                _silence.End();
                handler(answer);
                _agents.Flush();
            },
            answer => round(answer) == _round);

    private void OnFollowPolicy(NetworkCommands.FollowPolicy follow)
    {
        _following = follow;
        _agents.Publish(follow.Policy);
        BeginBlock();
    }

    /// <summary>All agents go to the start of the block: those that have come that far before return to it.</summary>
    private void BeginBlock()
    {
        (PolicySnapshot policy, TeamMemory? memory, IReadOnlyList<byte[]>? recalled) = _following!;
        _next = (int)policy.Version * _model.Options.EpisodesPerUpdate;
        _threshold = memory?.Threshold ?? AdaptiveThreshold.Start;
        _lanes.Drop();
        if (!_agents.AreThere)
        {
            Await(0);
            return;
        }
        Await(_model.LinkCount);
        _isAdopting = true;
        TellAll(link => new LinkAgentCommands.AdoptPolicy(
            link, _round, policy.Version, _new.Contains(link.Index) ? memory?.Agents[link.Index] : null, recalled?[link.Index]));
    }

    private void OnPolicyAdopted(LinkAgentEvents.PolicyAdopted adopted)
    {
        _new.Remove(adopted.Link.Index);
        if (--_awaited == 0)
        {
            _isAdopting = false;
            Proceed();
        }
    }

    private void Ask(object command)
    {
        (_asked, _asker) = (command, Sender);
        if (!_isAdopting && _agents.AreThere)
        {
            Proceed();
        }
    }

    private void Answer(object answer)
    {
        _asked = null;
        _asker.Tell(answer);
    }

    /// <summary>Does what was asked for; first the episodes of the block that come before it and are to be played again.</summary>
    private void Proceed()
    {
        switch (_asked)
        {
            case NetworkCommands.PlayEpisodes play when _next == play.First:
                StartEpisodes(play.Count);
                break;
            case NetworkCommands.PlayEpisodes play:
                StartEpisodes(Math.Min(_lanes.Limit, play.First - _next));
                break;
            case NetworkCommands.StoreEpisodes store when _next < store.Until:
                StartEpisodes(Math.Min(_lanes.Limit, store.Until - _next));
                break;
            case NetworkCommands.StoreEpisodes:
                Await(_model.LinkCount);
                _isStoring = true;
                _memories = new byte[_model.LinkCount][];
                TellAll(link => new LinkAgentCommands.StoreEpisodes(link, _round));
                break;
            default:
                break;
        }
    }

    private void OnEpisodesStored(LinkAgentEvents.EpisodesStored stored)
    {
        _memories[stored.Link.Index] = stored.Memory ?? [];
        if (--_awaited > 0)
        {
            return;
        }
        if (_next > _following!.Policy.Version * _model.Options.EpisodesPerUpdate)
        {
            _following = null;
        }
        _isStoring = false;
        Answer(new NetworkEvents.EpisodesStored(_model.Options.Memory is null ? null : new TeamMemory(_memories, _threshold)));
        _memories = [];
    }

    private void TellAll(Func<LinkId, ILinkAgentMessage> message)
    {
        for (int link = 0; link < _model.LinkCount; link++)
        {
            _agents.Tell(message(new LinkId(link)));
        }
        _agents.Flush();
    }

    private void StartEpisodes(int count)
    {
        _lanes.Begin(_next, count, _following!.Policy.Version);
        OpenHorizon();
    }

    private void OpenHorizon()
    {
        Await(_model.LinkCount);
        (_compared, _familiar, _exchanges) = (0, true, 0);
        int episode = (int)_lanes.Trajectories[0].Episode, horizon = _lanes.Horizon;
        bool probe = _model.Options.Memory is { } memory && AdaptiveThreshold.IsProbe(memory, episode);
        _trace.Begin(episode, horizon, _lanes.Trajectories.Length, _model.LinkCount);
        _sample = [.. _lanes.Trajectories.Select(lane => _exploration.At(lane.Episode, horizon) <= _model.Options.SampleShare)];
        TellAll(link => new LinkAgentCommands.ObserveLoad(
            link, _round, episode, horizon, _lanes.Utilisation(link.Index), _sample, _threshold.Factor, probe));
        _trace.Next("exchange");
    }

    private void OnWeightsDecided(LinkAgentEvents.WeightsDecided decided)
    {
        _lanes.Record(decided.Link, decided.Observations);
        _lanes.Record(decided.Link, decided.Decisions);
        Count(decided.Traffic);
        SetWeights(decided.Link, decided.Weights);
    }

    private void OnLogitsComputed(LinkAgentEvents.LogitsComputed computed)
    {
        _lanes.Record(computed.Link, computed.Observations);
        _choices.Take(computed.Link, computed.Logits);
        Count(computed.Traffic);
        if (--_awaited > 0)
        {
            return;
        }
        IReadOnlyList<(LinkId Link, int[] Actions)> told = _choices.Decide(_lanes.Trajectories, _lanes.Horizon, _sample);
        _awaited = told.Count;
        foreach ((LinkId link, int[] actions) in told)
        {
            _agents.Tell(new LinkAgentCommands.TakeActions(link, _round, actions));
        }
    }

    /// <summary>The barrier of a team that switches together: one unfamiliar agent makes all exchange.</summary>
    private void OnStateCompared(LinkAgentEvents.StateCompared compared)
    {
        _familiar &= compared.IsFamiliar;
        if (++_compared < _model.LinkCount)
        {
            return;
        }
        bool fromMemory = _familiar && _teamMemoryUse.At(_lanes.Trajectories[0].Episode, _lanes.Horizon, compared.Iteration);
        (_compared, _familiar) = (0, true);
        TellAll(link => new LinkAgentCommands.SwitchLayer(link, _round, fromMemory));
    }

    private void Count(HorizonTraffic traffic)
    {
        _trace.Decided();
        _exchanges = Math.Max(_exchanges, traffic.Exchanges);
        _lanes.Count(traffic);
    }

    private void SetWeights(LinkId link, double[] weights)
    {
        _lanes.Set(link, weights);
        if (--_awaited > 0)
        {
            return;
        }
        _trace.Next("route");
        _lanes.Step(_exchanges);
        _trace.End();
        if (!_lanes.IsOver)
        {
            OpenHorizon();
            return;
        }
        Await(_model.LinkCount);
        TellAll(l => new LinkAgentCommands.CloseEpisodes(l, _round, _lanes.Utilisation(l.Index)));
    }

    private void OnEpisodesClosed(LinkAgentEvents.EpisodesClosed closed)
    {
        _lanes.Record(closed.Link, closed.Observations);
        if (--_awaited > 0)
        {
            return;
        }
        EpisodeTrajectory[] played = _lanes.Take();
        AdaptThreshold(played[0]);
        bool wasAskedFor = _asked is NetworkCommands.PlayEpisodes play && play.First == _next;
        _next += played.Length;
        if (wasAskedFor)
        {
            Answer(new NetworkEvents.EpisodesPlayed(played));
        }
        else
        {
            Proceed();
        }
    }

    private void AdaptThreshold(EpisodeTrajectory played)
    {
        if (_model.Options.Memory is { } memory)
        {
            long possible = (long)_model.Options.Horizons * _model.MessageIterations * _model.MessagesPerExchange;
            _threshold = _threshold.Observe(memory, played.Episode, played.FinalObjective, played.MessagesSent, possible);
        }
    }

    /// <summary>Opens a round: from now on only answers that carry its number count.</summary>
    private void Await(int answers)
    {
        _round++;
        _awaited = answers;
        (_isAdopting, _isStoring) = (false, false);
        _silence.End();
    }

    /// <summary>Agents have lost what they knew. Between two blocks that is nothing: they get the next policy as all others do.</summary>
    private void PlayAgain(IReadOnlyList<int> lost)
    {
        _new.UnionWith(lost);
        if (_following is null)
        {
            return;
        }
        int played = _next - (int)_following.Policy.Version * _model.Options.EpisodesPerUpdate + _lanes.Trajectories.Length;
        _trace.Abandon();
        BeginBlock();
        if (played == 0)
        {
            return;
        }
        _agents.Repeat(played);
        Metrics.EpisodesRepeated.Add(played);
        string which = lost is [var link] ? $", that of {_model.Topology.Describe(new LinkId(link))}" : "";
        _log.Warning(
            "{0} of {1} agents begin anew{2}; {3} episodes from number {4} on are played again",
            lost.Count, _model.LinkCount, which, played, _next);
    }

    private void OnLookForSilence()
    {
        if (_silence.IsTooLong(_awaited > 0, _isStoring ? PatienceWithDatabase : 1))
        {
            _log.Warning("{0} of {1} agents do not answer", _awaited, _model.LinkCount);
            Metrics.SilentAgents.Add(_awaited);
            Await(0);
            _agents.Seek();
        }
    }

    private void Fail(string reason)
    {
        _asker.Tell(new NetworkEvents.EpisodeFailed(_lanes.Trajectories is [var first, ..] ? (int)first.Episode : -1, reason));
        Context.Stop(Self);
    }

    private sealed class LookForSilence : INotInfluenceReceiveTimeout
    {
        public static LookForSilence Instance { get; } = new();
    }
}
