using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// The agent of one directed link. In every horizon it observes its link's load, exchanges hidden states with the agents of
/// the neighbouring links up to K times, and decides what to do with its weight. All arithmetic is <see cref="LayeredAgent"/>'s. Without a memory
/// it goes through the same horizon of several episodes at once, the lanes of a round (<see cref="NetworkLanes"/>).
/// </summary>
/// <remarks>
/// <para>
/// Without a memory it sends every state to its successors unasked. With one it looks each state up: a familiar agent is done at
/// once, an unfamiliar one asks its predecessors for theirs and answers its own successors from what it computed or remembers.
/// Where the team switches together (<see cref="LayerSwitching.Team"/>) it reports what it found and does what the network says.
/// </para>
/// <para>
/// It goes as fast as its neighbours' messages allow and waits for nobody else. After a crash it is a blank agent that says so to its
/// parent, the network, which then repeats the episode from its start. Memories return to what they were then, the crashed agent's too:
/// they belong to the run, and <see cref="AgentExperience.Begin"/> does not trust what a crash may have left half done.
/// </para>
/// </remarks>
public sealed class LinkAgentActor : ReceiveActor
{
    private const int Unknown = -1;

    private readonly NetworkModel _model;
    private readonly LinkId _link;
    private readonly double _initialWeight;
    private readonly AgentExperience? _memory;
    private readonly bool _isAsked;
    private readonly LinkAgentCore _core;
    private readonly LayeredAgent _agent;
    private readonly HorizonDraws _draws;
    private readonly MemoryUse _memoryUse;
    private readonly int[] _slotOfPredecessor;
    private readonly float[] _logits;
    private readonly float[] _observed;
    private readonly List<(IActorRef Asker, LinkAgentCommands.RequestHiddenState Request)> _waiting = [];
    private readonly IActorRef _self;
    private readonly IActorRef _network;
    private readonly IActorRef? _journals;
    private readonly double[][] _decided;
    private readonly ExperienceWatch? _watch;

    private IReadOnlyList<LinkAgentNeighbour> _successors = [];
    private IReadOnlyList<LinkAgentNeighbour> _predecessors = [];
    private PolicySnapshot? _policy;
    private readonly LinkAgentState[] _states;
    private LinkAgentCommands.ObserveLoad? _horizon;
    private LinkObservation[] _observations = [];
    private HiddenStateInbox _inbox;
    private HiddenStateInbox _nextInbox;
    private bool _isExchanging;
    private int _requests;
    private int _episode;
    private double _deltaFactor;
    private long? _playedVersion;

    /// <param name="initialWeight">The weight at the start of every episode.</param>
    /// <param name="experience">Holds this agent's memory; null: agents have none.</param>
    /// <param name="journals">Where its policies and weights are stored; null: nowhere.</param>
    /// <param name="watch">What the journal knows of this agent's memory; null without either.</param>
    public LinkAgentActor(
        NetworkModel model, LinkId link, double initialWeight, ulong seed, TeamExperience? experience, IActorRef? journals, ExperienceWatch? watch)
    {
        _journals = journals;
        int lanes = NetworkLanes.Most(model);
        _states = new LinkAgentState[lanes];
        _observed = new float[2 * lanes];
        _decided = [.. Enumerable.Range(0, lanes).Select(_ => new double[model.Options.Horizons])];
        _watch = watch;
        _initialWeight = initialWeight;
        _model = model;
        _link = link;
        _memory = experience?[link.Index];
        _isAsked = experience?.Options.Switching == LayerSwitching.PerAgent;
        _core = new LinkAgentCore(model, link.Index, lanes);
        _agent = new LayeredAgent(model, _core, _memory, lanes);
        _draws = NetworkDraws.Choice(seed, model, link.Index);
        _memoryUse = NetworkDraws.MemoryUse(seed, model, link.Index);
        _logits = new float[lanes * model.ActionCount];
        _self = Self;
        _network = Context.Parent;
        ReadOnlySpan<int> predecessors = model.Predecessors(link.Index);
        _inbox = new HiddenStateInbox(model.MessageIterations, predecessors.Length, model.HiddenState, lanes);
        _nextInbox = new HiddenStateInbox(model.MessageIterations, predecessors.Length, model.HiddenState, lanes);
        _slotOfPredecessor = new int[model.LinkCount];
        Array.Fill(_slotOfPredecessor, Unknown);
        for (int slot = 0; slot < predecessors.Length; slot++)
        {
            _slotOfPredecessor[predecessors[slot]] = slot;
        }

        Receive<LinkAgentCommands.ReceiveHiddenState>(OnHiddenState);
        Receive<LinkAgentCommands.RequestHiddenState>(OnRequest);
        Receive<LinkAgentCommands.SwitchLayer>(OnSwitchLayer);
        Receive<LinkAgentCommands.ObserveLoad>(OnObserveLoad);
        Receive<LinkAgentCommands.TakeActions>(OnTakeActions);
        Receive<LinkAgentCommands.CloseEpisodes>(OnCloseEpisodes);
        Receive<LinkAgentCommands.AdoptPolicy>(OnAdoptPolicy);
        Receive<LinkAgentCommands.ConnectNeighbours>(connect => (_successors, _predecessors) = (connect.Successors, connect.Predecessors));
    }

    public static Props Props(
        NetworkModel model, LinkId link, double initialWeight, ulong seed, TeamExperience? experience, IActorRef? journals = null, ExperienceWatch? watch = null) =>
        Akka.Actor.Props.Create(() => new LinkAgentActor(model, link, initialWeight, seed, experience, journals, watch));

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        _network.Tell(new LinkAgentEvents.LinkAgentRestarted(_link), _self);
    }

    private void OnObserveLoad(LinkAgentCommands.ObserveLoad observe)
    {
        if (_policy is null)
        {
            // Sent before the network knew of this agent's restart; the episode will be repeated.
            return;
        }
        if (observe.Horizon == 0)
        {
            Array.Fill(_states, LinkAgentCore.Start(_initialWeight));
            (_episode, _deltaFactor) = (observe.Episode, observe.DeltaFactor);
            BeginEpisode(observe.Play);
        }
        else
        {
            NoteWeights(observe.Horizon - 1);
        }
        _horizon = observe;
        _requests = 0;
        OpenInbox(observe.Round);
        _waiting.RemoveAll(waiting => waiting.Request.Round < observe.Round);
        Observe(observe.Utilisation);
        _agent.Open(_policy, _observed.AsSpan(0, 2 * _observations.Length), observe.DeltaFactor);
        Answer();
        BeginExchange(observe);
        Advance();
    }

    private void BeginEpisode(long play)
    {
        bool repeated = _memory?.Begin(play) ?? false;
        if (_watch is not null && (repeated || _playedVersion != _policy!.Version))
        {
            // Only the learner changes memories between episodes; what a repeated one had stored of its own is decided and stored again.
            ExperienceChange recalled = _watch.Take();
            if (!repeated && !recalled.IsEmpty)
            {
                Store(new LinkAgentJournal.MemoryRecalled(recalled));
            }
        }
        _playedVersion = _policy!.Version;
    }

    private void OnHiddenState(LinkAgentCommands.ReceiveHiddenState message)
    {
        HiddenStateInbox inbox = _inbox;
        if (message.Round != _inbox.Round)
        {
            if (message.Round < _inbox.Round || message.Round < _nextInbox.Round)
            {
                return;
            }
            if (message.Round > _nextInbox.Round)
            {
                _nextInbox.Open(message.Round);
            }
            inbox = _nextInbox;
        }
        int slot = _slotOfPredecessor[message.Sender.Index];
        if (slot == Unknown)
        {
            throw new ArgumentException($"{_link} got a hidden state of {message.Sender}, which does not precede it");
        }
        inbox.Put(message.Iteration, slot, message.State);
        if (inbox == _inbox)
        {
            Advance();
        }
    }

    private void OnRequest(LinkAgentCommands.RequestHiddenState request)
    {
        if (request.Round == _inbox.Round && _agent.Known >= request.Iteration)
        {
            Send(Sender, request.Sender, request.Iteration);
        }
        else if (request.Round >= _inbox.Round)
        {
            // It comes when this agent is there, perhaps only in the next horizon.
            _waiting.Add((Sender, request));
        }
    }

    private void OnSwitchLayer(LinkAgentCommands.SwitchLayer command)
    {
        if (command.Round != _inbox.Round || _horizon is not { } horizon)
        {
            return;
        }
        if (command.FromMemory)
        {
            _agent.Answer();
            Decide(horizon);
            return;
        }
        Exchange();
        Advance();
    }

    /// <summary>Makes as many exchanges as have all their states.</summary>
    private void Advance()
    {
        while (_isExchanging && _horizon is { } horizon && _inbox.IsComplete(_agent.Known))
        {
            _isExchanging = false;
            _agent.Exchange(_inbox.States(_agent.Known));
            Answer();
            BeginExchange(horizon);
        }
    }

    /// <summary>Decides if nothing is left to exchange, or remembers the rest; else begins the next exchange.</summary>
    private void BeginExchange(LinkAgentCommands.ObserveLoad horizon)
    {
        if (_agent.IsComplete)
        {
            Decide(horizon);
            return;
        }
        if (_memory is null)
        {
            Exchange();
            return;
        }
        bool familiar = _agent.Recognises() && !horizon.IsProbe;
        if (!_isAsked)
        {
            _network.Tell(new LinkAgentEvents.StateCompared(_link, horizon.Round, _agent.Known, familiar), _self);
        }
        else if (familiar && _memoryUse.At(horizon.Episode, horizon.Horizon, _agent.Known))
        {
            _agent.Answer();
            Answer();
            Decide(horizon);
        }
        else
        {
            Exchange();
        }
    }

    private void Exchange()
    {
        _isExchanging = true;
        if (!_isAsked)
        {
            foreach (LinkAgentNeighbour successor in _successors)
            {
                Send(successor.Agent, successor.Link, _agent.Known);
            }
            return;
        }
        foreach (LinkAgentNeighbour predecessor in _predecessors)
        {
            predecessor.Agent.Tell(new LinkAgentCommands.RequestHiddenState(predecessor.Link, _link, _inbox.Round, _agent.Known), _self);
        }
        _requests += _predecessors.Count;
    }

    /// <summary>Answers those who wait for a state that is known now.</summary>
    private void Answer()
    {
        for (int i = 0; i < _waiting.Count; i++)
        {
            (IActorRef asker, LinkAgentCommands.RequestHiddenState request) = _waiting[i];
            if (request.Round == _inbox.Round && request.Iteration <= _agent.Known)
            {
                Send(asker, request.Sender, request.Iteration);
            }
        }
        _waiting.RemoveAll(waiting => waiting.Request.Round == _inbox.Round && waiting.Request.Iteration <= _agent.Known);
    }

    private void Decide(LinkAgentCommands.ObserveLoad horizon)
    {
        _horizon = null;
        int lanes = _observations.Length, actions = _model.ActionCount;
        Span<float> logits = _logits.AsSpan(0, lanes * actions);
        _agent.Logits(logits);
        HorizonTraffic traffic = new(_agent.Exchanges, _inbox.Count, _requests);
        if (!_model.Decisions.IsLocal)
        {
            if (_model.Decisions.Deciders == 1)
            {
                _agent.Remember(AgentExperience.NoAction);
            }
            _network.Tell(new LinkAgentEvents.LogitsComputed(_link, horizon.Round, _observations, logits.ToArray(), traffic), _self);
            return;
        }
        Decision[] decisions = new Decision[lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            double draw = _draws.At(horizon.Episode + lane, horizon.Horizon);
            decisions[lane] = _core.Decide(logits.Slice(lane * actions, actions), horizon.Sample[lane], draw);
            _states[lane] = _core.Apply(_states[lane], decisions[lane].Choice);
        }
        _agent.Remember(decisions[0].Choice);
        _network.Tell(new LinkAgentEvents.WeightsDecided(_link, horizon.Round, _observations, decisions, Weights(), traffic), _self);
    }

    private void OnTakeActions(LinkAgentCommands.TakeActions take)
    {
        if (take.Round != _inbox.Round)
        {
            return;
        }
        for (int lane = 0; lane < take.Actions.Length; lane++)
        {
            if (take.Actions[lane] is var action and not LinkAgentCommands.TakeActions.NoAction)
            {
                _states[lane] = _core.Apply(_states[lane], action);
                if (_model.Decisions.Deciders > 1)
                {
                    _agent.Remember(action);
                }
            }
        }
        _network.Tell(new LinkAgentEvents.ActionsTaken(_link, take.Round, Weights()), _self);
    }

    private void OnAdoptPolicy(LinkAgentCommands.AdoptPolicy adopt)
    {
        _policy = adopt.Policy;
        Store(new LinkAgentJournal.PolicyAdopted(adopt.Policy.Version));
    }

    private void Store(IJournalEvent happened) => _journals?.Tell(happened, _self);

    private void OnCloseEpisodes(LinkAgentCommands.CloseEpisodes close)
    {
        OpenInbox(close.Round);
        Observe(close.Utilisation);
        NoteWeights(_model.Options.Horizons - 1);
        for (int lane = 0; lane < _observations.Length; lane++)
        {
            Store(new LinkAgentJournal.WeightsDecided(_episode + lane, _policy!.Version, [.. _decided[lane]]));
        }
        if (_watch is not null)
        {
            Store(new LinkAgentJournal.MemoryChanged(_episode, _deltaFactor, _watch.Take()));
        }
        _network.Tell(new LinkAgentEvents.EpisodesClosed(_link, close.Round, _observations), _self);
    }

    /// <summary>The weight that each lane had after a horizon, for the journal.</summary>
    private void NoteWeights(int horizon)
    {
        for (int lane = 0; lane < _observations.Length; lane++)
        {
            _decided[lane][horizon] = _states[lane].Weight;
        }
    }

    private double[] Weights()
    {
        double[] weights = new double[_observations.Length];
        for (int lane = 0; lane < weights.Length; lane++)
        {
            weights[lane] = _states[lane].Weight;
        }
        return weights;
    }

    private void Observe(double[] utilisation)
    {
        _observations = new LinkObservation[utilisation.Length];
        for (int lane = 0; lane < utilisation.Length; lane++)
        {
            Span<float> observed = _observed.AsSpan(2 * lane, 2);
            _states[lane] = _core.Observe(_states[lane], utilisation[lane], observed);
            _observations[lane] = new LinkObservation(observed[0], observed[1]);
        }
    }

    private void OpenInbox(int round)
    {
        _isExchanging = false;
        if (_nextInbox.Round == round)
        {
            (_inbox, _nextInbox) = (_nextInbox, _inbox);
        }
        else
        {
            _inbox.Open(round);
        }
    }

    private void Send(IActorRef agent, LinkId link, int iteration) =>
        agent.Tell(new LinkAgentCommands.ReceiveHiddenState(link, _link, _inbox.Round, iteration, _agent.Share(iteration)), _self);
}
