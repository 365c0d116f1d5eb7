using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>Carries probes to servers and replies back, with delays drawn from a stream of each load balancer.</summary>
internal sealed class ProbeNetwork
{
    private readonly EventQueue _queue;
    private readonly long _patience, _checkPatience;
    private readonly Sender[] _senders;
    private readonly ProbeDelays[] _checks;
    private Probe[] _probes = new Probe[16];
    private int[] _free = new int[16];
    private int _freeCount, _used;

    public ProbeNetwork(DataCenterModel model, ulong seed, ulong episode, EventQueue queue)
    {
        (_queue, _patience, _checkPatience) = (queue, model.Probing.Patience, model.Failures.Health?.Timeout ?? 0);
        _senders = [.. Enumerable.Range(0, model.LoadBalancers).Select(i =>
            new Sender(this, i, new ProbeDelays(model.Probing, new LoadBalancerId(i), seed, episode)))];
        _checks = [.. Enumerable.Range(0, model.LoadBalancers).Select(i =>
            new ProbeDelays(model.Probing, new LoadBalancerId(i), seed, episode, ProbeDelays.Checks))];
    }

    /// <summary>The time at which probes are being sent.</summary>
    public long Now { get; set; }

    /// <summary>Probes of policies; checks are not counted.</summary>
    public long Sent { get; private set; }

    public IProbes Of(int loadBalancer) => _senders[loadBalancer];

    public int ServerOf(int probe) => _probes[probe].Server;

    /// <summary>The probe is at its server: takes the reply, which a dead server does not give.</summary>
    public void Answer(long now, int probe, ServerModel server)
    {
        ref Probe sent = ref _probes[probe];
        if (!server.IsUp)
        {
            _queue.Push(Math.Max(now, sent.Sent + (sent.IsCheck ? _checkPatience : _patience)), EventKind.ProbeTimeout.Of(probe));
            return;
        }
        sent.Reply = server.Probe();
        _queue.Push(now + sent.Delay, EventKind.ProbeReply.Of(probe));
    }

    /// <summary>A load balancer asks all servers that it watches for their health.</summary>
    public void Check(long now, int loadBalancer, ReadOnlySpan<bool> watched)
    {
        for (int j = 0; j < watched.Length; j++)
        {
            if (watched[j])
            {
                Push(new Probe { LoadBalancer = loadBalancer, Server = j, Sent = now, IsCheck = true }, _checks[loadBalancer]);
            }
        }
    }

    /// <summary>The reply is at its load balancer.</summary>
    /// <returns>Null for that to a check.</returns>
    public ProbeRecord? Deliver(long now, int probe, LoadBalancer[] loadBalancers)
    {
        Probe answered = _probes[probe];
        _free[_freeCount++] = probe;
        if (answered.IsCheck)
        {
            loadBalancers[answered.LoadBalancer].Checked(answered.Server, passed: true, now);
            return null;
        }
        ((IProbingPolicy)loadBalancers[answered.LoadBalancer].Policy).Replied(answered.Server, answered.Reply, now);
        return new ProbeRecord(now, answered.LoadBalancer, answered.Server, answered.Reply);
    }

    /// <summary>Its load balancer waits for the reply no longer.</summary>
    public void GiveUp(long now, int probe, LoadBalancer[] loadBalancers)
    {
        Probe lost = _probes[probe];
        _free[_freeCount++] = probe;
        if (lost.IsCheck)
        {
            loadBalancers[lost.LoadBalancer].Checked(lost.Server, passed: false, now);
            return;
        }
        ((IProbingPolicy)loadBalancers[lost.LoadBalancer].Policy).Unanswered(lost.Server, lost.Sent);
    }

    private void Push(Probe probe, ProbeDelays delays)
    {
        if (_freeCount == 0 && _used == _probes.Length)
        {
            Array.Resize(ref _probes, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }
        int place = _freeCount > 0 ? _free[--_freeCount] : _used++;
        (long there, probe.Delay) = delays.Next();
        _probes[place] = probe;
        _queue.Push(probe.Sent + there, EventKind.ProbeAtServer.Of(place));
    }

    private struct Probe
    {
        public int LoadBalancer, Server;
        public long Sent, Delay;
        public ProbeReply Reply;
        public bool IsCheck;
    }

    private sealed class Sender(ProbeNetwork network, int loadBalancer, ProbeDelays delays) : IProbes
    {
        public void Send(int server)
        {
            network.Sent++;
            network.Push(new Probe { LoadBalancer = loadBalancer, Server = server, Sent = network.Now }, delays);
        }
    }
}
