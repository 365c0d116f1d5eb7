using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Estimation;

/// <summary>
/// The load balancer of the simulator, told what passed through a real one: it samples the same statistics, so that a policy that was
/// trained in the simulator sees real traffic as it saw simulated traffic.
/// </summary>
public sealed class TrafficTwin
{
    private readonly Told _told = new();
    private readonly LoadBalancer _balancer;
    private readonly LoadBalancerObservation _observation;
    private readonly Dictionary<long, Job> _open = [];
    private long _begun = -1;

    /// <param name="servers">N of the policy.</param>
    /// <param name="random">The stream of the samples.</param>
    public TrafficTwin(int servers, SamplingOptions sampling, RandomStream random)
    {
        Servers = servers;
        _balancer = new LoadBalancer(new LoadBalancerId(0), _told, servers, sampling, random);
        _observation = new LoadBalancerObservation(new LoadBalancerId(0), servers);
        _balancer.SetAvailable([.. Enumerable.Repeat(true, servers)]);
    }

    public int Servers { get; }

    public void Observe(in Passage passage)
    {
        if (passage.Server >= Servers)
        {
            return;
        }
        if (passage.Kind == PassageKind.Started)
        {
            _told.Server = passage.Server;
            Job job = new() { Number = passage.Number };
            _balancer.TryOpen(ref job, passage.Time);
            _open[passage.Number] = job;
        }
        else if (passage.Kind is not (PassageKind.Freed or PassageKind.Seen) && _open.Remove(passage.Number, out Job job))
        {
            job.Rejected = passage.Kind != PassageKind.Answered;
            _balancer.Close(job, passage.Time);
        }
    }

    /// <summary>What the policy is shown now; the same object every time.</summary>
    public LoadBalancerObservation Describe(ReadOnlySpan<bool> available, long now, int moment)
    {
        _begun = _begun < 0 ? now : _begun;
        _balancer.Observe(now, _observation);
        available[..Servers].CopyTo(_observation.Available);
        (_observation.Moment, _observation.Time) = (moment, Ticks.ToSeconds(now - _begun));
        return _observation;
    }

    /// <summary>Chooses what was chosen.</summary>
    private sealed class Told : IDispatchPolicy
    {
        public int Server { get; set; }

        public int Choose(in Job job, long now) => Server;

        public void SetAvailable(ReadOnlySpan<bool> available)
        {
        }
    }
}
