using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>A candidate solution of the searches: one integer weight per link, or per path.</summary>
internal static class Genome
{
    public static int[] Random(ITrafficRouter router, int maxWeight, RandomStream stream)
    {
        var genome = new int[router.WeightCount];
        foreach (ref int weight in genome.AsSpan())
        {
            weight = 1 + stream.NextInt32(maxWeight);
        }

        return genome;
    }
}
