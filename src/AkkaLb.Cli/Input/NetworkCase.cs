using System.Collections.Frozen;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Input;

/// <summary>A network with its traffic and how it is routed, as the user's options say.</summary>
/// <param name="Flows">Null where the traffic is demands.</param>
/// <param name="Demands">Null where the traffic is flows.</param>
internal sealed record NetworkCase(
    Topology Topology, RoutingRule Routing, IReadOnlyList<ActiveFlow>? Flows, IReadOnlyList<Demand>? Demands)
{
    /// <summary>Links of the topology that was read which are down, and not in <see cref="Topology"/>.</summary>
    public IReadOnlySet<LinkId> Missing { get; init; } = FrozenSet<LinkId>.Empty;

    /// <summary>For people: over which links, and how traffic is split.</summary>
    public string Describe(ITrafficRouter router) => $"routing {RoutingWords}, split {router.Splitting}";

    private string RoutingWords => Routing.Model switch
    {
        RoutingModel.Igp when IgpPathCalculator.HasOwnMetrics(Topology) => "igp (the file's metrics)",
        RoutingModel.Igp => "igp (inverse capacities)",
        RoutingModel.Shortest => "shortest hops",
        RoutingModel.KShortestPaths when IgpPathCalculator.HasOwnMetrics(Topology) =>
            $"{Routing.PathCount} shortest paths (the file's metrics)",
        RoutingModel.KShortestPaths => $"{Routing.PathCount} shortest paths (inverse capacities)",
        _ => "dag",
    };

    /// <summary>What is left without links that are down; flows that have no path there are counted and not refused.</summary>
    /// <param name="file">Says what is missing, named in errors.</param>
    /// <param name="at">When, in ms.</param>
    /// <exception cref="InvalidInputException">Nothing is left.</exception>
    public NetworkCase Without(IReadOnlySet<LinkId> missing, string file, long at) => missing.Count < Topology.LinkCount
        ? this with { Topology = Topology.Without(missing), Missing = missing }
        : throw new InvalidInputException(
            $"{file}: missing_nodes and missing_links: expected links of {Topology.Name} that are left at {at} ms (--at), found none");

    /// <summary>Of values of all links that were read those of the links that are left.</summary>
    public double[] Left(IEnumerable<double> values) => [.. values.Where((_, link) => !Missing.Contains(new LinkId(link)))];

    /// <param name="allowDisconnected">Where no link is missing, too.</param>
    /// <param name="cancellation">Ends finding paths that have weights of their own, which may take a minute.</param>
    public ITrafficRouter Router(bool allowDisconnected = false, CancellationToken cancellation = default)
    {
        allowDisconnected |= Missing.Count > 0;
        if (Routing.Model == RoutingModel.KShortestPaths)
        {
            return Demands is null && Routing.Hash != FlowHash.Fluid
                ? new PathRouter(Topology, Flows!, Routing.PathCount, Routing.HashSeed, allowDisconnected, cancellation)
                : new PathRouter(
                    Topology,
                    Demands ?? [.. Flows!.Select(flow => new Demand(flow.Start, flow.End, flow.Rate))],
                    Routing.PathCount, allowDisconnected, cancellation);
        }
        IPathCalculator paths = Routing.Paths(Topology);
        return Demands is null
            ? Routing.Router(Topology, Flows!, paths, allowDisconnected)
            : new FluidRouter(Topology, Demands, paths, allowDisconnected);
    }

    /// <summary>All traffic as demands, one for each ordered pair of nodes that has some.</summary>
    public IReadOnlyList<Demand> AsDemands() => Demands ?? [.. Flows!.GroupBy(flow => (flow.Start, flow.End))
        .Select(pair => new Demand(pair.Key.Start, pair.Key.End, pair.Sum(flow => flow.Rate)))];

    /// <summary>Routes as a fluid whatever the traffic is.</summary>
    public FluidRouter Fluid() => new(Topology, AsDemands(), Routing.Paths(Topology), allowDisconnected: Missing.Count > 0);

    /// <exception cref="InvalidInputException">There is nothing to route.</exception>
    public NetworkCase NotEmpty() => (Flows?.Count ?? Demands!.Count) > 0
        ? this
        : throw new InvalidInputException($"{Topology.Name}: expected traffic to route (flows that are active at --at), found none");
}
