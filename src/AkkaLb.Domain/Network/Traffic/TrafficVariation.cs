using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Many networks to learn on at once: topologies under other gravity traffic, of other intensity, with a failed link or without.
/// What is learnt on one set of flows fits that set; what is learnt on many has to be right on those that come.
/// </summary>
/// <param name="Sets">Networks of a topology, at least 1; of the run's own topology the first is its own, the others are drawn.</param>
/// <param name="LoadSpread">
/// Mean loads are uniform in mean · (1 ± this), 0 to below 1; where the topology cannot carry one, the set has the mean.
/// </param>
/// <param name="Failures">Share of the networks in which a drawn link is down, in both directions, 0 to 1.</param>
public sealed record TrafficVariation(int Sets, double LoadSpread, double Failures)
{
    private const double LeastLoad = 0.01;

    /// <summary>Topologies that are drawn, beside the run's own.</summary>
    public int Graphs { get; init; }

    /// <summary>What these are like.</summary>
    public WaxmanTopology Graph { get; init; } = new(8, 16);

    /// <summary>Whether there is more than the run's own network.</summary>
    public bool Varies => Sets > 1 || Graphs > 0;

    /// <summary>A topology that is drawn.</summary>
    /// <param name="seed">Topologies of another seed have nothing in common with these.</param>
    /// <param name="graph">From 1.</param>
    public Topology DrawGraph(ulong seed, int graph) => Graph.Draw(new RandomStream(seed, $"variation/graph-{graph}"), $"graph-{graph}");

    /// <summary>The flows of a set that is drawn, and what is missing in it.</summary>
    /// <param name="options">Whose mean load is varied; sets of other seeds have nothing in common with these.</param>
    /// <param name="graph">The topology's number; 0: the run's own.</param>
    /// <param name="set">From 0; of the run's own topology from 1.</param>
    /// <exception cref="InvalidInputException">The flows cannot be generated.</exception>
    public (FlowSet Flows, TopologyChanges Changes) Draw(
        Topology topology, GravityOptions options, int graph, int set, CancellationToken cancellation = default)
    {
        RandomStream random = new(options.Seed, graph == 0 ? $"variation/{set}" : $"variation/graph-{graph}/{set}");
        GravityOptions varied = options with
        {
            Seed = random.NextUInt64(),
            MeanLoad = options.MeanLoad * (1 + LoadSpread * (2 * random.NextDouble() - 1)),
        };
        bool fails = random.NextDouble() < Failures;
        FlowSet flows = Generate(topology, varied, options.MeanLoad, graph > 0, cancellation);
        return (flows, fails && DrawFailure(topology, random) is { } link ? TopologyChanges.Without(link) : TopologyChanges.None);
    }

    /// <summary>What a topology cannot carry becomes the mean load, and on a drawn one a half of that, a fourth and so on.</summary>
    private static FlowSet Generate(Topology topology, GravityOptions varied, double mean, bool drawn, CancellationToken cancellation)
    {
        for (double load = varied.MeanLoad; ; load = load > mean ? mean : load / 2)
        {
            try
            {
                return new GravityFlowGenerator(topology, varied with { MeanLoad = load }).Generate(cancellation).Flows;
            }
            catch (InvalidInputException) when (load > mean || (drawn && load > LeastLoad))
            {
            }
        }
    }

    /// <summary>A link without which all nodes still reach each other, with those beside it and back; null when there is none.</summary>
    private static LinkId[]? DrawFailure(Topology topology, RandomStream random)
    {
        int first = random.NextInt32(topology.LinkCount);
        for (int offset = 0; offset < topology.LinkCount; offset++)
        {
            Link drawn = topology.Links[(first + offset) % topology.LinkCount];
            LinkId[] down =
            [
                .. Enumerable.Range(0, topology.LinkCount)
                    .Where(index => Joins(topology.Links[index], drawn))
                    .Select(index => new LinkId(index)),
            ];
            Topology left = topology.Without(down.ToHashSet());
            if (Enumerable.Range(0, left.NodeCount).All(node => !left.HopDistancesTo(new NodeId(node)).Contains(-1)))
            {
                return down;
            }
        }
        return null;
    }

    private static bool Joins(Link link, Link other) =>
        (link.From == other.From && link.To == other.To) || (link.From == other.To && link.To == other.From);
}
