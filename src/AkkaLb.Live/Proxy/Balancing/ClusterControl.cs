using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Guards;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// What goes on beside the requests of a cluster, ten times a second: what has passed is counted and handed to the agent, the agent is
/// asked to decide when its period is over, and the rules above it say whose weights hold.
/// </summary>
internal sealed class ClusterControl
{
    /// <summary>Time between two calls of <see cref="Tick"/>.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly BalancedCluster _cluster;
    private readonly IClusterEvents _events;
    private readonly RunningComparison _comparison;
    private readonly ModeRule _rule;
    private readonly Passage[] _passed = new Passage[1 << 14];
    private readonly long _period;
    private IActorRef _agent = ActorRefs.Nobody;
    private volatile bool _serversChanged = true;
    private long _decided;
    private WeightMode _mode;

    public ClusterControl(BalancedCluster cluster, IClusterEvents events)
    {
        (_cluster, _events) = (cluster, events);
        _comparison = new RunningComparison(cluster.Options.Learned.Comparison);
        _rule = new ModeRule(cluster.Options.Learned, _comparison);
        _period = LiveClock.Of(cluster.Options.Learned.Period);
        _mode = cluster.IsLearned ? WeightMode.Learned : WeightMode.Configured;
    }

    public BalancedCluster Cluster => _cluster;

    public WeightMode Mode => _mode;

    /// <summary>Why <see cref="Mode"/> is what it is.</summary>
    public string ModeReason { get; private set; } = "the start";

    public RunningComparison Comparison => _comparison;

    /// <summary>The agent of a learned policy.</summary>
    public IActorRef Agent
    {
        get => _agent;
        set
        {
            _agent = value;
            _serversChanged = true;
        }
    }

    /// <summary>The agent is told of the servers at the next tick.</summary>
    public void ServersChanged() => _serversChanged = true;

    /// <summary>Something for the agent's journal.</summary>
    public void Record(IJournalEvent happened) => _agent.Tell(new LiveBalancerCommands.Record(happened));

    /// <summary>One round; by one thread at a time.</summary>
    public void Tick()
    {
        long now = _cluster.Clock.Now;
        if (_serversChanged)
        {
            _serversChanged = false;
            TellServers();
        }
        int count = _cluster.Ring.Read(_passed);
        if (count > 0)
        {
            Count(_passed.AsSpan(0, count));
            if (_cluster.IsLearned)
            {
                _agent.Tell(new LiveBalancerCommands.Observe([.. _passed.AsSpan(0, count)]));
            }
        }
        if (_cluster.IsLearned)
        {
            if (now - _decided >= _period)
            {
                _decided = now;
                _agent.Tell(new LiveBalancerCommands.Decide(now, _cluster.Clock.TimeOfDay));
            }
            SetMode(now);
        }
        _cluster.Tick(_mode);
    }

    /// <summary>Tells the agent of the servers.</summary>
    public void TellServers()
    {
        ImmutableArray<LiveServer> servers = [];
        _cluster.WithServers(all =>
        {
            servers = [.. all.All.Select(server => new LiveServer(server.Name, server.IsInUse))];
            return false;
        });
        _agent.Tell(new LiveBalancerCommands.SetServers(servers));
    }

    private void SetMode(long now)
    {
        (WeightMode mode, string reason) = _rule.Decide(_cluster.Plane.LastWord, now);
        if (mode == _mode)
        {
            return;
        }
        // Slices come and go all the time: they are counted, and not told.
        bool isSlice = mode == WeightMode.Comparison || (_mode == WeightMode.Comparison && mode == WeightMode.Learned);
        WeightMode from = _mode;
        (_mode, ModeReason) = (mode, reason);
        if (!isSlice)
        {
            _events.ModeChanged(_cluster, from, mode, reason);
        }
    }

    private void Count(ReadOnlySpan<Passage> passed)
    {
        ServerSlot[] servers = [];
        _cluster.WithServers(all =>
        {
            servers = [.. all.All];
            return false;
        });
        // A failed request counts as one that took as long as a place is kept at least.
        long hold = LiveClock.Of(_cluster.Options.FailureHold);
        foreach (ref readonly Passage passage in passed)
        {
            if (passage.Kind is not (PassageKind.Answered or PassageKind.Failed))
            {
                continue;
            }
            bool failed = passage.Kind == PassageKind.Failed;
            ServerSlot server = servers[passage.Server];
            server.Latency?.Add(passage.Duration, passage.Time);
            Metrics.ProxyRequestDuration.Record(
                Ticks.ToSeconds(passage.Duration), Metrics.Tag("cluster", _cluster.Options.Name),
                Metrics.Tag("server", server.Name), Metrics.Tag("outcome", failed ? "failed" : "answered"));
            _comparison.Count(passage.Time - passage.Duration, failed ? Math.Max(passage.Duration, hold) : passage.Duration);
        }
    }
}
