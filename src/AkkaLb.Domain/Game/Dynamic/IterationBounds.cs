using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// Bounds on T, the steps until all servers are empty, from the initial loads alone (specification, 2.8). Notation: R the largest
/// initial level, Σ the total initial load, M the total rate, λ the lengths that may arrive at a step.
/// </summary>
/// <param name="AllServed">t0 = max_j ⌈s_j/μ_j⌉: from here on every server is served (Lemma 10).</param>
/// <param name="TwoPhase">B1 = t0 + ⌈Σ/(M − λ_max)⌉, the probable form of Theorem 11.</param>
/// <param name="TwoPhaseLoose">B1L = t0 + ⌈(Σ + t0 λ_max)/(M − λ_max)⌉.</param>
/// <param name="TwoPhaseLevel">B4 = t0 + ⌈R/(1 − λ_max/M)⌉.</param>
/// <param name="Level">B3 = ⌈R M/(M − λ_max)⌉, from the largest level, which falls by 1 − λ/M at every step.</param>
/// <param name="Appendix">B2 = ⌈Σ/min{μ_min, λ_min μ_min/(M − μ_min), M − λ_max}⌉, appendix A.3; usually very loose.</param>
/// <param name="Lower">max(⌈R⌉, ⌈Σ/(M − λ_min)⌉) ≤ T.</param>
public sealed record IterationBounds(
    long AllServed, long TwoPhase, long TwoPhaseLoose, long TwoPhaseLevel, long Level, long Appendix, long Lower)
{
    /// <summary>The least upper bound.</summary>
    public long Upper => Math.Min(TwoPhase, Math.Min(Level, Appendix));

    /// <summary>For sequential play; null if a job is as long as the total rate, so that the servers may never become empty.</summary>
    public static IterationBounds? ForSequential<T>(GameInstance<T> instance) where T : INumber<T> =>
        Compute(instance, instance.ShortestLength, instance.LongestLength);

    /// <summary>For simultaneous equilibrium play, which is one job of length Λ at each step; null if Λ ≥ M.</summary>
    public static IterationBounds? ForEquilibriumPlay<T>(GameInstance<T> instance) where T : INumber<T> =>
        Compute(instance, instance.TotalLength, instance.TotalLength);

    private static IterationBounds? Compute<T>(GameInstance<T> instance, T shortest, T longest) where T : INumber<T>
    {
        T rate = instance.TotalRate, surplus = rate - longest;
        if (surplus <= T.Zero)
        {
            return null;
        }

        (T load, T highest, T slowest) = (T.Zero, T.Zero, instance.Rates[0]);
        for (int j = 0; j < instance.Servers; j++)
        {
            load += instance.Loads[j];
            highest = T.Max(highest, instance.Loads[j] / instance.Rates[j]);
            slowest = T.Min(slowest, instance.Rates[j]);
        }

        long allServed = Exactness<T>.Ceiling(highest);
        T drain = T.Min(slowest, surplus);
        if (instance.Servers > 1)
        {
            drain = T.Min(drain, shortest * slowest / (rate - slowest));
        }

        long level = Exactness<T>.Ceiling(highest * rate / surplus);
        return new IterationBounds(
            AllServed: allServed,
            TwoPhase: Add(allServed, Exactness<T>.Ceiling(load / surplus)),
            TwoPhaseLoose: Add(allServed, Exactness<T>.Ceiling((load + T.CreateChecked(allServed) * longest) / surplus)),
            TwoPhaseLevel: Add(allServed, level),
            Level: level,
            Appendix: Exactness<T>.Ceiling(load / drain),
            Lower: Math.Max(allServed, Exactness<T>.Ceiling(load / (rate - shortest))));
    }

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
