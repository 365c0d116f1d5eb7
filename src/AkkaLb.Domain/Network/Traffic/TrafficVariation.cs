using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Many networks to learn on at once: the same topology under other gravity traffic, of other intensity, with a failed link or without.
/// What is learnt on one set of flows fits that set; what is learnt on many has to be right on those that come.
/// </summary>
/// <param name="Sets">Networks to learn on, at least 1; the first is the run's own, the others are drawn.</param>
/// <param name="LoadSpread">
/// Mean loads are uniform in mean · (1 ± this), 0 to below 1; where the topology cannot carry one, the set has the mean.
/// </param>
/// <param name="Failures">Share of the networks in which a drawn link is down, in both directions, 0 to 1.</param>
public sealed record TrafficVariation(int Sets, double LoadSpread, double Failures)
{
    /// <summary>The flows of a set that is drawn, and what is missing in it.</summary>
    /// <param name="options">Whose mean load is varied; sets of other seeds have nothing in common with these.</param>
    /// <param name="set">From 1.</param>
    /// <exception cref="InvalidInputException">The flows cannot be generated.</exception>
    public (FlowSet Flows, TopologyChanges Changes) Draw(
        Topology topology, GravityOptions options, int set, CancellationToken cancellation = default)
    {
        RandomStream random = new(options.Seed, $"variation/{set}");
        GravityOptions varied = options with
        {
            Seed = random.NextUInt64(),
            MeanLoad = options.MeanLoad * (1 + LoadSpread * (2 * random.NextDouble() - 1)),
        };
        bool fails = random.NextDouble() < Failures;
        FlowSet flows = Generate(topology, varied, options.MeanLoad, cancellation);
        return (flows, fails && DrawFailure(topology, random) is { } link ? TopologyChanges.Without(link) : TopologyChanges.None);
    }

    private static FlowSet Generate(Topology topology, GravityOptions varied, double mean, CancellationToken cancellation)
    {
        try
        {
            return new GravityFlowGenerator(topology, varied).Generate(cancellation).Flows;
        }
        catch (InvalidInputException) when (varied.MeanLoad > mean)
        {
            return new GravityFlowGenerator(topology, varied with { MeanLoad = mean }).Generate(cancellation).Flows;
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
