using Akka.Actor;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>
/// The agents of a run on one node, in one session: what they say to each other goes straight on, what they say to agents of other nodes
/// and to their network is combined. A frame goes when all have said what they owe for it, or else when the relay has nothing else to do.
/// </summary>
/// <remarks>Called by all agents of the node, each from its own thread.</remarks>
internal sealed class NodeAgents : ILinkAgentAddresses
{
    private readonly string _run;
    private readonly long _session;
    private readonly NetworkModel _model;
    private readonly IActorRef _relay, _network;
    private readonly Lock _gate = new();
    private readonly FrameWriter _reports = new();

    // Written by the relay alone, element by element.
    private readonly IActorRef?[] _local;

    private volatile Routes? _routes;
    private volatile PolicySnapshot? _policy;

    // Answers that agents owe the network; reports that need not wait for others.
    private int _owed;
    private long _frames, _bytes, _numbers;
    private bool _flushes;

    /// <param name="network">Hears what agents report.</param>
    public NodeAgents(string run, long session, NetworkModel model, IActorRef relay, IActorRef network)
    {
        (_run, _session, _model, _relay, _network) = (run, session, model, relay, network);
        _local = new IActorRef?[model.LinkCount];
    }

    public IReadOnlyList<IActorRef?> Local => _local;

    /// <summary>Frames sent to other nodes, and their bytes.</summary>
    public (long Frames, long Bytes) Sent
    {
        get
        {
            lock (_gate)
            {
                return (_frames, _bytes);
            }
        }
    }

    public int Epoch => _routes?.Epoch ?? -1;

    /// <summary>Called by the relay alone, as are the other methods that change where agents are.</summary>
    public void Set(int link, IActorRef? agent) => Volatile.Write(ref _local[link], agent);

    /// <param name="relays">Of the nodes of the placement, null for this one.</param>
    public void Take(RelayCommands.TakePlacement placement, IActorRef?[] relays)
    {
        lock (_gate)
        {
            _reports.Clear();
            _owed = 0;
            _routes = new Routes(placement, relays, _model);
        }
    }

    /// <summary>The session is over: what agents still say counts no longer.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _routes = null;
        }
    }

    /// <summary>What the network has sent to agents of this node, or other nodes have.</summary>
    public void Deliver(IReadOnlyList<IMessage> messages)
    {
        int asked = messages.Count(message => message is ILinkAgentQuestion);
        if (asked > 0)
        {
            lock (_gate)
            {
                _owed += asked;
            }
        }
        foreach (IMessage message in messages)
        {
            switch (message)
            {
                case SharedPolicy shared when shared.IsSound:
                    _policy = shared.Policy;
                    break;
                case SharedHiddenState shared:
                    foreach (int receiver in _model.Topology.Successors(shared.Sender))
                    {
                        Here(receiver)?.Tell(
                            new LinkAgentCommands.ReceiveHiddenState(
                                new LinkId(receiver), shared.Sender, shared.Round, shared.Iteration, shared.State), ActorRefs.NoSender);
                    }
                    break;
                // Without its policy an agent cannot adopt it, and the network asks again.
                case LinkAgentCommands.AdoptPolicy adopt when _policy?.Version != adopt.Version:
                    break;
                case ILinkAgentMessage told:
                    Here(told.Link.Index)?.Tell(told, ActorRefs.NoSender);
                    break;
                default:
                    break;
            }
        }
    }

    public PolicySnapshot Policy(long version) =>
        _policy is { } policy && policy.Version == version ? policy : throw new ArgumentException($"no policy {version} was published");

    public void Tell(ILinkAgentMessage message, IActorRef sender)
    {
        if (Here(message.Link.Index) is { } here)
        {
            here.Tell(message, sender);
            return;
        }
        lock (_gate)
        {
            if (_routes is { } routes && routes.To(message.Link) is { } node)
            {
                node.Loose.Add(message);
                FlushSoon();
            }
        }
    }

    public void Share(LinkId sender, ReadOnlySpan<LinkId> receivers, int round, int iteration, float[] state, IActorRef self)
    {
        foreach (LinkId receiver in receivers)
        {
            Here(receiver.Index)?.Tell(new LinkAgentCommands.ReceiveHiddenState(receiver, sender, round, iteration, state), self);
        }
        if (_routes is not { } routes || routes.Beyond(sender) is not { Length: > 0 } beyond)
        {
            return;
        }
        SharedHiddenState shared = new(sender, round, iteration, state);
        foreach (RemoteNode node in beyond)
        {
            byte[]? frame;
            lock (_gate)
            {
                frame = node.Add(shared);
            }
            if (frame is not null)
            {
                Send(node, routes.Epoch, frame);
            }
        }
    }

    public void TellNetwork(ILinkAgentMessage report, IActorRef sender)
    {
        if (report is LinkAgentEvents.LinkAgentFailed)
        {
            FrameWriter alone = new();
            alone.Add(report);
            SendParts(_network, Frame.AnyEpoch, alone.Take());
            return;
        }
        byte[] frame;
        int epoch;
        lock (_gate)
        {
            if (_routes is not { } routes)
            {
                return;
            }
            _reports.Add(report);
            epoch = routes.Epoch;
            bool isAnswer = report is not LinkAgentEvents.LinkAgentRestarted;
            _owed -= isAnswer ? 1 : 0;
            if (isAnswer && _owed > 0)
            {
                return;
            }
            frame = _reports.Take();
        }
        SendParts(_network, epoch, frame);
    }

    public void Recovered(LinkId link, IActorRef agent) => _relay.Tell(new RelayCommands.JoinAgent(_run, _session, link.Index), agent);

    /// <summary>Sends what was not worth a frame of its own.</summary>
    public void Flush()
    {
        List<(RemoteNode Node, byte[] Frame)> frames = [];
        int epoch;
        lock (_gate)
        {
            _flushes = false;
            if (_routes is not { } routes)
            {
                return;
            }
            epoch = routes.Epoch;
            frames.AddRange(routes.Nodes.Where(node => node.Loose.Count > 0).Select(node => (node, node.Loose.Take())));
        }
        foreach ((RemoteNode node, byte[] frame) in frames)
        {
            Send(node, epoch, frame);
        }
    }

    private IActorRef? Here(int link) => Volatile.Read(ref _local[link]);

    /// <summary>The relay's mailbox is where messages of this moment queue up: what is said meanwhile goes with them.</summary>
    private void FlushSoon()
    {
        if (!_flushes)
        {
            _flushes = true;
            _relay.Tell(new RelayCommands.SendWaiting(this));
        }
    }

    private void Send(RemoteNode node, int epoch, byte[] frame)
    {
        lock (_gate)
        {
            _frames++;
            _bytes += frame.Length;
        }
        SendParts(node.Relay, epoch, frame);
    }

    private void SendParts(IActorRef receiver, int epoch, byte[] frame)
    {
        foreach (Frame part in Frame.Split(_run, _session, epoch, Interlocked.Increment(ref _numbers), frame))
        {
            receiver.Tell(part, _relay);
        }
    }

    /// <summary>Another node of the placement.</summary>
    private sealed class RemoteNode(IActorRef relay, int iterations)
    {
        private readonly FrameWriter[] _states = [.. Enumerable.Range(0, iterations).Select(_ => new FrameWriter())];
        private readonly int[] _rounds = [.. Enumerable.Repeat(-1, iterations)];

        public IActorRef Relay => relay;

        /// <summary>Agents here that have successors there.</summary>
        public int Senders { get; set; }

        /// <summary>Messages that are not a part of an exchange that all make.</summary>
        public FrameWriter Loose { get; } = new();

        /// <returns>The frame, when all have added what they owe.</returns>
        public byte[]? Add(SharedHiddenState shared)
        {
            FrameWriter states = _states[shared.Iteration];
            if (shared.Round < _rounds[shared.Iteration])
            {
                return null;
            }
            if (shared.Round > _rounds[shared.Iteration])
            {
                _rounds[shared.Iteration] = shared.Round;
                states.Clear();
            }
            states.Add(shared);
            return states.Count == Senders ? states.Take() : null;
        }
    }

    /// <summary>A placement as this node sees it.</summary>
    private sealed class Routes
    {
        private readonly RemoteNode?[] _nodeOf;
        private readonly RemoteNode[][] _beyond;

        public Routes(RelayCommands.TakePlacement placement, IActorRef?[] relays, NetworkModel model)
        {
            Epoch = placement.Epoch;
            RemoteNode?[] nodes = [.. relays.Select(relay => relay is null ? null : new RemoteNode(relay, model.MessageIterations))];
            Nodes = [.. nodes.OfType<RemoteNode>()];
            _nodeOf = [.. placement.HostOf.Select(host => nodes[host])];
            _beyond = new RemoteNode[model.LinkCount][];
            for (int link = 0; link < model.LinkCount; link++)
            {
                _beyond[link] = _nodeOf[link] is null
                    ? [.. model.Topology.Successors(new LinkId(link)).ToArray().Select(s => _nodeOf[s]).OfType<RemoteNode>().Distinct()]
                    : [];
                foreach (RemoteNode node in _beyond[link])
                {
                    node.Senders++;
                }
            }
        }

        public int Epoch { get; }

        public RemoteNode[] Nodes { get; }

        /// <summary>The node of an agent; null for this one.</summary>
        public RemoteNode? To(LinkId link) => _nodeOf[link.Index];

        /// <summary>Other nodes with successors of an agent of this one.</summary>
        public RemoteNode[] Beyond(LinkId link) => _beyond[link.Index];
    }
}
