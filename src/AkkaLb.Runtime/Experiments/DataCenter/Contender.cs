using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>A row of the table of policies: a dispatch policy, or one that learned controllers steer.</summary>
/// <param name="Name">Unique among those compared.</param>
/// <param name="IsGlobal">Knows the true state of all servers.</param>
/// <param name="Episode">
/// How to play a repetition, by its number. Seed and episode must be those of the other contenders, so that all meet the same jobs;
/// controllers must be in their initial state.
/// </param>
internal sealed record Contender(string Name, bool IsGlobal, Func<ulong, SimulationOptions> Episode)
{
    /// <summary>A policy that does not learn.</summary>
    /// <param name="policy">One of <see cref="DispatchPolicies.Names"/>.</param>
    public static Contender Classic(string policy, ulong seed) =>
        new(policy, DispatchPolicies.IsGlobal(policy), repetition =>
            new SimulationOptions(policy, seed, repetition) { RecordReplies = true });
}
