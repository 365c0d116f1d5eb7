namespace AkkaLb.Domain.Game;

/// <summary>
/// The generator of portable random instances and picks: the specification states its counts for these exact numbers (section 7), so
/// they can be repeated in any language. To hang it on a run's root seed, seed it from a
/// <see cref="Randomness.RandomStream"/>.
/// </summary>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>⌊n u⌋ with u uniform in [0, 1).</summary>
    public int NextIndex(int n) => (int)(NextDouble() * n);
}
