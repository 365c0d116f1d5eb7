using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Learning.Tests.Memory;

public class ClusteringTests
{
    private static readonly float[][] Centres = [[0, 0], [5, 0], [0, 5], [5, 5], [10, 10]];

    [Fact]
    public void KMeans_ManyCentres_NoCentreSpansTwoGroups()
    {
        KeyTable keys = Groups(20);
        int[] labels = new MiniBatchKMeans().Assign(keys, 40, new RandomStream(1, "clusters"), refine: true);
        labels.ShouldAllBe(label => label >= 0 && label < 40);
        foreach (IGrouping<int, int> cluster in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]))
        {
            cluster.Select(row => row % Centres.Length).Distinct().Count().ShouldBe(1);
        }
    }

    [Fact]
    public void KMeans_Refined_IsTighterThanOneStep()
    {
        KeyTable keys = Groups(40);
        Spread(refine: true).ShouldBeLessThan(Spread(refine: false));

        double Spread(bool refine)
        {
            int[] labels = new MiniBatchKMeans().Assign(keys, 12, new RandomStream(2, "clusters"), refine);
            return Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]).Sum(cluster =>
            {
                List<float[]> members = [.. cluster.Select(row => { float[] key = new float[2]; keys.Read(row, key); return key; })];
                float[] mean = [members.Average(m => m[0]), members.Average(m => m[1])];
                return members.Sum(m => Math.Pow(States.Distance(DistanceMetric.Euclidean, m, mean), 2));
            });
        }
    }

    /// <summary>Raw weights grow with an episode's horizons, so that squares of their differences may leave what a float holds.</summary>
    [Fact]
    public void KMeans_RowsFartherApartThanAFloatHolds_HaveAClusterAllTheSame()
    {
        KeyTable keys = new(2, DistanceMetric.Euclidean);
        for (int row = 0; row < 6; row++)
        {
            keys.Add([0.5f, (row - 3) * 1e20f]);
        }
        int[] labels = new MiniBatchKMeans().Assign(keys, 4, new RandomStream(1, "clusters"), refine: true);
        labels.ShouldAllBe(label => label >= 0 && label < 4);
    }

    [Fact]
    public void Options_MoreEntriesThanAverageLinkageHoldsDistancesOf_AreRefused()
    {
        ExperienceOptions options = new()
        {
            Representatives = RepresentativeSelection.Clusters, Clustering = ClusteringMethod.Agglomerative,
        };
        (options with { Size = 32_768 }).Problems().ShouldBeEmpty();
        (options with { Size = 32_769 }).Problems().ShouldHaveSingleItem()
            .ShouldBe("memory size is 32769, expected 1 … 32768 with agglomerative clustering");
        (options with { Size = 65_536, Representatives = RepresentativeSelection.DeltaNet }).Problems().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DistanceMetric.Euclidean)]
    [InlineData(DistanceMetric.Manhattan)]
    [InlineData(DistanceMetric.Cosine)]
    public void AverageLinkage_EqualsMergingByTheDefinition(DistanceMetric metric)
    {
        var random = new RandomStream(4, "points");
        List<float[]> states = [.. Enumerable.Range(0, 40).Select(_ => States.Draw(random, 4))];
        KeyTable keys = new(4, metric);
        states.ForEach(state => keys.Add(state));
        List<List<int>> clusters = [.. Enumerable.Range(0, 40).Select(i => new List<int> { i })];
        while (clusters.Count > 11)
        {
            (List<int> a, List<int> b) = clusters
                .SelectMany((a, i) => clusters.Skip(i + 1).Select(b => (a, b)))
                .MinBy(pair => pair.a.SelectMany(x => pair.b.Select(y => States.Distance(metric, states[x], states[y]))).Average());
            a.AddRange(b);
            clusters.Remove(b);
        }

        int[] labels = new AverageLinkage().Assign(keys, 11, random, refine: true);
        labels.Distinct().Order().ShouldBe(Enumerable.Range(0, 11));
        foreach (List<int> cluster in clusters)
        {
            cluster.Select(row => labels[row]).Distinct().Count().ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(ClusteringMethod.MiniBatchKMeans)]
    [InlineData(ClusteringMethod.Agglomerative)]
    public void Clustered_Full_KeepsTheNewestOfEachCluster(ClusteringMethod clustering)
    {
        ClusteredRepresentatives store = new(2, 1, DistanceMetric.Euclidean, 20, Method(clustering), new RandomStream(1, "store"));
        KeyTable groups = Groups(6);
        Fill(store, groups, 25);
        store.Count.ShouldBe(25);
        Fill(store, groups, 26, from: 25);
        store.Count.ShouldBeLessThanOrEqualTo(21);
        for (int row = 20; row < 26; row++)
        {
            // The newest of a group of five is the newest of its cluster.
            float[] key = new float[2];
            groups.Read(row, key);
            store.Find(key, 1e-3, out _).ShouldBeTrue();
        }
    }

    [Fact]
    public void Published_SearchesTheMainPartOnly_AndFillsItUpWhenTheSideIsFull()
    {
        PublishedRepresentatives store = new(2, 1, DistanceMetric.Euclidean, 20, new MiniBatchKMeans(), new RandomStream(1, "store"));
        KeyTable groups = Groups(8);
        Fill(store, groups, 30);
        store.Count.ShouldBe(30, "a side of a quarter is doubled when that is small");
        float[] inSide = new float[2];
        groups.Read(29, inSide);
        store.Find(inSide, 1e-3, out _).ShouldBeFalse();
        Fill(store, groups, 31, from: 30);
        store.Count.ShouldBe(21);
        store.Expire(long.MaxValue);
        store.Count.ShouldBe(21);
    }

    /// <summary>Section 5.2: a side of int(size/4) rows, doubled if that is less than 32.</summary>
    [Theory]
    [InlineData(512, 128)]
    [InlineData(1024, 256)]
    [InlineData(256, 64)]
    [InlineData(100, 50)]
    public void Published_OfThePublishedSizes_HasThePublishedSide(int size, int side)
    {
        PublishedRepresentatives store = new(2, 1, DistanceMetric.Euclidean, size, new InTurn(), new RandomStream(1, "store"));
        KeyTable groups = Groups((size + side) / Centres.Length + 1);
        Fill(store, groups, size + side);
        store.Count.ShouldBe(size + side);
        Fill(store, groups, size + side + 1, from: size + side);
        store.Count.ShouldBe(size + 1, "one more than the side holds starts the defragmentation");
    }

    private static IClustering Method(ClusteringMethod method) => method == ClusteringMethod.Agglomerative
        ? new AverageLinkage()
        : new MiniBatchKMeans();

    /// <summary>Clusters without a look at the rows.</summary>
    private sealed class InTurn : IClustering
    {
        public int[] Assign(KeyTable keys, int clusters, RandomStream random, bool refine) =>
            [.. Enumerable.Range(0, keys.Count).Select(row => row % clusters)];
    }

    private static void Fill(IRepresentatives store, KeyTable groups, int end, int from = 0)
    {
        float[] key = new float[2];
        for (int row = from; row < end; row++)
        {
            groups.Read(row, key);
            store.Remember(new ExperienceCase(key, [row], 0, 0, row), 0.01);
        }
    }

    /// <summary>Points around five centres, in turn.</summary>
    private static KeyTable Groups(int each)
    {
        var random = new RandomStream(5, "groups");
        KeyTable keys = new(2, DistanceMetric.Euclidean);
        for (int i = 0; i < each * Centres.Length; i++)
        {
            float[] centre = Centres[i % Centres.Length];
            keys.Add([centre[0] + 0.2f * (float)random.NextGaussian(), centre[1] + 0.2f * (float)random.NextGaussian()]);
        }

        return keys;
    }
}
