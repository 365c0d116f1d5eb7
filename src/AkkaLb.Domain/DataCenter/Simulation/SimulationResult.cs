using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>What happened to one job.</summary>
/// <param name="Created">When the client sent it, ticks.</param>
/// <param name="Completion">Until the client had its reply, and the penalty of a rejected job with it; −1 when the run ended
/// before.</param>
/// <param name="Server">−1 when no server was available.</param>
public readonly record struct JobRecord(long Created, long Completion, int Server, byte Class, bool Rejected)
{
    /// <summary>Of a job that counts as rejected: a dead server was to blame, and nobody refused it.</summary>
    public bool Lost { get; init; }

    /// <summary>A job that has no answer yet.</summary>
    public static JobRecord Sent(in Job job) => new(job.Created, -1, -1, job.Class, false);

    /// <summary>A job whose answer left its server, or its load balancer when no server was available.</summary>
    /// <param name="left">When; the answer travels on to the client.</param>
    public static JobRecord Ended(in Job job, long left) => new(
        job.Created, left + job.ToClient - job.Created + (job.Rejected ? LoadBalancer.RejectPenalty : 0), job.Server, job.Class,
        job.Rejected)
    {
        Lost = job.TimedOut,
    };
}

/// <summary>The servers at one time.</summary>
/// <param name="Time">Ticks.</param>
/// <param name="Jobs">Present on each server.</param>
/// <param name="RemainingTimes">Seconds of work left on each server.</param>
/// <param name="Busy">Busy threads of each server.</param>
/// <param name="ProcessorUse">Share of each server's processors that work, 0 to 1.</param>
public sealed record LoadSample(long Time, int[] Jobs, float[] RemainingTimes, int[] Busy, float[] ProcessorUse);

/// <summary>A reply to a probe, when it reached its load balancer.</summary>
/// <param name="Time">Ticks.</param>
public readonly record struct ProbeRecord(long Time, int LoadBalancer, int Server, ProbeReply Reply);

/// <summary>The outcome of a simulated episode.</summary>
/// <param name="Jobs">By job number, so that the same place of two runs of one seed is the same job; empty when jobs are not
/// recorded.</param>
/// <param name="Completed">Jobs that came to their end, rejected ones too.</param>
/// <param name="Events">Arrivals at load balancers and servers, ends of stages, closes, probes, controls.</param>
/// <param name="Probes">Probes that load balancers sent.</param>
public sealed record SimulationResult(
    IReadOnlyList<JobRecord> Jobs, long Completed, long Events, long Probes, IReadOnlyList<LoadSample> Loads)
{
    /// <summary>In order of time; empty when replies are not recorded.</summary>
    public IReadOnlyList<ProbeRecord> Replies { get; init; } = [];

    /// <summary>What each load balancer met with; empty where nothing is done about failures.</summary>
    public IReadOnlyList<FailureReport> Failures { get; init; } = [];
}
