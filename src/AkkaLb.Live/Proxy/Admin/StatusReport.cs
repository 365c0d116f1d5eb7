using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Hosting;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>A cluster's status, gathered.</summary>
internal static class StatusReport
{
    // The upper end is what matters of a distribution of latencies.
    private static readonly double[] Shares =
        [.. Enumerable.Range(0, 48).Select(i => i / 50.0), 0.96, 0.97, 0.98, 0.99, 0.995, 0.999];

    public static ClusterStatus Of(ClusterControl control)
    {
        BalancedCluster cluster = control.Cluster;
        LiveDecision decision = cluster.Plane.Decision;
        long now = cluster.Clock.Now;
        List<ServerStatus> servers = [];
        List<LatencyWindow> latencies = [];
        cluster.WithServers(all =>
        {
            foreach (ServerSlot server in all.Present)
            {
                servers.Add(Of(server, decision, now));
                latencies.Add(server.Latency!);
            }
            return false;
        });
        (int pairs, double? disadvantage) = control.Comparison.Standing;
        return new ClusterStatus(
            cluster.Options.Name, cluster.Options.Policy, ClusterRegistry.Word(control.Mode), control.ModeReason, decision.Number,
            decision.Reason,
            cluster.Plane.LastWord == WeightPlane.Never ? null : Ticks.ToSeconds(now - cluster.Plane.LastWord), Gap(servers),
            pairs, disadvantage, cluster.Ring.Dropped, servers, Latencies(latencies, now),
            cluster.LastPick is { } pick ? DecisionJournal.Request(cluster.Options.Name, pick.Decision, pick.Number) : null);
    }

    private static IReadOnlyList<LatencyShare> Latencies(List<LatencyWindow> latencies, long now) =>
        [.. LatencyWindow.Quantiles(latencies, Shares, now).Zip(Shares, (seconds, share) => new LatencyShare(seconds, share))];

    private static ServerStatus Of(ServerSlot server, LiveDecision decision, long now)
    {
        (double P50, double P99, double Mean)? latency = server.Latency?.Percentiles(now);
        Capacity? capacity = server.Number < decision.Capacities.Length ? decision.Capacities[server.Number] : null;
        return new ServerStatus(
            server.Name, server.Destination!.Model.Config.Address, server.State, server.Weight, server.ConfiguredWeight, server.InFlight,
            server.Held, server.Waiting.Length, server.Picks, server.Failures, server.Abandoned, latency?.P50, latency?.P99,
            latency?.Mean, capacity?.Rate, capacity?.Slots);
    }

    /// <summary>Over the servers of which everything is known that it takes.</summary>
    private static double? Gap(List<ServerStatus> servers)
    {
        ServerStatus[] known = [.. servers.Where(s => s is { State: "in use", Rate: not null, Mean: not null })];
        return known.Length == 0 ? null : EquilibriumGap.Of(
            [.. known.Select(s => (double)s.InFlight)], [.. known.Select(s => s.Rate!.Value)], [.. known.Select(s => s.Mean!.Value)]);
    }
}
