using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>Carries probes to servers and replies back, with delays drawn from a stream of each load balancer.</summary>
internal sealed class ProbeNetwork
{
    private readonly EventQueue _queue;
    private readonly long _patience;
    private readonly Sender[] _senders;
    private Probe[] _probes = new Probe[16];
    private int[] _free = new int[16];
    private int _freeCount, _used;

    public ProbeNetwork(ProbeOptions options, int loadBalancers, ulong seed, ulong episode, EventQueue queue)
    {
        (_queue, _patience) = (queue, options.Patience);
        _senders = [.. Enumerable.Range(0, loadBalancers).Select(i =>
            new Sender(this, i, new ProbeDelays(options, new LoadBalancerId(i), seed, episode)))];
    }

    /// <summary>The time at which probes are being sent.</summary>
    public long Now { get; set; }

    public long Sent { get; private set; }

    public IProbes Of(int loadBalancer) => _senders[loadBalancer];

    public int ServerOf(int probe) => _probes[probe].Server;

    /// <summary>The probe is at its server: takes the reply, which a dead server does not give.</summary>
    public void Answer(long now, int probe, ServerModel server)
    {
        ref Probe sent = ref _probes[probe];
        if (!server.IsUp)
        {
            _queue.Push(Math.Max(now, sent.Sent + _patience), EventKind.ProbeTimeout.Of(probe));
            return;
        }
        sent.Reply = server.Probe();
        _queue.Push(now + sent.Delay, EventKind.ProbeReply.Of(probe));
    }

    /// <summary>The reply is at its load balancer.</summary>
    public ProbeRecord Deliver(long now, int probe, LoadBalancer[] loadBalancers)
    {
        Probe answered = _probes[probe];
        _free[_freeCount++] = probe;
        ((IProbingPolicy)loadBalancers[answered.LoadBalancer].Policy).Replied(answered.Server, answered.Reply, now);
        return new ProbeRecord(now, answered.LoadBalancer, answered.Server, answered.Reply);
    }

    /// <summary>Its load balancer waits for the reply no longer.</summary>
    public void GiveUp(int probe, LoadBalancer[] loadBalancers)
    {
        Probe lost = _probes[probe];
        _free[_freeCount++] = probe;
        ((IProbingPolicy)loadBalancers[lost.LoadBalancer].Policy).Unanswered(lost.Server, lost.Sent);
    }

    private void Send(int loadBalancer, int server, ProbeDelays delays)
    {
        if (_freeCount == 0 && _used == _probes.Length)
        {
            Array.Resize(ref _probes, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }
        int probe = _freeCount > 0 ? _free[--_freeCount] : _used++;
        (long there, long back) = delays.Next();
        _probes[probe] = new Probe { LoadBalancer = loadBalancer, Server = server, Sent = Now, Delay = back };
        _queue.Push(Now + there, EventKind.ProbeAtServer.Of(probe));
        Sent++;
    }

    private struct Probe
    {
        public int LoadBalancer, Server;
        public long Sent, Delay;
        public ProbeReply Reply;
    }

    private sealed class Sender(ProbeNetwork network, int loadBalancer, ProbeDelays delays) : IProbes
    {
        public void Send(int server) => network.Send(loadBalancer, server, delays);
    }
}
