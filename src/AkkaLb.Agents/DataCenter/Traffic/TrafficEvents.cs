using System.Collections.Immutable;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.Traffic;

public static class TrafficEvents
{
    /// <param name="Jobs">By number; empty when jobs are not recorded.</param>
    public sealed record JobsReported(ImmutableArray<JobRecord> Jobs) : IDataCenterMessage;
}
