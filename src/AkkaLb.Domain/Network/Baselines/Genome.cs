using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>A candidate solution of the searches: one integer weight per link.</summary>
internal static class Genome
{
    public static int[] Random(Topology topology, int maxWeight, RandomStream stream)
    {
        var genome = new int[topology.LinkCount];
        foreach (ref int weight in genome.AsSpan())
        {
            weight = 1 + stream.NextInt32(maxWeight);
        }

        return genome;
    }
}
