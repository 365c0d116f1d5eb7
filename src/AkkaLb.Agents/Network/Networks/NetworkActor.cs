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
/// </summary>
public sealed class NetworkActor : ReceiveActor
{
    /// <summary>Crashes of one agent in a minute that are survived; an agent that crashes on, is broken.</summary>
    public const int MaxRestarts = 10;

    private readonly NetworkModel _model;
    private readonly ScenarioSchedule _scenarios;
    private readonly TeamExperience? _experience;
    private readonly IActorRef? _journals;
    private readonly NetworkEnvironment _environment;
    private readonly HorizonDraws _exploration;
    private readonly TeamDecision _team;
    private readonly HorizonDraws[] _teamDraws;
    private readonly MemoryUse _teamMemoryUse;
    private readonly ulong _seed;
    private readonly double[] _weights;
    private readonly float[] _logits;
    private readonly IActorRef[] _agents;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private PolicySnapshot? _policy;
    private IActorRef _player = ActorRefs.Nobody;
    private EpisodeTrajectory? _trajectory;
    private int _horizon;
    private int _round;
    private int _awaited;
    private int _compared;
    private bool _familiar;
    private int _exchanges;
    private bool _sample;
    private long _sent;
    private long _play;

    public NetworkActor(ScenarioSchedule scenarios, NetworkModel model, ulong seed, TeamExperience? experience, IActorRef? journals)
    {
        _journals = journals;
        _scenarios = scenarios;
        _experience = experience;
        _model = model;
        _seed = seed;
        _environment = new NetworkEnvironment(scenarios.Of(0));
        _exploration = NetworkDraws.Exploration(seed);
        _team = new TeamDecision(model);
        _teamDraws = [.. Enumerable.Range(0, model.Decisions.Deciders).Select(d => NetworkDraws.Choice(seed, model, d))];
        _teamMemoryUse = NetworkDraws.TeamMemoryUse(seed, model);
        _weights = new double[model.LinkCount];
        _logits = new float[model.LinkCount * model.ActionCount];
        _agents = new IActorRef[model.LinkCount];

        Receive<LinkAgentEvents.WeightDecided>(OnWeightDecided, e => e.Round == _round);
        Receive<LinkAgentEvents.LogitsComputed>(OnLogitsComputed, e => e.Round == _round);
        Receive<LinkAgentEvents.StateCompared>(OnStateCompared, e => e.Round == _round);
        Receive<LinkAgentEvents.ActionTaken>(OnActionTaken, e => e.Round == _round);
        Receive<LinkAgentEvents.EpisodeClosed>(OnEpisodeClosed, e => e.Round == _round);
        Receive<LinkAgentEvents.LinkAgentRestarted>(OnLinkAgentRestarted);
        Receive<NetworkCommands.FollowPolicy>(OnFollowPolicy);
        Receive<NetworkCommands.PlayEpisode>(play => OnPlayEpisode(play));
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
            double weight = _environment.Scenario.InitialWeights[link];
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

    private void OnPlayEpisode(NetworkCommands.PlayEpisode play)
    {
        _player = Sender;
        _sent = 0;
        _play = _experience?.NextPlay() ?? 0;
        StartEpisode(play.Episode);
    }

    private void StartEpisode(long episode)
    {
        _trajectory = new EpisodeTrajectory(_model, episode, _policy!.Version);
        _environment.Reset(_scenarios.At(episode));
        _environment.Weights.CopyTo(_weights);
        _horizon = 0;
        RecordState();
        OpenHorizon();
    }

    private void OpenHorizon()
    {
        Await(_agents.Length);
        (_compared, _familiar, _exchanges) = (0, true, 0);
        int episode = (int)_trajectory!.Episode;
        double factor = _experience?.Threshold.Factor ?? 1;
        bool probe = _experience is not null && AdaptiveThreshold.IsProbe(_experience.Options, episode);
        _sample = _exploration.At(episode, _horizon) <= _model.Options.SampleShare;
        ReadOnlySpan<double> utilisation = _environment.Utilisation;
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Tell(new LinkAgentCommands.ObserveLoad(new LinkId(link), _round, episode, _horizon, utilisation[link], _sample, factor, probe, _play));
        }
    }

    private void OnWeightDecided(LinkAgentEvents.WeightDecided decided)
    {
        RecordObservation(decided.Link, decided.Observation);
        _trajectory!.Record(_horizon, decided.Link.Index, new Decision(decided.Action, decided.LogProbability));
        Count(decided.Traffic);
        SetWeight(decided.Link, decided.Weight);
    }

    private void OnLogitsComputed(LinkAgentEvents.LogitsComputed computed)
    {
        RecordObservation(computed.Link, computed.Observation);
        computed.Logits.CopyTo(_logits, computed.Link.Index * _model.ActionCount);
        Count(computed.Traffic);
        if (--_awaited == 0)
        {
            DecideForTeam();
        }
    }

    private void DecideForTeam()
    {
        _awaited = _model.Decisions.Deciders;
        for (int decider = 0; decider < _model.Decisions.Deciders; decider++)
        {
            double draw = _teamDraws[decider].At(_trajectory!.Episode, _horizon);
            Decision decision = _team.Decide(_logits, decider, _sample, draw);
            _trajectory.Record(_horizon, decider, decision);
            (int link, int action) = _model.Decisions.Target(decider, decision.Choice);
            _agents[link].Tell(new LinkAgentCommands.TakeAction(new LinkId(link), _round, action));
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
        bool fromMemory = _familiar && _teamMemoryUse.At(_trajectory!.Episode, _horizon, compared.Iteration);
        (_compared, _familiar) = (0, true);
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Tell(new LinkAgentCommands.SwitchLayer(new LinkId(link), _round, fromMemory));
        }
    }

    private void Count(HorizonTraffic traffic)
    {
        _exchanges = Math.Max(_exchanges, traffic.Exchanges);
        _trajectory!.MessagesSent += traffic.States;
        _trajectory.RequestsSent += traffic.Requests;
        _sent += traffic.States;
    }

    private void OnActionTaken(LinkAgentEvents.ActionTaken taken) => SetWeight(taken.Link, taken.Weight);

    private void SetWeight(LinkId link, double weight)
    {
        _weights[link.Index] = weight;
        if (--_awaited > 0)
        {
            return;
        }
        _environment.Step(_weights);
        _trajectory!.TeamExchanges += _exchanges;
        _trajectory.Exchanges(_horizon) = _exchanges;
        _horizon++;
        RecordState();
        if (_horizon < _model.Options.Horizons)
        {
            OpenHorizon();
            return;
        }
        Await(_agents.Length);
        for (int i = 0; i < _agents.Length; i++)
        {
            _agents[i].Tell(new LinkAgentCommands.CloseEpisode(new LinkId(i), _round, _environment.Utilisation[i]));
        }
    }

    private void OnEpisodeClosed(LinkAgentEvents.EpisodeClosed closed)
    {
        RecordObservation(closed.Link, closed.Observation);
        if (--_awaited == 0)
        {
            EpisodeTrajectory trajectory = _trajectory!;
            _weights.CopyTo(trajectory.FinalWeights, 0);
            _trajectory = null;
            AdaptThreshold(trajectory);
            _player.Tell(new NetworkEvents.EpisodePlayed(trajectory, _sent));
        }
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

    private void RecordObservation(LinkId link, LinkObservation observation)
    {
        Span<float> record = _trajectory!.Observation(_horizon, link.Index);
        (record[0], record[1]) = (observation.Load, observation.Weight);
    }

    private void RecordState()
    {
        _trajectory!.Objective[_horizon] = _environment.Phi;
        _trajectory.Measure[_horizon] = RewardMeasures.Compute(_model.Options.RewardMeasure, _environment.Phi, _environment.UpUtilisation);
    }

    private void OnLinkAgentRestarted(LinkAgentEvents.LinkAgentRestarted restarted)
    {
        int link = restarted.Link.Index;
        Connect(link);
        if (_policy is not null)
        {
            _agents[link].Tell(new LinkAgentCommands.AdoptPolicy(restarted.Link, _policy));
        }
        if (_trajectory is { } interrupted)
        {
            _log.Warning("The agent of {0} was restarted; episode {1} is repeated from its start", _model.Topology.Describe(restarted.Link), interrupted.Episode);
            StartEpisode(interrupted.Episode);
        }
    }

    private void OnTerminated(Terminated terminated)
    {
        int link = Array.IndexOf(_agents, terminated.ActorRef);
        string reason = $"the agent of link {_model.Topology.Describe(new LinkId(link))} crashed more than {MaxRestarts} times in a minute";
        _player.Tell(new NetworkEvents.EpisodeFailed((int)(_trajectory?.Episode ?? -1), reason));
        Context.Stop(Self);
    }
}
