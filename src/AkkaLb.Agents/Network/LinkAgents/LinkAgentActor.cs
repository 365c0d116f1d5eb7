using Akka.Actor;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// The agent of one directed link. In every horizon it observes its link's load, exchanges hidden states with the agents of
/// the neighbouring links K times, and decides what to do with its weight. All arithmetic is <see cref="LinkAgentCore"/>'s.
/// </summary>
/// <remarks>
/// It goes as fast as its neighbours' messages allow and waits for nobody else. After a crash it is a blank agent that says
/// so to its parent, the network, which then repeats the episode from its start.
/// </remarks>
public sealed class LinkAgentActor : ReceiveActor
{
    private const int Unknown = -1;

    private readonly NetworkModel _model;
    private readonly LinkId _link;
    private readonly double _initialWeight;
    private readonly LinkAgentCore _core;
    private readonly HorizonDraws _draws;
    private readonly int[] _slotOfPredecessor;
    private readonly float[] _logits;
    private readonly IActorRef _self;
    private readonly IActorRef _network;

    private IReadOnlyList<LinkAgentNeighbour> _successors = [];
    private PolicySnapshot? _policy;
    private LinkAgentState _state;
    private LinkAgentCommands.ObserveLoad? _horizon;
    private LinkObservation _observation;
    private HiddenStateInbox _inbox;
    private HiddenStateInbox _nextInbox;
    private float[] _hidden = [];
    private int _iteration;

    /// <param name="initialWeight">The weight at the start of every episode.</param>
    public LinkAgentActor(NetworkModel model, LinkId link, double initialWeight, ulong seed)
    {
        _initialWeight = initialWeight;
        _model = model;
        _link = link;
        _core = new LinkAgentCore(model, link.Index);
        _draws = NetworkDraws.Choice(seed, model, link.Index);
        _logits = new float[model.ActionCount];
        _self = Self;
        _network = Context.Parent;
        ReadOnlySpan<int> predecessors = model.Predecessors(link.Index);
        _inbox = new HiddenStateInbox(model.MessageIterations, predecessors.Length, model.HiddenState);
        _nextInbox = new HiddenStateInbox(model.MessageIterations, predecessors.Length, model.HiddenState);
        _slotOfPredecessor = new int[model.LinkCount];
        Array.Fill(_slotOfPredecessor, Unknown);
        for (int slot = 0; slot < predecessors.Length; slot++)
        {
            _slotOfPredecessor[predecessors[slot]] = slot;
        }

        Receive<LinkAgentCommands.ReceiveHiddenState>(OnHiddenState);
        Receive<LinkAgentCommands.ObserveLoad>(OnObserveLoad);
        Receive<LinkAgentCommands.TakeAction>(OnTakeAction);
        Receive<LinkAgentCommands.CloseEpisode>(OnCloseEpisode);
        Receive<LinkAgentCommands.AdoptPolicy>(adopt => _policy = adopt.Policy);
        Receive<LinkAgentCommands.ConnectSuccessors>(connect => _successors = connect.Successors);
    }

    public static Props Props(NetworkModel model, LinkId link, double initialWeight, ulong seed) =>
        Akka.Actor.Props.Create(() => new LinkAgentActor(model, link, initialWeight, seed));

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
            _state = LinkAgentCore.Start(_initialWeight);
        }
        _horizon = observe;
        OpenInbox(observe.Round);
        Observe(observe.Utilisation);
        _hidden = new float[_model.HiddenState];
        _core.Encode([_observation.Load, _observation.Weight], _hidden);
        _iteration = 0;
        SendHiddenState();
        Advance(_horizon, _policy);
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
        if (inbox == _inbox && _horizon is { } horizon)
        {
            Advance(horizon, _policy!);
        }
    }

    /// <summary>Computes as many iterations as have all their states, then decides.</summary>
    private void Advance(LinkAgentCommands.ObserveLoad horizon, PolicySnapshot policy)
    {
        while (_iteration < _model.MessageIterations)
        {
            if (!_inbox.IsComplete(_iteration))
            {
                return;
            }
            // A new array each time: the last one is on its way to the neighbours.
            float[] next = new float[_model.HiddenState];
            _core.Iterate(policy, _hidden, _inbox.States(_iteration), next);
            _hidden = next;
            _iteration++;
            if (_iteration < _model.MessageIterations)
            {
                SendHiddenState();
            }
        }
        _horizon = null;
        _core.Logits(policy, _hidden, _logits);
        int sent = _successors.Count * _model.MessageIterations;
        if (_model.Decisions.IsLocal)
        {
            Decision decision = _core.Decide(_logits, horizon.Sample, _draws.At(horizon.Episode, horizon.Horizon));
            _state = _core.Apply(_state, decision.Choice);
            _network.Tell(
                new LinkAgentEvents.WeightDecided(_link, horizon.Round, _observation, decision.Choice, decision.LogProbability, _state.Weight, sent), _self);
        }
        else
        {
            _network.Tell(new LinkAgentEvents.LogitsComputed(_link, horizon.Round, _observation, [.. _logits], sent), _self);
        }
    }

    private void OnTakeAction(LinkAgentCommands.TakeAction take)
    {
        if (take.Round == _inbox.Round)
        {
            _state = _core.Apply(_state, take.Action);
            _network.Tell(new LinkAgentEvents.ActionTaken(_link, take.Round, _state.Weight), _self);
        }
    }

    private void OnCloseEpisode(LinkAgentCommands.CloseEpisode close)
    {
        OpenInbox(close.Round);
        Observe(close.Utilisation);
        _network.Tell(new LinkAgentEvents.EpisodeClosed(_link, close.Round, _observation), _self);
    }

    private void Observe(double utilisation)
    {
        Span<float> observation = stackalloc float[2];
        _state = _core.Observe(_state, utilisation, observation);
        _observation = new LinkObservation(observation[0], observation[1]);
    }

    private void OpenInbox(int round)
    {
        if (_nextInbox.Round == round)
        {
            (_inbox, _nextInbox) = (_nextInbox, _inbox);
        }
        else
        {
            _inbox.Open(round);
        }
    }

    private void SendHiddenState()
    {
        foreach (LinkAgentNeighbour successor in _successors)
        {
            successor.Agent.Tell(
                new LinkAgentCommands.ReceiveHiddenState(successor.Link, _link, _inbox.Round, _iteration, _hidden), _self);
        }
    }
}
