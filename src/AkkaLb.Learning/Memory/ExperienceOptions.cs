namespace AkkaLb.Learning.Memory;

/// <summary>How a store condenses what it has seen.</summary>
public enum RepresentativeSelection
{
    /// <summary>Permanent representatives at least 2Δ apart and temporary ones between them.</summary>
    DeltaNet,

    /// <summary>One case of each cluster.</summary>
    Clusters,

    /// <summary>
    /// The published code's store: side buffer that is not searched, defragmentation, every case of an exchanging team kept.
    /// </summary>
    Reference,
}

/// <summary>How cases are clustered.</summary>
public enum ClusteringMethod
{
    /// <summary>Mini-batch k-means; needs <see cref="DistanceMetric.Euclidean"/>.</summary>
    MiniBatchKMeans,

    /// <summary>Agglomerative with average linkage, with any metric.</summary>
    Agglomerative,
}

/// <summary>Who may stop exchanging.</summary>
public enum LayerSwitching
{
    /// <summary>Every agent by itself; it answers its successors from memory.</summary>
    PerAgent,

    /// <summary>All together: one unfamiliar agent makes everybody exchange, as published.</summary>
    Team,
}

/// <summary>What the learner does about exchanges that the memory saved, when it passes through a decision again.</summary>
public enum MemoryRecalls
{
    /// <summary>It computes them: every gradient reaches all networks, and training leaves the memory alone.</summary>
    Compute,

    /// <summary>As published: it looks up and remembers from the exchange on at which the decision was answered.</summary>
    Memory,
}

/// <summary>What the adaptive threshold is steered to.</summary>
public enum ThresholdTarget
{
    /// <summary>Nothing: Δ stays as configured.</summary>
    None,

    /// <summary>A share of the possible exchanges.</summary>
    Share,

    /// <summary>A relative loss of Φ against episodes that are played without memory.</summary>
    Loss,
}

/// <summary>The experience memory of the two-layer methods. Defaults: docs/experience-memory.md.</summary>
public sealed record ExperienceOptions
{
    public RepresentativeSelection Representatives { get; init; } = RepresentativeSelection.DeltaNet;

    /// <summary>For <see cref="RepresentativeSelection.Clusters"/> and <see cref="RepresentativeSelection.Reference"/>.</summary>
    public ClusteringMethod Clustering { get; init; } = ClusteringMethod.MiniBatchKMeans;

    public DistanceMetric Metric { get; init; } = DistanceMetric.Euclidean;

    /// <summary>
    /// Entries of a store (per agent and exchange), 1 … 65,536; clustering uses a quarter more before it reduces. Agglomerative clustering
    /// holds the distances of all pairs of them in one array: up to 32,768.
    /// </summary>
    public int Size { get; init; } = 512;

    /// <summary>Δ &gt; 0 of every exchange, or one for all. A state is familiar when it is nearer than Δ to its representative.</summary>
    public IReadOnlyList<double> Deltas { get; init; } = [0.015];

    /// <summary>Probability that a familiar state uses the memory, in [0, 1].</summary>
    public double UseProbability { get; init; } = 1;

    public LayerSwitching Switching { get; init; } = LayerSwitching.PerAgent;

    /// <summary><see cref="MemoryRecalls.Memory"/> is for <see cref="RepresentativeSelection.Reference"/> alone.</summary>
    public MemoryRecalls Recalls { get; init; } = MemoryRecalls.Compute;

    /// <summary>Policy updates after which an entry is given up, ≥ 0; null: never, as published.</summary>
    public int? MaxPolicyAge { get; init; } = 0;

    public ThresholdTarget Target { get; init; } = ThresholdTarget.None;

    /// <summary>The target: a share in (0, 1), or a relative loss of Φ &gt; 0.</summary>
    public double TargetValue { get; init; } = 0.3;

    /// <summary>Episodes between two changes of Δ, ≥ 1.</summary>
    public int AdaptEvery { get; init; } = 10;

    /// <summary>Of so many episodes one is played without memory when a loss is the target, ≥ 2.</summary>
    public int ProbeEvery { get; init; } = 10;

    /// <summary>Largest change of ln Δ at a time, &gt; 0.</summary>
    public double AdaptRate { get; init; } = 0.25;

    /// <summary>Δ before exchange <paramref name="iteration"/>, unscaled.</summary>
    public double Delta(int iteration) => Deltas[Deltas.Count == 1 ? 0 : iteration];

    /// <summary>What is wrong with the options; empty when nothing is.</summary>
    public IEnumerable<string> Problems()
    {
        if (Clustering == ClusteringMethod.MiniBatchKMeans && Representatives != RepresentativeSelection.DeltaNet
            && Metric != DistanceMetric.Euclidean)
        {
            yield return "memory metric is not L2, which k-means needs";
        }

        if (Representatives == RepresentativeSelection.Reference && Switching != LayerSwitching.Team)
        {
            yield return "memory switching is per agent, expected team with reference representatives";
        }

        if (Recalls == MemoryRecalls.Memory && Representatives != RepresentativeSelection.Reference)
        {
            yield return "memory recalls are from memory, which needs reference representatives";
        }

        if (Size is < 1 or > 65_536)
        {
            yield return $"memory size is {Size}, expected 1 … 65536";
        }
        else if (Size > 32_768 && Clustering == ClusteringMethod.Agglomerative && Representatives != RepresentativeSelection.DeltaNet)
        {
            yield return $"memory size is {Size}, expected 1 … 32768 with agglomerative clustering";
        }

        if (Deltas.Count == 0 || Deltas.Any(delta => !(delta > 0) || double.IsInfinity(delta)))
        {
            yield return $"memory deltas are [{string.Join(", ", Deltas)}], expected numbers above 0";
        }

        if (UseProbability is not (>= 0 and <= 1))
        {
            yield return $"memory use probability is {UseProbability}, expected 0 … 1";
        }

        if (MaxPolicyAge < 0)
        {
            yield return $"memory policy age is {MaxPolicyAge}, expected 0 or more";
        }

        if (!(TargetValue > 0) || (Target == ThresholdTarget.Share && TargetValue >= 1))
        {
            yield return $"memory target is {TargetValue}, expected "
                + $"{(Target == ThresholdTarget.Share ? "a share between 0 and 1" : "more than 0")}";
        }

        if (AdaptEvery < 1 || ProbeEvery < 2 || !(AdaptRate > 0))
        {
            yield return $"memory adapts every {AdaptEvery} episodes by {AdaptRate}, probing every {ProbeEvery}, expected ≥ 1, > 0 and ≥ 2";
        }
    }
}
