using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>
/// The network of one run: parent of its link agents. It routes the flows under the agents' weights, publishes every link's
/// load, and writes down what the learner needs. Where a decision needs several agents' logits (MAROH), it makes it for the team.
/// Episodes are played side by side, as the lanes of one round (<see cref="NetworkLanes"/>).
/// </summary>
public sealed class NetworkActor : ReceiveActor
{
    /// <summary>Crashes of one agent in a minute that are survived; an agent that crashes on, is broken.</summary>
    public const int MaxRestarts = 10;

    private readonly NetworkModel _model;
    private readonly ScenarioSchedule _scenarios;
    private readonly AgentJournal? _journal;
    private readonly NetworkEnvironment[] _environments;
    private readonly HorizonDraws _exploration;
    private readonly TeamDecision _team;
    private readonly HorizonDraws[] _teamDraws;
    private readonly MemoryUse _teamMemoryUse;
    private readonly ulong _seed;

    // [lane][link], [lane][link · A + action], [lane][link].
    private readonly double[][] _weights;
    private readonly float[][] _logits;
    private readonly int[][] _actions;
    private readonly LocalLinkAgents _agents;

    // Agents that have adopted no policy yet.
    private readonly HashSet<int> _new = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // The policy of the block that is being played; null between blocks.
    private NetworkCommands.FollowPolicy? _following;
    private AdaptiveThreshold _threshold = AdaptiveThreshold.Start;

    // What was asked for last, and by whom; null when it is done.
    private object? _asked;
    private IActorRef _asker = ActorRefs.Nobody;

    // The episode that agents play next; those between it and the one asked for are played again.
    private int _next;
    private EpisodeTrajectory[] _lanes = [];
    private byte[][] _memories = [];
    private int _horizon;
    private int _round;
    private int _awaited;
    private int _compared;
    private bool _familiar;
    private int _exchanges;
    private bool[] _sample = [];

    public NetworkActor(ScenarioSchedule scenarios, NetworkModel model, ulong seed, AgentJournal? journal)
    {
        _journal = journal;
        _scenarios = scenarios;
        _model = model;
        _seed = seed;
        int lanes = NetworkLanes.Most(model);
        _environments = [.. Enumerable.Range(0, lanes).Select(_ => new NetworkEnvironment(scenarios.Of(0)))];
        _exploration = NetworkDraws.Exploration(seed);
        _team = new TeamDecision(model);
        _teamDraws = [.. Enumerable.Range(0, model.Decisions.Deciders).Select(d => NetworkDraws.Choice(seed, model, d))];
        _teamMemoryUse = NetworkDraws.TeamMemoryUse(seed, model);
        _weights = [.. Enumerable.Range(0, lanes).Select(_ => new double[model.LinkCount])];
        _logits = [.. Enumerable.Range(0, lanes).Select(_ => new float[model.LinkCount * model.ActionCount])];
        _actions = [.. Enumerable.Range(0, model.LinkCount).Select(_ => new int[lanes])];
        _agents = new LocalLinkAgents(Self, model.LinkCount);

        Receive<LinkAgentEvents.WeightsDecided>(OnWeightsDecided, e => e.Round == _round);
        Receive<LinkAgentEvents.LogitsComputed>(OnLogitsComputed, e => e.Round == _round);
        Receive<LinkAgentEvents.StateCompared>(OnStateCompared, e => e.Round == _round);
        Receive<LinkAgentEvents.ActionsTaken>(OnActionsTaken, e => e.Round == _round);
        Receive<LinkAgentEvents.EpisodesClosed>(OnEpisodesClosed, e => e.Round == _round);
        Receive<LinkAgentEvents.EpisodesStored>(OnEpisodesStored, e => e.Round == _round);
        Receive<LinkAgentEvents.LinkAgentRestarted>(OnLinkAgentRestarted);
        Receive<NetworkCommands.FollowPolicy>(OnFollowPolicy);
        Receive<NetworkCommands.PlayEpisodes>(Ask);
        Receive<NetworkCommands.StoreEpisodes>(Ask);
        Receive<NetworkCommands.KeepSnapshots>(_ => TellAll(link => new LinkAgentCommands.KeepSnapshot(link)));
        Receive<Terminated>(OnTerminated);
        // What a horizon left behind that a crash cut short.
        Receive<ILinkAgentMessage>(_ => { });
    }

    public static Props Props(NetworkScenario scenario, NetworkModel model, ulong seed) =>
        Props(new ScenarioSchedule(scenario), model, seed);

    /// <param name="scenarios">All of the topology of the model, with the same initial weights.</param>
    /// <param name="journal">Where the link agents store; null: nowhere.</param>
    public static Props Props(ScenarioSchedule scenarios, NetworkModel model, ulong seed, AgentJournal? journal = null) =>
        Akka.Actor.Props.Create(() => new NetworkActor(scenarios, model, seed, journal));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    protected override void PreStart()
    {
        for (int link = 0; link < _model.LinkCount; link++)
        {
            double weight = _environments[0].Scenario.InitialWeights[link];
            Props agent = LinkAgentActor.Props(_model, new LinkId(link), weight, _seed, _agents, _journal);
            _agents[link] = Context.Watch(Context.ActorOf(agent, $"link-{link}"));
            _new.Add(link);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.Parent.Tell(NetworkEvents.NetworkRestarted.Instance);
    }

    private void OnFollowPolicy(NetworkCommands.FollowPolicy follow)
    {
        _following = follow;
        ReturnToBlock();
        for (int link = 0; link < _model.LinkCount; link++)
        {
            Adopt(link);
        }
    }

    private void Adopt(int link)
    {
        byte[]? memory = _new.Remove(link) ? _following!.Memory?.Agents[link] : null;
        Tell(new LinkAgentCommands.AdoptPolicy(new LinkId(link), _following!.Policy, memory, _following.Recalled?[link]));
    }

    /// <summary>The next episode is the first one of the block.</summary>
    private void ReturnToBlock()
    {
        _next = (int)_following!.Policy.Version * _model.Options.EpisodesPerUpdate;
        _threshold = _following.Memory?.Threshold ?? AdaptiveThreshold.Start;
    }

    private void Ask(object command)
    {
        (_asked, _asker) = (command, Sender);
        Proceed();
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
                StartEpisodes(play.First, play.Count);
                break;
            case NetworkCommands.PlayEpisodes play:
                StartEpisodes(_next, Math.Min(_environments.Length, play.First - _next));
                break;
            case NetworkCommands.StoreEpisodes store when _next < store.Until:
                StartEpisodes(_next, Math.Min(_environments.Length, store.Until - _next));
                break;
            case NetworkCommands.StoreEpisodes:
                Await(_model.LinkCount);
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
        Answer(new NetworkEvents.EpisodesStored(_model.Options.Memory is null ? null : new TeamMemory(_memories, _threshold)));
        _memories = [];
    }

    private void Tell(ILinkAgentMessage message) => _agents.Tell(message, Self);

    private void TellAll(Func<LinkId, ILinkAgentMessage> message)
    {
        for (int link = 0; link < _model.LinkCount; link++)
        {
            Tell(message(new LinkId(link)));
        }
    }

    private void StartEpisodes(long first, int count)
    {
        _lanes = [.. Enumerable.Range(0, count).Select(lane => new EpisodeTrajectory(_model, first + lane, _following!.Policy.Version))];
        for (int lane = 0; lane < count; lane++)
        {
            _environments[lane].Reset(_scenarios.At(first + lane));
            _environments[lane].Weights.CopyTo(_weights[lane]);
        }
        _horizon = 0;
        RecordStates();
        OpenHorizon();
    }

    private void OpenHorizon()
    {
        Await(_model.LinkCount);
        (_compared, _familiar, _exchanges) = (0, true, 0);
        int episode = (int)_lanes[0].Episode;
        bool probe = _model.Options.Memory is { } memory && AdaptiveThreshold.IsProbe(memory, episode);
        _sample = [.. _lanes.Select(lane => _exploration.At(lane.Episode, _horizon) <= _model.Options.SampleShare)];
        for (int link = 0; link < _model.LinkCount; link++)
        {
            Tell(new LinkAgentCommands.ObserveLoad(
                new LinkId(link), _round, episode, _horizon, Utilisation(link), _sample, _threshold.Factor, probe));
        }
    }

    /// <summary>Of a link, in each lane.</summary>
    private double[] Utilisation(int link)
    {
        double[] utilisation = new double[_lanes.Length];
        for (int lane = 0; lane < utilisation.Length; lane++)
        {
            utilisation[lane] = _environments[lane].Utilisation[link];
        }
        return utilisation;
    }

    private void OnWeightsDecided(LinkAgentEvents.WeightsDecided decided)
    {
        RecordObservations(decided.Link, decided.Observations);
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            _lanes[lane].Record(_horizon, decided.Link.Index, decided.Decisions[lane]);
        }
        Count(decided.Traffic);
        SetWeights(decided.Link, decided.Weights);
    }

    private void OnLogitsComputed(LinkAgentEvents.LogitsComputed computed)
    {
        RecordObservations(computed.Link, computed.Observations);
        int actions = _model.ActionCount;
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            computed.Logits.AsSpan(lane * actions, actions).CopyTo(_logits[lane].AsSpan(computed.Link.Index * actions));
        }
        Count(computed.Traffic);
        if (--_awaited == 0)
        {
            DecideForTeam();
        }
    }

    private void DecideForTeam()
    {
        foreach (int[] actions in _actions)
        {
            Array.Fill(actions, LinkAgentCommands.TakeActions.NoAction);
        }
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            for (int decider = 0; decider < _model.Decisions.Deciders; decider++)
            {
                double draw = _teamDraws[decider].At(_lanes[lane].Episode, _horizon);
                Decision decision = _team.Decide(_logits[lane], decider, _sample[lane], draw);
                _lanes[lane].Record(_horizon, decider, decision);
                (int link, int action) = _model.Decisions.Target(decider, decision.Choice);
                _actions[link][lane] = action;
            }
        }
        int[] told = [.. Enumerable.Range(0, _model.LinkCount).Where(link =>
            _actions[link].AsSpan(0, _lanes.Length).ContainsAnyExcept(LinkAgentCommands.TakeActions.NoAction))];
        _awaited = told.Length;
        foreach (int link in told)
        {
            Tell(new LinkAgentCommands.TakeActions(new LinkId(link), _round, _actions[link][.._lanes.Length]));
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
        bool fromMemory = _familiar && _teamMemoryUse.At(_lanes[0].Episode, _horizon, compared.Iteration);
        (_compared, _familiar) = (0, true);
        TellAll(link => new LinkAgentCommands.SwitchLayer(link, _round, fromMemory));
    }

    private void Count(HorizonTraffic traffic)
    {
        _exchanges = Math.Max(_exchanges, traffic.Exchanges);
        foreach (EpisodeTrajectory lane in _lanes)
        {
            lane.MessagesSent += traffic.States;
            lane.RequestsSent += traffic.Requests;
        }
    }

    private void OnActionsTaken(LinkAgentEvents.ActionsTaken taken) => SetWeights(taken.Link, taken.Weights);

    private void SetWeights(LinkId link, double[] weights)
    {
        for (int lane = 0; lane < weights.Length; lane++)
        {
            _weights[lane][link.Index] = weights[lane];
        }
        if (--_awaited > 0)
        {
            return;
        }
        // All agents wait for this, so their processors are free; lanes share nothing.
        Parallel.For(0, _lanes.Length, lane => _environments[lane].Step(_weights[lane]));
        foreach (EpisodeTrajectory lane in _lanes)
        {
            lane.TeamExchanges += _exchanges;
            lane.Exchanges(_horizon) = _exchanges;
        }
        _horizon++;
        RecordStates();
        if (_horizon < _model.Options.Horizons)
        {
            OpenHorizon();
            return;
        }
        Await(_model.LinkCount);
        TellAll(link => new LinkAgentCommands.CloseEpisodes(link, _round, Utilisation(link.Index)));
    }

    private void OnEpisodesClosed(LinkAgentEvents.EpisodesClosed closed)
    {
        RecordObservations(closed.Link, closed.Observations);
        if (--_awaited > 0)
        {
            return;
        }
        EpisodeTrajectory[] played = _lanes;
        _lanes = [];
        for (int lane = 0; lane < played.Length; lane++)
        {
            _weights[lane].CopyTo(played[lane].FinalWeights, 0);
        }
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
    }

    private void RecordObservations(LinkId link, LinkObservation[] observations)
    {
        for (int lane = 0; lane < observations.Length; lane++)
        {
            Span<float> record = _lanes[lane].Observation(_horizon, link.Index);
            (record[0], record[1]) = (observations[lane].Load, observations[lane].Weight);
        }
    }

    private void RecordStates()
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            NetworkEnvironment environment = _environments[lane];
            _lanes[lane].Objective[_horizon] = environment.Phi;
            _lanes[lane].Measure[_horizon] = RewardMeasures.Compute(
                _model.Options.RewardMeasure, environment.Phi, environment.UpUtilisation);
        }
    }

    private void OnLinkAgentRestarted(LinkAgentEvents.LinkAgentRestarted restarted)
    {
        int crashed = restarted.Link.Index;
        _new.Add(crashed);
        if (_following is null)
        {
            // Between two blocks nothing is lost: the agent gets the next policy as all others do.
            return;
        }
        ReturnToBlock();
        _lanes = [];
        Await(0);
        _log.Warning(
            "The agent of {0} was restarted; episodes from number {1} on are played again",
            _model.Topology.Describe(restarted.Link), _next);
        for (int link = 0; link < _model.LinkCount; link++)
        {
            if (!_new.Contains(link))
            {
                Tell(new LinkAgentCommands.ReturnToBlock(new LinkId(link), _round));
            }
        }
        Adopt(crashed);
        Proceed();
    }

    private void OnTerminated(Terminated terminated)
    {
        int link = _agents.LinkOf(terminated.ActorRef);
        string reason = $"the agent of link {_model.Topology.Describe(new LinkId(link))} crashed more than {MaxRestarts} times in a minute";
        _asker.Tell(new NetworkEvents.EpisodeFailed(_lanes is [var first, ..] ? (int)first.Episode : -1, reason));
        Context.Stop(Self);
    }
}
