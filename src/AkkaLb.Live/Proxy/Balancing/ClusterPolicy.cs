using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// The simulator's policy of a cluster with what real traffic adds: servers that come and go, weights that change, a floor for all. A
/// policy knows its servers by their places from its beginning, so that other servers or configured weights are another policy, which is
/// told what is in flight. Guarded by the cluster's lock.
/// </summary>
internal sealed class ClusterPolicy(ClusterOptions options, RandomStream random, Func<IProbes> probes)
{
    private readonly ExplorationFloor _floor = new(options.Floor);
    private readonly long _slowStart = LiveClock.Of(options.SlowStart);
    private readonly string _rule = PolicyNames.OfSimulator(options.Policy);
    private readonly bool _hashesClients = PolicyNames.HashesClients(options.Policy);
    private IProbes? _probes;
    private IDispatchPolicy? _policy;
    private bool[] _inUse = [];
    private float[] _weights = [];
    private Job _job;

    /// <summary>The decision whose weights hold, or would hold if the agent's did.</summary>
    public LiveDecision Decision { get; private set; } = LiveDecision.None;

    /// <summary>There are other servers, or other configured weights.</summary>
    public void Renew(ReadOnlySpan<ServerSlot> servers)
    {
        _policy = null;
        if (_inUse.Length != servers.Length)
        {
            (_inUse, _weights) = (new bool[servers.Length], new float[servers.Length]);
        }
    }

    /// <summary>Finds out who is in use, and tells the policy.</summary>
    public void Announce(ReadOnlySpan<ServerSlot> servers, long now)
    {
        Availability.Announce(servers, options.Ejection.Panic, now, _inUse);
        if (_inUse.Contains(true))
        {
            _policy ??= Make(servers);
            _policy.SetAvailable(_inUse);
        }
        else
        {
            _policy = null;
        }
    }

    /// <summary>Sets the weights that hold now.</summary>
    public void SetWeights(ReadOnlySpan<ServerSlot> servers, WeightMode mode, LiveDecision decision, long now)
    {
        Decision = decision;
        for (int j = 0; j < servers.Length; j++)
        {
            ServerSlot server = servers[j];
            bool learned = mode == WeightMode.Learned && server.Number < decision.Weights.Length;
            double weight = learned ? decision.Weights[server.Number] : server.ConfiguredWeight;
            server.Weight = weight * SlowStart.Share(now - server.InUseSince, _slowStart);
            _weights[j] = (float)server.Weight;
        }
        if (_policy is IWeightedPolicy policy)
        {
            policy.SetWeights(_weights);
        }
    }

    /// <returns>Null when nobody is in use.</returns>
    public (ServerSlot? Server, PickReason Reason) Choose(ReadOnlySpan<ServerSlot> servers, uint hash, long now)
    {
        if (_policy is null)
        {
            return default;
        }
        int due = _floor.Next(servers);
        if (due >= 0)
        {
            return (servers[due], PickReason.Floor);
        }
        _job.Hash = _hashesClients ? hash : random.NextUInt32();
        return (servers[_policy.Choose(_job, now)], PickReason.Policy);
    }

    public void Opened(ServerSlot server, long now)
    {
        if (server.Index >= 0)
        {
            _policy?.Opened(server.Index, now);
        }
    }

    public void Closed(ServerSlot server, long duration, long now)
    {
        if (server.Index >= 0)
        {
            _policy?.Closed(server.Index, duration, now);
        }
    }

    /// <summary>An answer to a probe; null: there was none in time.</summary>
    public void Replied(ServerSlot server, in ProbeReply? reply, long sent, long now)
    {
        if (_policy is not IProbingPolicy policy || server.Index < 0)
        {
            return;
        }
        if (reply is { } answer)
        {
            policy.Replied(server.Index, answer, now);
        }
        else
        {
            policy.Unanswered(server.Index, sent);
        }
    }

    private IDispatchPolicy Make(ReadOnlySpan<ServerSlot> servers)
    {
        double[] weights = new double[servers.Length];
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = servers[j].ConfiguredWeight;
        }
        PolicyContext context = new(weights, random, _probes ??= probes(), new ProbeOptions(), Truth: null);
        IDispatchPolicy policy = DispatchPolicies.Create(_rule, context);
        foreach (ServerSlot server in servers)
        {
            for (int place = 0; place < server.Places; place++)
            {
                policy.Opened(server.Index, 0);
            }
        }
        return policy;
    }
}
