using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.Traffic;

public static class TrafficEvents
{
    /// <param name="Jobs">By number; empty when jobs are not recorded. Shared, never written again.</param>
    public sealed record JobsReported(IReadOnlyList<JobRecord> Jobs);
}
