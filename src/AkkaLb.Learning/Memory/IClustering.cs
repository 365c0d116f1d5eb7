using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Memory;

/// <summary>Divides states into groups of similar ones.</summary>
internal interface IClustering
{
    /// <summary>The cluster of every row, 0 … clusters − 1; some may stay empty.</summary>
    /// <param name="clusters">1 … number of rows.</param>
    /// <param name="refine">False for the short form of which the published code makes its later reductions.</param>
    int[] Assign(KeyTable keys, int clusters, RandomStream random, bool refine);
}
