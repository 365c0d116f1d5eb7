using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Live.Load;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Testbed;

/// <summary>The simulator on the very requests of a run: same times, same work, same servers, same events.</summary>
internal static class SimulatedTwin
{
    // Loopback and a proxy: a request travels some 0.1 ms in all.
    private static readonly (int Low, int High) Hop = (10_000, 30_000);

    /// <summary>What the proxy's agent estimates of the servers, without all that stands above it.</summary>
    private const string LearnedRule = "sed-estimated";

    /// <summary>Figures of the requests after the warm-up; null when the simulator does not have the policy.</summary>
    public static LatencyFigures? Play(TestbedOptions options, TestbedCell cell, CancellationToken cancellation)
    {
        if (RuleOf(cell.Contender) is not { } rule)
        {
            return null;
        }
        LoadOptions load = CellRunner.LoadOf(options, cell);
        DataCenterModel model = new()
        {
            Servers = [.. options.Servers.Slots.Select((s, i) => new ServerOptions(s)
            {
                Capacity = s + options.Servers.Backlog, Speed = options.Servers.Speeds[i],
            })],
            LoadBalancers = cell.Proxies,
            Traffic = load.Traffic with { Hop = Hop },
            Weights = [.. cell.Contender.WeightsOf(options.Servers.Slots).Select(w => (double)w)],
            Changes = [.. options.Events.Select(Change).OfType<CapacityChange>()],
        };
        SimulationResult result = new DataCenterSimulation(model, new SimulationOptions(rule, cell.Seed)).Run(cancellation);
        long warm = Ticks.FromSeconds(load.WarmUp.TotalSeconds);
        return LatencyFigures.Of(result.Jobs.Where(j => j.Created >= warm).Select(j => new RequestOutcome(
            0, j.Completion, (short)(j.Rejected || j.Completion < 0 ? 503 : 200), (short)j.Server)));
    }

    /// <summary>
    /// The simulator's rule that does the same; none for peers, and for hashing of clients, of which a load generator is one and the
    /// simulator's jobs are many.
    /// </summary>
    private static string? RuleOf(Contender contender) =>
        contender.IsPeer || PolicyNames.HashesClients(contender.Balancer) ? null
        : contender.Balancer == PolicyNames.Learned ? LearnedRule
        : PolicyNames.OfSimulator(contender.Balancer);

    /// <summary>The simulator's change; null where it has none of the kind.</summary>
    private static CapacityChange? Change(ServerChange change)
    {
        CapacityChangeKind? kind = change.Kind switch
        {
            ServerChangeKind.Speed => CapacityChangeKind.Speed,
            ServerChangeKind.Fail => CapacityChangeKind.Fail,
            ServerChangeKind.Return => CapacityChangeKind.Return,
            ServerChangeKind.Add => CapacityChangeKind.Add,
            _ => null,
        };
        return kind is { } known
            ? new CapacityChange(
                Ticks.FromSeconds(change.Time.TotalSeconds), new ServerId(change.Server), known,
                known == CapacityChangeKind.Speed ? change.Value : 1)
            : null;
    }
}
