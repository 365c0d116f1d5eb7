using System.Runtime.InteropServices;
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
/// the neighbouring links up to K times, and decides what to do with its weight. All arithmetic is <see cref="LayeredAgent"/>'s. Without a
/// memory it goes through the same horizon of several episodes at once, the lanes of a round (<see cref="NetworkLanes"/>).
/// </summary>
/// <remarks>
/// <para>
/// Without a memory it sends every state to its successors unasked. With one it looks each state up: a familiar agent is done at
/// once, an unfamiliar one asks its predecessors for theirs and answers its own successors from what it computed or remembers.
/// Where the team switches together (<see cref="LayerSwitching.Team"/>) it reports what it found and does what the network says.
/// </para>
/// <para>
/// It goes as fast as its neighbours' messages allow and waits for nobody else. What it decided and remembered in a block of episodes,
/// those between two policies, are its events, one for each episode; they are stored when the block ends. After a crash it recovers from
/// them, at the start of the block, and says so to the network, which then has the block played again: draws are addressed, so all is
/// decided as before.
/// </para>
/// </remarks>
public sealed class LinkAgentActor : JournalledActor
{
    private readonly NetworkModel _model;
    private readonly LinkId _link;
    private readonly double _initialWeight;
    private readonly LinkAgentMemory? _memory;
    private readonly bool _isAsked;
    private readonly LinkAgentCore _core;
    private readonly LayeredAgent _agent;
    private readonly HorizonDraws _draws;
    private readonly MemoryUse _memoryUse;
    private readonly HiddenStateExchange _exchange;
    private readonly float[] _logits;
    private readonly float[] _observed;
    private readonly IActorRef _self;
    private readonly ILinkAgentAddresses _addresses;
    private readonly double[][] _decided;

    private PolicySnapshot? _policy;
    private readonly LinkAgentState[] _states;
    private LinkAgentCommands.ObserveLoad? _horizon;
    private int _lastHorizon;
    private LinkObservation[] _observations = [];
    private int _episode;
    private double _deltaFactor;

    // Updates whose policies were adopted; episodes that a snapshot knows of.
    private long _updates, _snapshotAt;

    /// <param name="initialWeight">The weight at the start of every episode.</param>
    /// <param name="journal">Null: nothing is stored.</param>
    public LinkAgentActor(
        NetworkModel model, LinkId link, double initialWeight, ulong seed, ILinkAgentAddresses addresses, AgentJournal? journal)
        : base(journal, LinkAgentJournal.Agent(link))
    {
        int lanes = NetworkLanes.Most(model);
        _states = new LinkAgentState[lanes];
        _observed = new float[2 * lanes];
        _decided = [.. Enumerable.Range(0, lanes).Select(_ => new double[model.Options.Horizons])];
        _initialWeight = initialWeight;
        _model = model;
        _link = link;
        _memory = model.Options.Memory is { } memory
            ? new LinkAgentMemory(new AgentExperience(memory, model.MessageIterations, model.HiddenState, link.Index, seed))
            : null;
        _isAsked = model.Options.Memory?.Switching == LayerSwitching.PerAgent;
        _core = new LinkAgentCore(model, link.Index, lanes);
        _agent = new LayeredAgent(model, _core, _memory?.Experience, lanes);
        _draws = NetworkDraws.Choice(seed, model, link.Index);
        _memoryUse = NetworkDraws.MemoryUse(seed, model, link.Index);
        _logits = new float[lanes * model.ActionCount];
        _self = Self;
        _addresses = addresses;
        _exchange = new HiddenStateExchange(model, link, _agent, _isAsked, addresses, _self, lanes);

        Command<LinkAgentCommands.ReceiveHiddenState>(message =>
        {
            if (_exchange.Receive(message))
            {
                Advance();
            }
        });
        Command<LinkAgentCommands.RequestHiddenState>(_exchange.Request);
        Command<LinkAgentCommands.SwitchLayer>(OnSwitchLayer);
        Command<LinkAgentCommands.ObserveLoad>(OnObserveLoad);
        Command<LinkAgentCommands.TakeActions>(OnTakeActions);
        Command<LinkAgentCommands.CloseEpisodes>(OnCloseEpisodes);
        Command<LinkAgentCommands.StoreEpisodes>(store =>
        {
            byte[]? memory = _memory?.Experience.Save();
            WhenStored(() => Report(new LinkAgentEvents.EpisodesStored(_link, store.Round, memory)));
        });
        Command<LinkAgentCommands.AdoptPolicy>(OnAdoptPolicy);
        // One that has just crashed has adopted nothing yet.
        Command<LinkAgentCommands.KeepSnapshot>(_ => KeepSnapshot(), _ => _policy is not null);
    }

    public static Props Props(
        NetworkModel model, LinkId link, double initialWeight, ulong seed, ILinkAgentAddresses addresses, AgentJournal? journal = null) =>
        Akka.Actor.Props.Create(() => new LinkAgentActor(model, link, initialWeight, seed, addresses, journal));

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Report(new LinkAgentEvents.LinkAgentRestarted(_link));
    }

    protected override void OnReplaySuccess() => _addresses.Recovered(_link, _self);

    protected override void Apply(IJournalEvent stored)
    {
        switch (stored)
        {
            case LinkAgentJournal.PolicyAdopted adopted:
                _updates = adopted.Step;
                break;
            case LinkAgentJournal.WeightsDecided { Memory: { } memory }:
                _memory?.Experience.Apply(memory.Changes.AsMemory());
                break;
            case LinkAgentJournal.MemoryTrained trained:
                _memory?.Experience.Apply(trained.Changes.AsMemory());
                _updates = trained.Step + 1;
                break;
            case LinkAgentJournal.MemoryChanged or LinkAgentJournal.MemoryRecalled:
                throw new InvalidDataException("an earlier version stored it, without all that the agent remembered: start the run anew");
            default:
                break;
        }
    }

    protected override byte[] SaveState() => [.. BitConverter.GetBytes(Episodes(_policy!.Version)), .. _memory?.AtBlock ?? []];

    protected override void RestoreState(ReadOnlySpan<byte> state)
    {
        _snapshotAt = BitConverter.ToInt64(state);
        // What led to the policy of then is in the memory already.
        _updates = _snapshotAt / _model.Options.EpisodesPerUpdate;
        _memory?.Experience.Restore(state[sizeof(long)..]);
    }

    private void OnAdoptPolicy(LinkAgentCommands.AdoptPolicy adopt)
    {
        long version = adopt.Version;
        _exchange.Open(adopt.Round);
        _horizon = null;
        if (_policy?.Version == version)
        {
            _memory?.ReturnToBlock();
            Report(new LinkAgentEvents.PolicyAdopted(_link, adopt.Round));
            return;
        }
        bool isNew = _policy is null;
        try
        {
            if (isNew)
            {
                Recover(version, adopt.Memory);
            }
            else
            {
                PassBarrier();
            }
            if (_memory is not null && adopt.Recalled is { } recalled && _updates < version)
            {
                _memory.Experience.Apply(recalled);
                Store(new LinkAgentJournal.MemoryTrained(version - 1, [.. recalled]));
            }
            _memory?.BeginBlock();
            if (isNew && adopt.Memory is { } expected && !_memory!.AtBlock.AsSpan().SequenceEqual(expected))
            {
                throw new InvalidDataException(
                    $"what it remembers before episode {Episodes(version)} is not what the run's checkpoint holds");
            }
        }
        catch (InvalidDataException e)
        {
            Fail(e.Message);
            return;
        }
        (_policy, _updates) = (_addresses.Policy(version), version);
        Store(new LinkAgentJournal.PolicyAdopted(version));
        Report(new LinkAgentEvents.PolicyAdopted(_link, adopt.Round));
    }

    /// <summary>Brings a new agent to the start of the block of episodes that a policy is to play.</summary>
    /// <exception cref="InvalidDataException">Its journal does not lead there.</exception>
    private void Recover(long version, byte[]? memory)
    {
        long barrier = Episodes(version);
        if (_snapshotAt > barrier)
        {
            throw new InvalidDataException($"its snapshot is of episode {_snapshotAt}, and the run goes on from episode {barrier}");
        }
        GoOn(stored => stored switch
        {
            LinkAgentJournal.WeightsDecided decided => decided.Step < barrier,
            LinkAgentJournal.PolicyAdopted adopted => adopted.Step < version,
            LinkAgentJournal.MemoryTrained trained => trained.Step < version,
            _ => true,
        });
        if (!HasJournal && memory is not null)
        {
            _memory!.Experience.Restore(memory);
            _updates = version;
        }
    }

    /// <summary>Those that come before a policy.</summary>
    private long Episodes(long version) => version * _model.Options.EpisodesPerUpdate;

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
        }
        else
        {
            NoteWeights(observe.Horizon - 1);
        }
        (_horizon, _lastHorizon) = (observe, observe.Horizon);
        _exchange.Open(observe.Round);
        Observe(observe.Utilisation);
        _agent.Open(_policy, _observed.AsSpan(0, 2 * _observations.Length), observe.DeltaFactor);
        _exchange.Answer();
        BeginExchange(observe);
        Advance();
    }

    private void OnSwitchLayer(LinkAgentCommands.SwitchLayer command)
    {
        if (command.Round != _exchange.Round || _horizon is not { } horizon)
        {
            return;
        }
        if (command.FromMemory)
        {
            _agent.Answer();
            Decide(horizon);
            return;
        }
        _exchange.Begin();
        Advance();
    }

    /// <summary>Makes as many exchanges as have all their states.</summary>
    private void Advance()
    {
        while (_horizon is { } horizon && _exchange.TryEnd())
        {
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
            _exchange.Begin();
            return;
        }
        bool familiar = _agent.Recognises() && !horizon.IsProbe;
        if (!_isAsked)
        {
            Report(new LinkAgentEvents.StateCompared(_link, horizon.Round, _agent.Known, familiar));
        }
        else if (familiar && _memoryUse.At(horizon.Episode, horizon.Horizon, _agent.Known))
        {
            _agent.Answer();
            _exchange.Answer();
            Decide(horizon);
        }
        else
        {
            _exchange.Begin();
        }
    }

    private void Decide(LinkAgentCommands.ObserveLoad horizon)
    {
        _horizon = null;
        int lanes = _observations.Length, actions = _model.ActionCount;
        Span<float> logits = _logits.AsSpan(0, lanes * actions);
        _agent.Logits(logits);
        HorizonTraffic traffic = new(_agent.Exchanges, _exchange.Heard, _exchange.Requests);
        if (!_model.Decisions.IsLocal)
        {
            if (_model.Decisions.Deciders == 1)
            {
                _agent.Remember(AgentExperience.NoAction);
            }
            Report(new LinkAgentEvents.LogitsComputed(_link, horizon.Round, _observations, logits.ToArray(), traffic));
            return;
        }
        Decision[] decisions = new Decision[lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            double draw = _draws.At(horizon.Episode + lane, horizon.Horizon);
            decisions[lane] = _core.Decide(logits.Slice(lane * actions, actions), horizon.Sample[lane], draw);
            _states[lane] = _core.Apply(_states[lane], decisions[lane].Choice, horizon.Horizon);
        }
        _agent.Remember(decisions[0].Choice);
        Report(new LinkAgentEvents.WeightsDecided(_link, horizon.Round, _observations, decisions, Weights(), traffic));
    }

    private void OnTakeActions(LinkAgentCommands.TakeActions take)
    {
        if (take.Round != _exchange.Round)
        {
            return;
        }
        for (int lane = 0; lane < take.Actions.Length; lane++)
        {
            if (take.Actions[lane] is var action and not LinkAgentCommands.TakeActions.NoAction)
            {
                _states[lane] = _core.Apply(_states[lane], action, _lastHorizon);
                if (_model.Decisions.Deciders > 1)
                {
                    _agent.Remember(action);
                }
            }
        }
        Report(new LinkAgentEvents.ActionsTaken(_link, take.Round, Weights()));
    }

    private void OnCloseEpisodes(LinkAgentCommands.CloseEpisodes close)
    {
        if (_policy is null)
        {
            return;
        }
        _exchange.Open(close.Round);
        Observe(close.Utilisation);
        NoteWeights(_model.Options.Horizons - 1);
        if (HasJournal)
        {
            LinkAgentJournal.EpisodeMemory? memory = _memory is null
                ? null
                : new(_deltaFactor, ImmutableCollectionsMarshal.AsImmutableArray(_memory.TakeChanges()));
            for (int lane = 0; lane < _observations.Length; lane++)
            {
                Store(new LinkAgentJournal.WeightsDecided(_episode + lane, _policy.Version, [.. _decided[lane]], memory));
            }
        }
        Report(new LinkAgentEvents.EpisodesClosed(_link, close.Round, _observations));
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

    private void Report(ILinkAgentMessage report) => _addresses.TellNetwork(report, _self);
}
