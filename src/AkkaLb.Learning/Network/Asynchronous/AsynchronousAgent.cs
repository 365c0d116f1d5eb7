using System.Runtime.InteropServices;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Asynchronous;

/// <summary>
/// A link agent without a global step. It opens a horizon when its link's utilisation has changed enough, asks the agents whose links lead
/// to its own for their hidden states, one iteration after the other, decides, and sets its weight. With a memory it decides at once as
/// soon as it recognises its state. It answers requests from the states of its own last horizon, computed or remembered, at once if it has
/// reached that iteration and as soon as it does otherwise: nobody computes for others. Waiting cannot go round in a circle, because a
/// state of iteration l depends on states of iteration l − 1 only. Or agents send their states by themselves
/// (<see cref="AsynchronousOptions.Patience"/>), which takes half the messages and half the time.
/// </summary>
/// <remarks>A state machine: what it does depends on what it was told and when, on nothing else. One thread at a time.</remarks>
public sealed class AsynchronousAgent
{
    private const int Unknown = -1;

    private readonly NetworkModel _model;
    private readonly AsynchronousOptions _options;
    private readonly IAsynchronousOutbox _outbox;
    private readonly LinkAgentCore _core;
    private readonly LayeredAgent _layers;
    private readonly MemoryUse _memoryUse;
    private readonly HorizonDraws _exploration, _draws;
    private readonly int[] _predecessors, _slotOfPredecessor;
    private readonly float[] _logits;
    private readonly PredecessorStates _states;
    private readonly List<(int Successor, int Horizon, int Iteration)> _waiting = [];

    private LinkAgentState _state;
    private double _scale = 1, _weightInForce = double.NaN, _leastWeight = 1;
    private double _utilisation, _observed = double.NaN;
    private bool _isNew, _isOpen, _wakes;
    private int _change, _knownChange, _used, _left, _horizon, _sent;
    private long _notBefore = long.MinValue, _patientUntil;

    /// <summary>An agent that has seen nothing, with a blank memory where the model has memories.</summary>
    public AsynchronousAgent(NetworkModel model, int link, ulong seed, AsynchronousOptions options, IAsynchronousOutbox outbox)
    {
        if (!model.Decisions.IsLocal)
        {
            throw new ArgumentException("expected a model whose agents decide alone", nameof(model));
        }

        (_model, _options, _outbox) = (model, options, outbox);
        _core = new LinkAgentCore(model, link);
        Memory = BlankMemory(model, link, seed, options.DeltaFactor);
        _layers = new LayeredAgent(model, _core, Memory);
        _memoryUse = NetworkDraws.MemoryUse(seed, model, link);
        _exploration = NetworkDraws.Exploration(seed);
        _draws = NetworkDraws.Choice(seed, model, link);
        _predecessors = model.Predecessors(link).ToArray();
        _slotOfPredecessor = new int[model.LinkCount];
        Array.Fill(_slotOfPredecessor, Unknown);
        for (int slot = 0; slot < _predecessors.Length; slot++)
        {
            _slotOfPredecessor[_predecessors[slot]] = slot;
        }

        _states = new PredecessorStates(_predecessors.Length, model.HiddenState, Pushes ? model.MessageIterations : 0);
        _logits = new float[model.ActionCount];
    }

    /// <summary>The policy that is followed; set before anything else.</summary>
    public PolicySnapshot? Policy { get; set; }

    /// <summary>This agent's own; null: none.</summary>
    public AgentExperience? Memory { get; }

    private bool Pushes => _options.Patience is not null;

    /// <summary>The episode whose draws are used.</summary>
    private long Episode => _options.FirstEpisode + _change;

    private bool IsLaterRound => _change % _options.Rounds > 0;

    /// <summary>The network publishes the link's load.</summary>
    /// <param name="change">The last outside change that altered this load by itself, times the rounds, plus the round; 0: none.</param>
    /// <param name="weight">The link's weight in force.</param>
    /// <param name="leastWeight">The least weight in force of the links that leave the same node.</param>
    public void Publish(long now, double utilisation, int change, double weight, double leastWeight)
    {
        _leastWeight = leastWeight;
        if (double.IsNaN(_weightInForce))
        {
            Restart(weight, firstOfRun: true);
        }
        else if (weight != _weightInForce)
        {
            // The node's weights were divided by a common power of two, or the network went back, or kept the weight as it was.
            _scale *= weight / _weightInForce;
        }

        _weightInForce = weight;
        _utilisation = utilisation;
        _isNew = true;
        _knownChange = Math.Max(_knownChange, change);
        TryOpen(now);
    }

    /// <summary>A successor asks for a hidden state.</summary>
    public void Request(long now, int successor, int horizon, int iteration, int change)
    {
        Learn(now, change);
        if (_layers.Known >= iteration)
        {
            _outbox.SendState(successor, horizon, iteration, _knownChange, _layers.Share(iteration));
        }
        else
        {
            _waiting.Add((successor, horizon, iteration));
        }
    }

    /// <summary>A predecessor's state. An answer that is not of the present exchange is ignored.</summary>
    public void Receive(long now, int predecessor, int horizon, int iteration, int change, ReadOnlySpan<float> state)
    {
        Learn(now, change);
        int slot = _slotOfPredecessor[predecessor];
        if (slot == Unknown || state.Length != _model.HiddenState)
        {
            throw new ArgumentException($"link {_core.Link} got a hidden state of {state.Length} values of link {predecessor}");
        }

        bool isOfThisExchange = _isOpen && iteration == _layers.Known;
        if (Pushes)
        {
            _states.Keep(slot, iteration, state);
            if (isOfThisExchange)
            {
                _states.TakeNew(iteration);
            }
        }
        else if (isOfThisExchange && horizon == _horizon)
        {
            _states.Receive(slot, state);
        }

        Advance(now);
    }

    /// <summary>The time that was asked for by <see cref="IAsynchronousOutbox.WakeAt"/>.</summary>
    public void Wake(long now)
    {
        if (now >= _notBefore)
        {
            _wakes = false;
        }

        if (Pushes && _isOpen && now >= _patientUntil)
        {
            _states.TakeLast(_layers.Known);
            Advance(now);
        }

        TryOpen(now);
    }

    /// <summary>Writes all that it is but for its memory, for <see cref="Read"/>.</summary>
    public void Write(BinaryWriter writer)
    {
        ObservationNormaliser normaliser = _state.Normaliser;
        writer.Write(normaliser.Count);
        writer.Write(normaliser.LoadMean);
        writer.Write(normaliser.LoadSpread);
        writer.Write(normaliser.WeightMean);
        writer.Write(normaliser.WeightSpread);
        writer.Write(_state.Weight);
        writer.Write(_scale);
        writer.Write(_weightInForce);
        writer.Write(_leastWeight);
        writer.Write(_utilisation);
        writer.Write(_observed);
        writer.Write(_isNew);
        writer.Write(_isOpen);
        writer.Write(_wakes);
        writer.Write(_change);
        writer.Write(_knownChange);
        writer.Write(_used);
        writer.Write(_left);
        writer.Write(_horizon);
        writer.Write(_states.Missing);
        writer.Write(_notBefore);
        writer.Write(_waiting.Count);
        foreach ((int successor, int horizon, int iteration) in _waiting)
        {
            writer.Write(successor);
            writer.Write(horizon);
            writer.Write(iteration);
        }

        if (Pushes)
        {
            writer.Write(_sent);
            writer.Write(_patientUntil);
        }

        _states.Write(writer, _isOpen);
        _layers.Write(writer);
    }

    /// <summary>Becomes what an agent of the same link, model, policy and options wrote, but for its memory.</summary>
    public void Read(BinaryReader reader)
    {
        ObservationNormaliser normaliser = new(
            reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        _state = new LinkAgentState(normaliser, reader.ReadDouble());
        _scale = reader.ReadDouble();
        _weightInForce = reader.ReadDouble();
        _leastWeight = reader.ReadDouble();
        _utilisation = reader.ReadDouble();
        _observed = reader.ReadDouble();
        (_isNew, _isOpen, _wakes) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_change, _knownChange) = (reader.ReadInt32(), reader.ReadInt32());
        (_used, _left) = (reader.ReadInt32(), reader.ReadInt32());
        (_horizon, int missing) = (reader.ReadInt32(), reader.ReadInt32());
        _notBefore = reader.ReadInt64();
        _waiting.Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            _waiting.Add((reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()));
        }

        if (Pushes)
        {
            _sent = reader.ReadInt32();
            _patientUntil = reader.ReadInt64();
        }

        _states.Read(reader, _isOpen, missing);
        _layers.Read(reader, Policy!);
    }

    /// <summary>Δ is scaled for good: a memory does not save what it is multiplied by in a horizon that is under way.</summary>
    private static AgentExperience? BlankMemory(NetworkModel model, int link, ulong seed, double factor) =>
        model.Options.Memory is not { } options ? null
            : new AgentExperience(
                options with { Deltas = [.. options.Deltas.Select(delta => delta * factor)] },
                model.MessageIterations, model.HiddenState, link, seed);

    private void Learn(long now, int change)
    {
        if (change > _knownChange)
        {
            _knownChange = change;
            TryOpen(now);
        }
    }

    private void TryOpen(long now)
    {
        if (_isOpen || !_isNew)
        {
            return;
        }

        // The first load differs from none, and another round begins whatever the load is.
        bool beginsRound = _knownChange > _change && _knownChange % _options.Rounds > 0;
        bool changed = beginsRound || !(Math.Abs(_utilisation - _observed) < _options.Threshold);
        if (!changed && _left == 0)
        {
            return;
        }

        if (_knownChange > _change)
        {
            Restart(_weightInForce, firstOfRun: false);
        }

        if (_used >= (IsLaterRound ? _options.LaterBudget : _options.Budget))
        {
            _left = 0;
            return;
        }

        if (now < _notBefore)
        {
            if (!_wakes)
            {
                _wakes = true;
                _outbox.WakeAt(_notBefore);
            }

            return;
        }

        _left = changed ? _options.Burst - 1 : _left - 1;
        Open(now);
    }

    /// <summary>
    /// As at the start of an episode, but for the weight, which stays in force: only what the policy sees of it is put into range.
    /// </summary>
    private void Restart(double weight, bool firstOfRun)
    {
        double one = _options.OwnWeightIsOne ? weight : _leastWeight;
        _scale = firstOfRun || !(one > 0) ? 1 : one;
        _state = LinkAgentCore.Start(weight / _scale);
        _change = _knownChange;
        _used = 0;
        _states.Age();
    }

    private void Open(long now)
    {
        _isOpen = true;
        _isNew = false;
        _observed = _utilisation;
        _horizon++;
        _sent = 0;
        Span<float> observation = stackalloc float[2];
        _state = _core.Observe(_state, _utilisation, observation);
        _layers.Open(Policy!, observation);
        Continue(now);
        Advance(now);
    }

    private void Advance(long now)
    {
        while (_isOpen && _states.Missing == 0)
        {
            _layers.Exchange(_states.All);
            Continue(now);
        }
    }

    /// <summary>Passes on what is known now; then decides, remembers the rest, or asks or waits for the next states.</summary>
    private void Continue(long now)
    {
        if (!_layers.IsComplete && _layers.Recognises() && _memoryUse.At(Episode, _used, _layers.Known))
        {
            _layers.Answer();
        }

        PassOn();
        if (_layers.IsComplete)
        {
            Decide(now);
            return;
        }

        _states.Begin(_layers.Known);
        if (!Pushes)
        {
            foreach (int predecessor in _predecessors)
            {
                _outbox.Request(predecessor, _horizon, _layers.Known, _knownChange);
            }
        }
        else if (_states.Missing > 0)
        {
            _patientUntil = now + _options.Patience!.Value;
            _outbox.WakeAt(_patientUntil);
        }
    }

    private void PassOn()
    {
        if (Pushes)
        {
            Push();
        }
        else
        {
            AnswerWaiting();
        }
    }

    private void AnswerWaiting()
    {
        int known = _layers.Known;
        foreach ((int successor, int horizon, int wanted) in _waiting)
        {
            if (wanted <= known)
            {
                _outbox.SendState(successor, horizon, wanted, _knownChange, _layers.Share(wanted));
            }
        }

        _waiting.RemoveAll(waiting => waiting.Iteration <= known);
    }

    /// <summary>Sends the states that are known by now; nobody needs the last one.</summary>
    private void Push()
    {
        for (; _sent <= _layers.Known && _sent < _model.MessageIterations; _sent++)
        {
            foreach (int successor in _model.Topology.Successors(new LinkId(_core.Link)))
            {
                _outbox.SendState(successor, _horizon, _sent, _knownChange, _layers.Share(_sent));
            }
        }
    }

    private void Decide(long now)
    {
        _layers.Logits(_logits);
        bool sample = IsLaterRound || _exploration.At(Episode, _used) <= _options.SampleShare;
        if (IsLaterRound)
        {
            for (int action = 0; action < _logits.Length; action++)
            {
                _logits[action] = (float)(_logits[action] / _options.LaterTemperature);
            }
        }

        Decision decision = _core.Decide(_logits, sample, _draws.At(Episode, _used));
        _layers.Remember(decision.Choice);
        LinkAgentState next = _core.Apply(_state, decision.Choice, _used);
        double weight = next.Weight * _scale;
        if (next.Weight != _state.Weight && double.IsFinite(weight) && !(weight > _options.LargestRatio * Math.Max(_leastWeight, 0)))
        {
            _state = next;
            _weightInForce = weight;
        }

        _used++;
        _isOpen = false;
        _notBefore = now + _options.Cooldown;
        _outbox.Decide(_horizon, decision, _weightInForce);
        TryOpen(now);
    }
}
