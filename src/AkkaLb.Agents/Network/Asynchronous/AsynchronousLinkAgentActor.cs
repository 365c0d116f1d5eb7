using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// The agent of one directed link in virtual time, without a global step. All it does is <see cref="AsynchronousAgent"/>'s.
/// </summary>
/// <remarks>
/// A run is played in slices. What the agent decided in one, and all that it is after it, is one event. After a crash it recovers from its
/// events, and goes back to the last barrier between slices like all others: the slice is then played again and decided as before.
/// </remarks>
public sealed class AsynchronousLinkAgentActor : JournalledActor, IAsynchronousOutbox
{
    private readonly LinkId _link;
    private readonly AsynchronousAgent _agent;
    private readonly BarrierMemory? _memory;
    private readonly ICanTell _network;
    private readonly IActorRef _self;
    private readonly ImmutableArray<IAsynchronousMessage>.Builder _sent = ImmutableArray.CreateBuilder<IAsynchronousMessage>();
    private readonly List<int> _actions = [];
    private readonly List<double> _weights = [];

    // The last barrier that counts, and the one after it where this agent waits for the others.
    private Barrier _barrier;
    private Barrier? _reached;

    // The barrier whose state the agent is in; none while a slice is played.
    private long? _at = 0;
    private int _attempt, _horizons;

    /// <param name="memory">What it remembers at the start of the run, for a model with memories; null: nothing.</param>
    /// <param name="network">Where its network is told.</param>
    /// <param name="journal">Null: nothing is stored.</param>
    public AsynchronousLinkAgentActor(
        NetworkModel model, LinkId link, PolicySnapshot policy, byte[]? memory, AsynchronousOptions options, ulong seed, ICanTell network,
        AgentJournal? journal)
        : base(journal, AsynchronousJournal.Agent(link))
    {
        (_link, _network, _self) = (link, network, Self);
        _agent = new AsynchronousAgent(model, link.Index, seed, options, this) { Policy = policy };
        _memory = _agent.Memory is { } own ? new BarrierMemory(own, memory) : null;
        _barrier = new Barrier(0, Save(), default, 0);
        Command<AsynchronousCommands.OpenSlice>(OnOpenSlice);
        Command<AsynchronousCommands.Deliver>(OnDeliver);
        Command<AsynchronousCommands.CloseSlice>(OnCloseSlice);
    }

    /// <param name="memory">What it remembers at the start of the run, for a model with memories; null: nothing.</param>
    /// <param name="network">Where its network is told.</param>
    /// <param name="journal">Null: nothing is stored.</param>
    public static Props Props(
        NetworkModel model, LinkId link, PolicySnapshot policy, byte[]? memory, AsynchronousOptions options, ulong seed, ICanTell network,
        AgentJournal? journal) =>
        Akka.Actor.Props.Create(() => new AsynchronousLinkAgentActor(model, link, policy, memory, options, seed, network, journal));

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        _network.Tell(new AsynchronousEvents.AgentRestarted(_link), _self);
    }

    protected override void Apply(IJournalEvent stored)
    {
        switch (stored)
        {
            case AsynchronousJournal.MemoryTaken taken:
                _memory?.PassTo(taken.Memory);
                break;
            case AsynchronousJournal.SliceDecided decided:
                _barrier = new Barrier(decided.Step + 1, decided.State, decided.Memory, decided.Horizons + decided.Actions.Length);
                _memory?.Pass(decided.Memory);
                break;
            default:
                throw new InvalidDataException($"{stored.GetType().Name} is no event of a link agent without a global step");
        }
        _at = null;
    }

    /// <summary>Of the barrier, where the agent is.</summary>
    protected override byte[] SaveState()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        Barrier barrier = _reached ?? _barrier;
        writer.Write(barrier.Slice);
        writer.Write(barrier.Horizons);
        writer.Write(barrier.State.Length);
        writer.Write(barrier.State.Span);
        if (_memory is not null)
        {
            writer.Write(_memory.Save());
        }
        return stream.ToArray();
    }

    protected override void RestoreState(ReadOnlySpan<byte> state)
    {
        using MemoryStream stream = new(state.ToArray());
        using BinaryReader reader = new(stream);
        (long slice, int horizons) = (reader.ReadInt64(), reader.ReadInt32());
        _barrier = new Barrier(slice, reader.ReadBytes(reader.ReadInt32()), default, horizons);
        _memory?.PassTo(reader.ReadBytes((int)(stream.Length - stream.Position)));
        _at = null;
    }

    void IAsynchronousOutbox.Request(int predecessor, int horizon, int iteration, int change) =>
        _sent.Add(new AsynchronousCommands.RequestState(new LinkId(predecessor), _link, horizon, iteration, change));

    void IAsynchronousOutbox.SendState(int successor, int horizon, int iteration, int change, float[] state) =>
        _sent.Add(new AsynchronousCommands.ReceiveState(
            new LinkId(successor), _link, horizon, iteration, change, ImmutableCollectionsMarshal.AsImmutableArray(state)));

    void IAsynchronousOutbox.Decide(int horizon, Decision decision, double weight)
    {
        _actions.Add(decision.Choice);
        _weights.Add(weight);
        _sent.Add(new AsynchronousEvents.WeightSet(_link, horizon, decision.Choice, decision.LogProbability, weight));
    }

    void IAsynchronousOutbox.WakeAt(long time) => _sent.Add(new AsynchronousCommands.Wake(_link, time));

    private void OnOpenSlice(AsynchronousCommands.OpenSlice open)
    {
        bool isNext = _reached?.Slice == open.Slice;
        try
        {
            if (isNext)
            {
                _barrier = _reached!;
                _memory?.Pass(_barrier.Memory);
            }
            else
            {
                GoOn(stored => stored.Step < open.Slice);
                if (_barrier.Slice != open.Slice && !open.State.IsEmpty)
                {
                    RestoreState(open.State.Span);
                }
            }
            if (_barrier.Slice != open.Slice)
            {
                // One that stores nothing has crashed, and will be told again.
                if (HasJournal)
                {
                    Fail($"its events end with slice {_barrier.Slice}, and the run goes on from slice {open.Slice}");
                }
                return;
            }
            if (_at != open.Slice)
            {
                Return();
            }
        }
        catch (Exception e) when (HasJournal && e is InvalidDataException or EndOfStreamException)
        {
            Fail($"what it stored of slice {open.Slice} is not of this agent: {e.Message}");
            return;
        }
        (_reached, _at, _attempt, _horizons) = (null, open.Slice, open.Attempt, _barrier.Horizons);
        _actions.Clear();
        _weights.Clear();
        _memory?.Settle();
        if (isNext)
        {
            KeepSnapshot();
        }
    }

    private void OnDeliver(AsynchronousCommands.Deliver deliver)
    {
        if (deliver.Attempt != _attempt)
        {
            return;
        }
        _at = null;
        long now = deliver.Time;
        switch (deliver.Message)
        {
            case AsynchronousCommands.PublishLoad m:
                _agent.Publish(now, m.Utilisation, m.Change, m.Weight, m.LeastWeight);
                break;
            case AsynchronousCommands.RequestState m:
                _agent.Request(now, m.Successor.Index, m.Horizon, m.Iteration, m.Change);
                break;
            case AsynchronousCommands.ReceiveState m:
                _agent.Receive(now, m.Predecessor.Index, m.Horizon, m.Iteration, m.Change, m.State.AsSpan());
                break;
            case AsynchronousCommands.Wake:
                _agent.Wake(now);
                break;
            default:
                throw new ArgumentException($"{_link} cannot take a {deliver.Message.GetType().Name}");
        }
        _network.Tell(new AsynchronousEvents.Handled(_link, _attempt, deliver.Ticket, _sent.DrainToImmutable()), _self);
    }

    private void OnCloseSlice(AsynchronousCommands.CloseSlice close)
    {
        if (close.Attempt != _attempt)
        {
            return;
        }
        byte[] changes = _memory?.TakeChanges() ?? [];
        _reached = new Barrier(close.Slice + 1, Save(), changes, _horizons + _actions.Count);
        _at = _reached.Slice;
        if (close.Slice == 0 && _memory is not null)
        {
            Store(new AsynchronousJournal.MemoryTaken(_memory.Start));
        }
        Store(new AsynchronousJournal.SliceDecided(
            close.Slice, _horizons, [.. _actions], [.. _weights], _reached.State, changes, _agent.Memory?.Count ?? 0));
        byte[] handed = HasJournal ? [] : SaveState();
        WhenStored(() => _network.Tell(new AsynchronousEvents.SliceClosed(_link, close.Attempt, handed), _self));
    }

    private byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        _agent.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private void Return()
    {
        using BinaryReader reader = new(new MemoryStream(_barrier.State.ToArray()));
        _agent.Read(reader);
        _memory?.Return();
    }

    /// <summary>Where a slice begins.</summary>
    /// <param name="Slice">That slice.</param>
    /// <param name="State">The agent's, but for its memory.</param>
    /// <param name="Memory">What had changed in its memory since the barrier before.</param>
    /// <param name="Horizons">Decisions up to there.</param>
    private sealed record Barrier(long Slice, ReadOnlyMemory<byte> State, ReadOnlyMemory<byte> Memory, int Horizons);
}
