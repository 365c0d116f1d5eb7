using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// The network of an asynchronous run and its virtual clock: parent of the link agents. It delivers what agents send when its time has
/// come, routes the flows of the moment under the weights in force, and publishes loads. Agents of one virtual moment work at the same
/// time; what they send is put in order by (time, order of delivery), so a run is the same every time.
/// </summary>
/// <remarks>
/// All messages between agents pass through here, so between two moments nothing is under way that is not in the clock. There a slice ends:
/// every agent stores what it did in it, then the network what it is after it, and only then the slice counts. When an agent crashes, all
/// go back to the last such barrier.
/// </remarks>
public sealed class AsynchronousNetworkActor : JournalledActor
{
    private const long MicrosecondsPerMillisecond = 1000;

    private readonly NetworkModel _model;
    private readonly AsynchronousScenario _scenario;
    private readonly IAsynchronousObserver _observer;
    private readonly bool _fromStart;
    private readonly LiveNetwork _network;
    private readonly VirtualClock _clock = new();
    private readonly long[] _latencies;
    private readonly IActorRef _self;

    // Agents are children of this actor, or members on the nodes of a cluster.
    private readonly IActorRef[] _agents = [];
    private readonly PlayMembers? _members;
    private readonly double[] _published;
    private readonly List<IAsynchronousMessage> _batch = [];
    private readonly List<NetworkSample> _samples = [];
    private readonly List<AsynchronousEvents.WeightSet> _decisions = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // What agents that store nothing handed over at the last barrier, and at the one that is being reached.
    private readonly ReadOnlyMemory<byte>[] _states, _nextStates;

    private ImmutableArray<IAsynchronousMessage>[] _answers = [];
    private IActorRef _starter = ActorRefs.Nobody;
    private ReadOnlyMemory<byte> _barrier;
    private long _slice, _now, _requests, _statesSent, _horizons;
    private int _attempt, _awaited, _played;
    private bool _stopping;

    /// <param name="memory">What a two-layer method's agents remember at the start; null: nothing.</param>
    /// <param name="journal">Null: nothing is stored.</param>
    /// <param name="fromStart">True: all is played again and compared with what is stored. Else the run goes on from there.</param>
    /// <param name="place">The cluster on which agents live; null: here.</param>
    public AsynchronousNetworkActor(
        AsynchronousScenario scenario, NetworkModel model, PolicySnapshot policy, TeamMemory? memory, ulong seed,
        IAsynchronousObserver observer, AgentJournal? journal, bool fromStart, PlayPlace? place)
        : base(journal, AsynchronousJournal.Network)
    {
        (_scenario, _model, _observer, _fromStart, _self) = (scenario, model, observer, fromStart, Self);
        _network = new LiveNetwork(scenario.Timeline, scenario.Objective, scenario.InitialWeights, scenario.Start);
        _latencies = scenario.Latencies(seed);
        _published = new double[model.LinkCount];
        Array.Fill(_published, double.NaN);
        _states = new ReadOnlyMemory<byte>[model.LinkCount];
        _nextStates = new ReadOnlyMemory<byte>[model.LinkCount];
        _clock.SetRoute(scenario.Start * MicrosecondsPerMillisecond);
        _barrier = Save();
        AsynchronousOptions agents = scenario.Agents with { DeltaFactor = memory?.Threshold.Factor ?? 1 };
        IEnumerable<LinkId> links = Enumerable.Range(0, model.LinkCount).Select(link => new LinkId(link));
        if (place is null)
        {
            _agents = [.. links.Select(link => Context.Watch(Context.ActorOf(
                AsynchronousLinkAgentActor.Props(model, link, policy, memory?.Agents[link.Index], agents, seed, Self, journal),
                AsynchronousLinkAgentPlan.NameOf(link))))];
        }
        else
        {
            byte[] start = new AsynchronousStart(policy, memory?.Agents, agents, seed).Write();
            ParcelKey key = ParcelKey.Of("asynchronous", start);
            _members = new PlayMembers(
                place, [.. links.Select(link => (
                    AsynchronousLinkAgentPlan.NameOf(link), (IMemberPlan)new AsynchronousLinkAgentPlan(link, key)))],
                _self, new Dictionary<ParcelKey, byte[]> { [key] = start });
        }

        Command<AsynchronousNetworkCommands.Start>(_ =>
        {
            _starter = Sender;
            if (_members is null)
            {
                Begin();
            }
            else
            {
                _members.Begin(Context);
            }
        });
        Command<MemberBegun>(begun =>
        {
            if (_members!.Count(begun, Context))
            {
                Begin();
            }
        });
        Command<SendPolicy>(ask => _members!.Send(ask.Policy, Context));
        Command<MemberFailed>(failed => End(new AsynchronousNetworkEvents.RunFailed(failed.Reason)));
        Command<ReceiveTimeout>(_ => Lose("agents were silent"));
        Command<AsynchronousEvents.Handled>(handled =>
        {
            if (handled.Attempt == _attempt)
            {
                Take(handled.Ticket, handled.Sent);
            }
        });
        Command<AsynchronousEvents.SliceClosed>(OnSliceClosed);
        Command<AsynchronousEvents.AgentRestarted>(restarted =>
        {
            _log.Warning(
                "The agent of {0} was restarted; slice {1} is played again", _model.Topology.Describe(restarted.Link), _slice);
            Open();
        });
        Command<AsynchronousNetworkCommands.Stop>(_ => _stopping = true);
        Command<Terminated>(terminated =>
        {
            if (_members is not null)
            {
                Lose($"{terminated.ActorRef.Path.Name} was lost");
                return;
            }
            LinkId link = new(Array.IndexOf(_agents, terminated.ActorRef));
            End(new AsynchronousNetworkEvents.RunFailed(
                $"the agent of link {_model.Topology.Describe(link)} crashed more than {NetworkActor.MaxRestarts} times in a minute"));
        });
    }

    /// <param name="memory">What a two-layer method's agents remember at the start; null: nothing.</param>
    /// <param name="journal">Null: nothing is stored.</param>
    /// <param name="fromStart">True: all is played again and compared with what is stored. Else the run goes on from there.</param>
    /// <param name="place">The cluster on which agents live; null: here.</param>
    public static Props Props(
        AsynchronousScenario scenario, NetworkModel model, PolicySnapshot policy, TeamMemory? memory, ulong seed,
        IAsynchronousObserver observer, AgentJournal? journal = null, bool fromStart = false, PlayPlace? place = null) =>
        Akka.Actor.Props.Create(
            () => new AsynchronousNetworkActor(scenario, model, policy, memory, seed, observer, journal, fromStart, place));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(NetworkActor.MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.Parent.Tell(AsynchronousNetworkEvents.NetworkRestarted.Instance, Self);
    }

    // There are no snapshots: every event has rows of the run's table, which begins with the first one.
    protected override void Apply(IJournalEvent stored)
    {
        if (stored is AsynchronousJournal.DecisionsOrdered)
        {
            return;
        }
        if (stored is not AsynchronousJournal.SlicePlayed played)
        {
            throw new InvalidDataException($"{stored.GetType().Name} is no event of a network without a global step");
        }
        (_slice, _barrier) = (played.Step + 1, played.State);
        _observer.SlicePlayed(played.Step, played.Samples, []);
    }

    private void Begin()
    {
        GoOn(_ => !_fromStart);
        Open();
    }

    /// <summary>On a cluster the run goes on from its last barrier, with agents that recover wherever they begin now.</summary>
    private void Lose(string what)
    {
        _log.Warning("{0}; slice {1} is played again", what, _slice);
        Context.Parent.Tell(AsynchronousNetworkEvents.AgentsLost.Instance, _self);
        Context.Stop(_self);
    }

    private bool IsOver => !(_clock.Next <= _scenario.Until * MicrosecondsPerMillisecond);

    /// <summary>Begins the slice after the last barrier, wherever everybody is.</summary>
    private void Open()
    {
        using (BinaryReader reader = new(new MemoryStream(_barrier.ToArray())))
        {
            Read(reader);
        }
        _attempt++;
        _samples.Clear();
        _decisions.Clear();
        _played = 0;
        for (int link = 0; link < _model.LinkCount; link++)
        {
            Tell(new AsynchronousCommands.OpenSlice(new LinkId(link), _attempt, _slice, _states[link]));
        }
        Proceed();
    }

    /// <summary>Goes to the next moment at which agents have something to do, or to the end of the slice.</summary>
    private void Proceed()
    {
        while (_played < (long)_scenario.SliceLength * _model.LinkCount && !IsOver)
        {
            _now = _clock.Next!.Value;
            _clock.TakeMessages(_batch);
            if (_batch.Count > 0)
            {
                Deliver();
                return;
            }
            _clock.TakeRoute();
            Route();
        }
        if (_played > 0)
        {
            Close();
            return;
        }
        End(new AsynchronousNetworkEvents.RunFinished());
    }

    private void Deliver()
    {
        _awaited = _batch.Count;
        _played += _batch.Count;
        _answers = new ImmutableArray<IAsynchronousMessage>[_batch.Count];
        for (int ticket = 0; ticket < _batch.Count; ticket++)
        {
            IAsynchronousMessage message = _batch[ticket];
            Tell(new AsynchronousCommands.Deliver(message.Link, _attempt, ticket, _now, message));
        }
    }

    private void Take(int ticket, ImmutableArray<IAsynchronousMessage> sent)
    {
        _answers[ticket] = sent;
        if (--_awaited == 0)
        {
            foreach (ImmutableArray<IAsynchronousMessage> answer in _answers)
            {
                foreach (IAsynchronousMessage message in answer)
                {
                    Post(message);
                }
            }
            Proceed();
        }
    }

    private void Post(IAsynchronousMessage message)
    {
        switch (message)
        {
            case AsynchronousCommands.RequestState request:
                _requests++;
                _clock.Set(_now + _latencies[request.Link.Index], request);
                break;
            case AsynchronousCommands.ReceiveState state:
                _statesSent++;
                _clock.Set(_now + _latencies[state.Predecessor.Index], state);
                break;
            case AsynchronousCommands.Wake wake:
                _clock.Set(wake.At, wake);
                break;
            case AsynchronousEvents.WeightSet set:
                _horizons++;
                _network.SetWeight(set.Link, set.Weight);
                _decisions.Add(set);
                _clock.SetRoute(_now);
                break;
            default:
                throw new InvalidOperationException($"an agent sent a {message.GetType().Name}");
        }
    }

    private void Route()
    {
        _played++;
        bool changed = _network.Route(_now / MicrosecondsPerMillisecond);
        if (_network.NextChange is { } next)
        {
            _clock.SetRoute(next * MicrosecondsPerMillisecond);
        }
        _samples.Add(new NetworkSample(
            _now, _network.Changes, changed, _network.Phi, _network.MeanUtilisation, _network.MaxUtilisation, _network.LinksUp,
            _network.Flows, _network.Waiting, _requests, _statesSent, _horizons));
        for (int link = 0; link < _model.LinkCount; link++)
        {
            if (_scenario.Agents.Threshold == 0 || _scenario.Agents.Burst > 1 || _network.Utilisation[link] != _published[link])
            {
                Publish(link);
            }
        }
    }

    private void Publish(int link)
    {
        LinkId id = new(link);
        _published[link] = _network.Utilisation[link];
        _clock.Set(_now, new AsynchronousCommands.PublishLoad(
            id, _published[link], _network.LastChangeOf(link), _network.Weights[link], _network.LeastWeightAround(id)));
    }

    /// <summary>Ends the slice: agents first.</summary>
    private void Close()
    {
        _awaited = _model.LinkCount;
        for (int link = 0; link < _model.LinkCount; link++)
        {
            Tell(new AsynchronousCommands.CloseSlice(new LinkId(link), _attempt, _slice));
        }
    }

    private void OnSliceClosed(AsynchronousEvents.SliceClosed closed)
    {
        if (closed.Attempt != _attempt)
        {
            return;
        }
        _nextStates[closed.Link.Index] = closed.State;
        if (--_awaited == 0)
        {
            byte[] state = Save();
            Store(new AsynchronousJournal.DecisionsOrdered(_slice, [.. _decisions.Select(decision => decision.Link.Index)]));
            Store(new AsynchronousJournal.SlicePlayed(_slice, [.. _samples], state));
            int attempt = _attempt;
            WhenStored(() =>
            {
                // If an agent has crashed meanwhile, the slice is played again.
                if (attempt == _attempt)
                {
                    Count(state);
                }
            });
        }
    }

    /// <summary>The slice counts.</summary>
    private void Count(byte[] state)
    {
        _observer.SlicePlayed(_slice, [.. _samples], [.. _decisions]);
        (_slice, _barrier) = (_slice + 1, state);
        _nextStates.CopyTo(_states, 0);
        PassBarrier();
        if (IsOver)
        {
            End(new AsynchronousNetworkEvents.RunFinished());
        }
        else if (_stopping)
        {
            End(new AsynchronousNetworkEvents.RunStopped());
        }
        else
        {
            _samples.Clear();
            _decisions.Clear();
            _played = 0;
            for (int link = 0; link < _model.LinkCount; link++)
            {
                Tell(new AsynchronousCommands.OpenSlice(new LinkId(link), _attempt, _slice, default));
            }
            Proceed();
        }
    }

    private byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(_now);
        writer.Write(_requests);
        writer.Write(_statesSent);
        writer.Write(_horizons);
        foreach (double published in _published)
        {
            writer.Write(published);
        }
        _network.Write(writer);
        _clock.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private void Read(BinaryReader reader)
    {
        _now = reader.ReadInt64();
        _requests = reader.ReadInt64();
        _statesSent = reader.ReadInt64();
        _horizons = reader.ReadInt64();
        for (int link = 0; link < _published.Length; link++)
        {
            _published[link] = reader.ReadDouble();
        }
        _network.Read(reader);
        _clock.Read(reader);
    }

    private void Tell(IAsynchronousMessage message)
    {
        if (_members is null)
        {
            _agents[message.Link.Index].Tell(message, _self);
        }
        else
        {
            _members.Addresses.Tell(AsynchronousLinkAgentPlan.NameOf(message.Link), message, _self);
        }
    }

    private void End(AsynchronousNetworkEvents.IOutcome outcome)
    {
        _members?.End(Context);
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}
