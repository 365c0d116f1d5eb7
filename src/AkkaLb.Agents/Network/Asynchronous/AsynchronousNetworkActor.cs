using System.Collections.Immutable;
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
/// The network of an asynchronous run: parent of the link agents, or who begins them on a cluster. It delivers what agents send when its
/// time has come in the <see cref="VirtualNetwork"/>. Agents of one virtual moment work at the same time; what they send is put in order by
/// (time, order of delivery), so a run is the same every time.
/// </summary>
/// <remarks>
/// All messages between agents pass through here, so between two moments nothing is under way that is not in the clock. There a slice ends:
/// every agent stores what it did in it, then the network what it is after it, and only then the slice counts. When an agent crashes, all
/// go back to the last such barrier.
/// </remarks>
public sealed class AsynchronousNetworkActor : JournalledActor
{
    private readonly NetworkModel _model;
    private readonly IAsynchronousObserver _observer;
    private readonly bool _fromStart;
    private readonly VirtualNetwork _network;
    private readonly IActorRef _self;

    // Agents are children of this actor, or members on the nodes of a cluster.
    private readonly IActorRef[] _agents = [];
    private readonly PlayMembers? _members;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // What agents that store nothing handed over at the last barrier, and at the one that is being reached.
    private readonly ReadOnlyMemory<byte>[] _states, _nextStates;

    private ImmutableArray<IAsynchronousMessage>[] _answers = [];
    private IActorRef _starter = ActorRefs.Nobody;
    private ReadOnlyMemory<byte> _barrier;
    private long _slice;
    private int _attempt, _awaited;
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
        (_model, _observer, _fromStart, _self) = (model, observer, fromStart, Self);
        _network = new VirtualNetwork(scenario, seed);
        _states = new ReadOnlyMemory<byte>[model.LinkCount];
        _nextStates = new ReadOnlyMemory<byte>[model.LinkCount];
        _barrier = _network.Save();
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
            byte[] start = AsynchronousStart.Write(policy, memory?.Agents, agents, seed);
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

    /// <summary>Begins the slice after the last barrier, wherever everybody is.</summary>
    private void Open()
    {
        _network.Return(_barrier);
        _attempt++;
        OpenSlice(link => _states[link]);
    }

    private void OpenSlice(Func<int, ReadOnlyMemory<byte>> state)
    {
        _network.BeginSlice();
        for (int link = 0; link < _model.LinkCount; link++)
        {
            Tell(new AsynchronousCommands.OpenSlice(new LinkId(link), _attempt, _slice, state(link)));
        }
        Proceed();
    }

    /// <summary>Has agents take in what comes at the next moment, or ends the slice.</summary>
    private void Proceed()
    {
        IReadOnlyList<IAsynchronousMessage> batch = _network.Proceed();
        _awaited = batch.Count;
        _answers = new ImmutableArray<IAsynchronousMessage>[batch.Count];
        for (int ticket = 0; ticket < batch.Count; ticket++)
        {
            Tell(new AsynchronousCommands.Deliver(batch[ticket].Link, _attempt, ticket, _network.Now, batch[ticket]));
        }
        if (batch.Count > 0)
        {
            return;
        }
        if (_network.Played > 0)
        {
            Close();
            return;
        }
        End(new AsynchronousNetworkEvents.RunFinished([.. _network.Weights]));
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
                    _network.Post(message);
                }
            }
            Proceed();
        }
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
            byte[] state = _network.Save();
            Store(new AsynchronousJournal.DecisionsOrdered(_slice, [.. _network.Decisions.Select(decision => decision.Link.Index)]));
            Store(new AsynchronousJournal.SlicePlayed(_slice, [.. _network.Samples], state));
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
        _observer.SlicePlayed(_slice, [.. _network.Samples], [.. _network.Decisions]);
        (_slice, _barrier) = (_slice + 1, state);
        _nextStates.CopyTo(_states, 0);
        PassBarrier();
        if (_network.IsOver)
        {
            End(new AsynchronousNetworkEvents.RunFinished([.. _network.Weights]));
        }
        else if (_stopping)
        {
            End(new AsynchronousNetworkEvents.RunStopped([.. _network.Weights]));
        }
        else
        {
            OpenSlice(_ => default);
        }
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
