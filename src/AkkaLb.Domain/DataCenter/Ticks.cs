namespace AkkaLb.Domain.DataCenter;

/// <summary>Virtual time in integer ticks of one nanosecond: sums are exact, so long runs do not drift.</summary>
public static class Ticks
{
    public const long PerSecond = 1_000_000_000;

    public const long PerMillisecond = 1_000_000;

    /// <summary>Later than everything; never reached.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The longest time that an input may name, and the most work of one job: 10^6 s.</summary>
    public const long Longest = 1_000_000 * PerSecond;

    /// <summary>The nearest tick.</summary>
    public static long FromSeconds(double seconds) => (long)Math.Round(seconds * PerSecond);

    public static double ToSeconds(long ticks) => ticks / (double)PerSecond;
}
