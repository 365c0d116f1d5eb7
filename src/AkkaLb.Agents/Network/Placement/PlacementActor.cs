using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>
/// Knows where the agents of one run are: asks the relays of all nodes, wakes agents that are nowhere, and, when all are somewhere, has all
/// nodes take the placement before its network goes on. Child of the network, which hears what agents report through it.
/// </summary>
public sealed class PlacementActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private const int LooksPerAttach = 5, LooksForAcknowledgement = 10, LooksPerNotice = 25, LooksPerWake = 10;

    private readonly PlacementOptions _options;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly FrameReader _reader = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ActorPath _relay;

    // By the address of the node.
    private readonly SortedDictionary<string, (IActorRef Relay, RelayEvents.Hosting Hosting)> _hosting = new(StringComparer.Ordinal);
    private readonly HashSet<IActorRef> _acknowledged = [];

    // What was published and perhaps not taken yet by all; null while agents are missing.
    private AgentPlacement? _placement;
    private bool _isUsed;
    private int _epoch, _looks, _looksSincePublished, _looksInVain, _nextWake;

    // Of the agents that the network used last, and of those of the placement that was published.
    private long[] _instances = [], _published = [];

    public PlacementActor(PlacementOptions options)
    {
        _options = options;
        _relay = new RootActorPath(Context.Self.Path.Address) / "user" / RelayActor.Name;
        Receive<Frame>(OnFrame);
        Receive<RelayEvents.Hosting>(OnHosting);
        Receive<RelayEvents.PlacementTaken>(OnPlacementTaken);
        Receive<LinkAgentEvents.LinkAgentFailed>(failed => Context.Parent.Tell(failed));
        Receive<Terminated>(ended => Lose(ended.ActorRef));
        Receive<Seek>(_ => Abort("agents were silent"));
        Receive<LookAgain>(_ => OnLook());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PlacementOptions options) => Akka.Actor.Props.Create(() => new PlacementActor(options));

    protected override void PreStart() => Timers.StartPeriodicTimer(LookAgain.Instance, LookAgain.Instance, TimeSpan.Zero, Look);

    protected override void PostStop()
    {
        // The run is over, or another network of it will attach with a higher session.
        foreach ((IActorRef relay, _) in _hosting.Values)
        {
            relay.Tell(new RelayCommands.Detach(_options.Run, _options.Session));
        }
    }

    private string[] Nodes() =>
    [
        .. _cluster.State.Members
            .Where(member => member.Status is MemberStatus.Up && member.HasRole(PlacementOptions.Role))
            .Select(member => member.Address.ToString())
            .Order(StringComparer.Ordinal),
    ];

    private void OnLook()
    {
        string[] nodes = Nodes();
        if (_looks++ % LooksPerAttach == 0 || nodes.Any(node => !_hosting.ContainsKey(node)))
        {
            foreach (string node in nodes)
            {
                Relay(node).Tell(new RelayCommands.Attach(_options.Run, _options.Session));
            }
        }
        if (_placement is not null)
        {
            if (!_isUsed && ++_looksSincePublished > LooksForAcknowledgement)
            {
                Abort("not all nodes have taken the placement");
            }
            return;
        }
        // Not before all nodes have said what they have, and as many are there as the run is to begin with.
        int expected = _epoch > 0 ? 1 : _options.NodesToBegin;
        if (++_looksInVain % LooksPerNotice == 0)
        {
            LinkId[] missing = Missing();
            _log.Warning(
                "Agents are not placed: nodes are {0} (expected at least {1}), answers came from {2}, {3} agents are nowhere: {4}",
                string.Join(' ', nodes), expected, string.Join(' ', _hosting.Keys), missing.Length, string.Join(", ", missing.Take(20)));
        }
        if (nodes.Length >= expected && nodes.All(_hosting.ContainsKey))
        {
            Place();
        }
    }

    private IActorRef Relay(string node) => RelayActor.RelayOf(Context.System, node, _relay);

    private LinkId[] Missing()
    {
        HashSet<int> hosted = [.. _hosting.Values.SelectMany(host => host.Hosting.Links)];
        int links = _options.Partition.CellOf.Count;
        return [.. Enumerable.Range(0, links).Where(link => !hosted.Contains(link)).Select(link => new LinkId(link))];
    }

    private void Place()
    {
        int links = _options.Partition.CellOf.Count;
        int[] hostOf = new int[links];
        long[] instances = new long[links];
        Array.Fill(hostOf, -1);
        KeyValuePair<string, (IActorRef Relay, RelayEvents.Hosting Hosting)>[] hosts =
            [.. _hosting.Where(host => host.Value.Hosting.Links.Length > 0)];
        for (int host = 0; host < hosts.Length; host++)
        {
            RelayEvents.Hosting hosting = hosts[host].Value.Hosting;
            for (int i = 0; i < hosting.Links.Length; i++)
            {
                (hostOf[hosting.Links[i]], instances[hosting.Links[i]]) = (host, hosting.Instances[i]);
            }
        }
        if (hostOf.Contains(-1))
        {
            if (_looks < _nextWake)
            {
                return;
            }
            // Thousands take a while to start: they are not woken again meanwhile.
            _nextWake = _looks + LooksPerWake;
            foreach (LinkId link in Missing())
            {
                _options.Region.Tell(
                    new WakeLinkAgent(_options.Run, link.Index, _options.Partition.CellOf[link.Index], _options.Partition.Cells));
            }
            return;
        }
        _placement = new AgentPlacement(++_epoch, [.. hosts.Select(host => host.Value.Relay)], hostOf);
        (_isUsed, _looksSincePublished, _looksInVain) = (false, 0, 0);
        _acknowledged.Clear();
        _reader.Clear();
        _published = instances;
        RelayCommands.TakePlacement take = new(_options.Run, _options.Session, _epoch, [.. hosts.Select(host => host.Key)], hostOf);
        foreach (IActorRef relay in _placement.Relays)
        {
            relay.Tell(take);
        }
    }

    private void OnPlacementTaken(RelayEvents.PlacementTaken taken)
    {
        if (_placement is not { } placement || _isUsed || taken.Epoch != placement.Epoch || taken.Session != _options.Session)
        {
            return;
        }
        _acknowledged.Add(Sender);
        if (_acknowledged.Count < placement.Relays.Length)
        {
            return;
        }
        _isUsed = true;
        bool isFirst = _instances.Length == 0;
        int[] moved = [.. Enumerable.Range(0, _published.Length).Where(link => isFirst || _instances[link] != _published[link])];
        _instances = _published;
        _options.Counts.Place(placement.Relays.Length, moved.Length, isFirst);
        _log.Info(
            "Placement {0}: {1} agents on {2} nodes, {3} pairs of neighbours between nodes, {4} agents begin anew",
            placement.Epoch, placement.HostOf.Length, placement.Relays.Length, _options.Partition.CutOf(placement.HostOf), moved.Length);
        Context.Parent.Tell(new NetworkCommands.UseAgents(moved, placement));
    }

    private void OnHosting(RelayEvents.Hosting hosting)
    {
        if (hosting.Run != _options.Run || hosting.Session != _options.Session)
        {
            return;
        }
        Address address = Sender.Path.Address;
        string node = (address.HasLocalScope ? _cluster.SelfAddress : address).ToString();
        bool isKnown = _hosting.TryGetValue(node, out (IActorRef Relay, RelayEvents.Hosting Hosting) known) && known.Relay.Equals(Sender);
        if (!isKnown)
        {
            Context.Watch(Sender);
        }
        else
        {
            _options.Counts.Send(hosting.Frames - known.Hosting.Frames, hosting.Bytes - known.Hosting.Bytes);
        }
        _hosting[node] = (Sender, hosting);
        bool changed = isKnown ? known.Hosting.Version != hosting.Version : hosting.Links.Length > 0;
        if (changed && _placement is not null)
        {
            Abort("agents have moved");
        }
    }

    private void Lose(IActorRef relay)
    {
        foreach (string node in _hosting.Where(host => host.Value.Relay.Equals(relay)).Select(host => host.Key).ToArray())
        {
            _hosting.Remove(node);
            Abort($"{node} is gone");
        }
    }

    private void Abort(string why)
    {
        if (_placement is null)
        {
            return;
        }
        _log.Info("Placement {0} ends: {1}", _placement.Epoch, why);
        (_placement, _nextWake) = (null, 0);
        if (_isUsed)
        {
            Context.Parent.Tell(NetworkCommands.AwaitAgents.Instance);
        }
    }

    private void OnFrame(Frame frame)
    {
        if (frame.Run != _options.Run || frame.Session != _options.Session
            || (frame.Epoch != _placement?.Epoch && frame.Epoch != Frame.AnyEpoch))
        {
            return;
        }
        try
        {
            foreach (IMessage report in _reader.Take(Sender, frame))
            {
                Context.Parent.Tell(report);
            }
        }
        catch (InvalidDataException e)
        {
            _log.Warning("A frame from {0} is dropped: {1}", Sender.Path.Address, e.Message);
        }
    }

    /// <summary>The network has waited long enough for an answer.</summary>
    internal sealed record Seek : INoSerializationVerificationNeeded
    {
        public static Seek Instance { get; } = new();
    }

    private sealed class LookAgain : INotInfluenceReceiveTimeout
    {
        public static LookAgain Instance { get; } = new();
    }
}
