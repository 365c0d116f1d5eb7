using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Live.Load;

/// <summary>One request that will be sent.</summary>
/// <param name="Due">When it is to be sent, nanoseconds since the start; latency counts from then.</param>
/// <param name="Work">Service time, nanoseconds.</param>
/// <param name="Target">Which of the targets gets it.</param>
/// <param name="Class">Its class of the traffic.</param>
public readonly record struct PlannedRequest(long Due, long Work, int Target, byte Class);

/// <summary>All requests of a run, drawn before it begins: neither the machine nor the answers have a part in them.</summary>
internal static class RequestPlan
{
    /// <summary>
    /// Request k is the simulator's job k of this seed, of the first episode: its time, its work, and the load balancer it goes to.
    /// </summary>
    public static PlannedRequest[] Draw(TrafficOptions traffic, int targets, ulong seed)
    {
        TrafficSource source = new(traffic, targets, seed, episode: 0);
        List<PlannedRequest> requests = [];
        Job job = default;
        while (source.TryNext(ref job))
        {
            requests.Add(new PlannedRequest(job.Created, job.Processor + job.Disk, job.LoadBalancer, job.Class));
        }
        return [.. requests];
    }
}
