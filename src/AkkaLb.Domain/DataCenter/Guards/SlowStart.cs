namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>
/// A server that is new or back takes its full weight in the end: caches are cold, and what made it fail may still be there.
/// </summary>
public static class SlowStart
{
    /// <summary>Share of the weight at the beginning.</summary>
    public const double First = 0.1;

    /// <summary>Share of its weight that a server has.</summary>
    /// <param name="age">Ticks since it came into use.</param>
    /// <param name="duration">Ticks until it has all of it; 0: at once.</param>
    public static double Share(long age, long duration) =>
        age >= duration ? 1 : First + (1 - First) * Math.Max(age, 0) / duration;
}
