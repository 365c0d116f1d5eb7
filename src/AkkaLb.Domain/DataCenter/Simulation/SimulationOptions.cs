using AkkaLb.Domain.DataCenter.Control;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>One episode of a data centre.</summary>
/// <param name="Policy">One of <see cref="Policies.DispatchPolicies.Names"/>.</param>
/// <param name="Seed">Root of all draws.</param>
/// <param name="Episode">Same seed and episode: same jobs, whatever the policy.</param>
public sealed record SimulationOptions(string Policy, ulong Seed, ulong Episode = 0)
{
    /// <summary>One for each load balancer, or none; they set the weights of a policy that takes weights.</summary>
    public IReadOnlyList<ILoadBalancerController> Controllers { get; init; } = [];

    /// <summary>True: jobs that arrived are worked off after the end of arrivals. False: the run ends there.</summary>
    public bool Drain { get; init; } = true;

    /// <summary>Keep a record of every job.</summary>
    public bool RecordJobs { get; init; } = true;

    /// <summary>Keep a record of every reply to a probe.</summary>
    public bool RecordReplies { get; init; }

    /// <summary>Is told of every event when its time has come, in order; for logs and tests.</summary>
    public Action<long, EventKind>? Observer { get; init; }

    /// <summary>Tell controllers the true loads of servers, which takes time in proportion to the jobs present.</summary>
    public bool ObserveTrueLoads { get; init; }
}
