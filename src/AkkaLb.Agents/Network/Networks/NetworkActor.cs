using Akka.Actor;
using Akka.Event;
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
    private readonly TeamExperience? _experience;
    private readonly IActorRef? _journals;
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
    private readonly IActorRef[] _agents;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private PolicySnapshot? _policy;
    private IActorRef _player = ActorRefs.Nobody;
    private EpisodeTrajectory[] _lanes = [];
    private int _horizon;
    private int _round;
    private int _awaited;
    private int _compared;
    private bool _familiar;
    private int _exchanges;
    private bool[] _sample = [];
    private long _sent;
    private long _play;

    public NetworkActor(ScenarioSchedule scenarios, NetworkModel model, ulong seed, TeamExperience? experience, IActorRef? journals)
    {
        _journals = journals;
        _scenarios = scenarios;
        _experience = experience;
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
        _agents = new IActorRef[model.LinkCount];

        Receive<LinkAgentEvents.WeightsDecided>(OnWeightsDecided, e => e.Round == _round);
        Receive<LinkAgentEvents.LogitsComputed>(OnLogitsComputed, e => e.Round == _round);
        Receive<LinkAgentEvents.StateCompared>(OnStateCompared, e => e.Round == _round);
        Receive<LinkAgentEvents.ActionsTaken>(OnActionsTaken, e => e.Round == _round);
        Receive<LinkAgentEvents.EpisodesClosed>(OnEpisodesClosed, e => e.Round == _round);
        Receive<LinkAgentEvents.LinkAgentRestarted>(OnLinkAgentRestarted);
        Receive<NetworkCommands.FollowPolicy>(OnFollowPolicy);
        Receive<NetworkCommands.PlayEpisodes>(OnPlayEpisodes);
        Receive<Terminated>(OnTerminated);
        // What a horizon left behind that a crash cut short.
        Receive<ILinkAgentMessage>(_ => { });
    }

    public static Props Props(NetworkScenario scenario, NetworkModel model, ulong seed) => Props(new ScenarioSchedule(scenario), model, seed, null);

    /// <param name="scenarios">All of the topology of the model, with the same initial weights.</param>
    /// <param name="experience">The memories of a two-layer method's agents; null: none.</param>
    /// <param name="journals">Where the link agents' policies and weights are stored; null: nowhere.</param>
    public static Props Props(ScenarioSchedule scenarios, NetworkModel model, ulong seed, TeamExperience? experience, IActorRef? journals = null) =>
        Akka.Actor.Props.Create(() => new NetworkActor(scenarios, model, seed, experience, journals));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    protected override void PreStart()
    {
        for (int link = 0; link < _agents.Length; link++)
        {
            double weight = _environments[0].Scenario.InitialWeights[link];
            // Here, because what the journal knows of a memory outlives a crash of its agent.
            ExperienceWatch? watch = _journals is null || _experience is null ? null : new ExperienceWatch(_experience[link]);
            Props agent = LinkAgentActor.Props(_model, new LinkId(link), weight, _seed, _experience, _journals, watch);
            _agents[link] = Context.Watch(Context.ActorOf(agent, $"link-{link}"));
        }
        for (int link = 0; link < _agents.Length; link++)
        {
            Connect(link);
        }
    }

    private void Connect(int link)
    {
        _agents[link].Tell(new LinkAgentCommands.ConnectNeighbours(
            new LinkId(link), Neighbours(_model.Topology.Successors(new LinkId(link))), Neighbours(_model.Predecessors(link))));
    }

    private LinkAgentNeighbour[] Neighbours(ReadOnlySpan<int> links)
    {
        LinkAgentNeighbour[] neighbours = new LinkAgentNeighbour[links.Length];
        for (int i = 0; i < neighbours.Length; i++)
        {
            neighbours[i] = new LinkAgentNeighbour(new LinkId(links[i]), _agents[links[i]]);
        }
        return neighbours;
    }

    private void OnFollowPolicy(NetworkCommands.FollowPolicy follow)
    {
        _policy = follow.Policy;
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Tell(new LinkAgentCommands.AdoptPolicy(new LinkId(link), follow.Policy));
        }
    }

    private void OnPlayEpisodes(NetworkCommands.PlayEpisodes play)
    {
        _player = Sender;
        _sent = 0;
        _play = _experience?.NextPlay() ?? 0;
        StartEpisodes(play.First, play.Count);
    }

    private void StartEpisodes(long first, int count)
    {
        _lanes = [.. Enumerable.Range(0, count).Select(lane => new EpisodeTrajectory(_model, first + lane, _policy!.Version))];
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
        Await(_agents.Length);
        (_compared, _familiar, _exchanges) = (0, true, 0);
        int episode = (int)_lanes[0].Episode;
        double factor = _experience?.Threshold.Factor ?? 1;
        bool probe = _experience is not null && AdaptiveThreshold.IsProbe(_experience.Options, episode);
        _sample = [.. _lanes.Select(lane => _exploration.At(lane.Episode, _horizon) <= _model.Options.SampleShare)];
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Tell(new LinkAgentCommands.ObserveLoad(
                new LinkId(link), _round, episode, _horizon, Utilisation(link), _sample, factor, probe, _play));
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
        int[] told = [.. Enumerable.Range(0, _agents.Length).Where(link =>
            _actions[link].AsSpan(0, _lanes.Length).ContainsAnyExcept(LinkAgentCommands.TakeActions.NoAction))];
        _awaited = told.Length;
        foreach (int link in told)
        {
            _agents[link].Tell(new LinkAgentCommands.TakeActions(new LinkId(link), _round, _actions[link][.._lanes.Length]));
        }
    }

    /// <summary>The barrier of a team that switches together: one unfamiliar agent makes all exchange.</summary>
    private void OnStateCompared(LinkAgentEvents.StateCompared compared)
    {
        _familiar &= compared.IsFamiliar;
        if (++_compared < _agents.Length)
        {
            return;
        }
        bool fromMemory = _familiar && _teamMemoryUse.At(_lanes[0].Episode, _horizon, compared.Iteration);
        (_compared, _familiar) = (0, true);
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Tell(new LinkAgentCommands.SwitchLayer(new LinkId(link), _round, fromMemory));
        }
    }

    private void Count(HorizonTraffic traffic)
    {
        _exchanges = Math.Max(_exchanges, traffic.Exchanges);
        foreach (EpisodeTrajectory lane in _lanes)
        {
            lane.MessagesSent += traffic.States;
            lane.RequestsSent += traffic.Requests;
        }
        _sent += traffic.States;
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
        Await(_agents.Length);
        for (int i = 0; i < _agents.Length; i++)
        {
            _agents[i].Tell(new LinkAgentCommands.CloseEpisodes(new LinkId(i), _round, Utilisation(i)));
        }
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
        _player.Tell(new NetworkEvents.EpisodesPlayed(played, _sent));
    }

    private void AdaptThreshold(EpisodeTrajectory played)
    {
        if (_experience is not null)
        {
            long possible = (long)_model.Options.Horizons * _model.MessageIterations * _model.MessagesPerExchange;
            _experience.Threshold = _experience.Threshold.Observe(
                _experience.Options, played.Episode, played.FinalObjective, played.MessagesSent, possible);
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
        int link = restarted.Link.Index;
        Connect(link);
        if (_policy is not null)
        {
            _agents[link].Tell(new LinkAgentCommands.AdoptPolicy(restarted.Link, _policy));
        }
        if (_lanes is [{ Episode: var first }, ..])
        {
            _log.Warning(
                "The agent of {0} was restarted; {1} episodes from number {2} on are repeated from their start",
                _model.Topology.Describe(restarted.Link), _lanes.Length, first);
            StartEpisodes(first, _lanes.Length);
        }
    }

    private void OnTerminated(Terminated terminated)
    {
        int link = Array.IndexOf(_agents, terminated.ActorRef);
        string reason = $"the agent of link {_model.Topology.Describe(new LinkId(link))} crashed more than {MaxRestarts} times in a minute";
        _player.Tell(new NetworkEvents.EpisodeFailed(_lanes is [var first, ..] ? (int)first.Episode : -1, reason));
        Context.Stop(Self);
    }
}
