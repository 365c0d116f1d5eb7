using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>What rounding may do in floating point; nothing in exact arithmetic.</summary>
internal static class Exactness<T> where T : INumber<T>
{
    private static readonly bool Rounds = typeof(T) == typeof(double);

    /// <summary>Relative difference below which two results of long computations count as equal.</summary>
    public static readonly T Tolerance = Rounds ? T.CreateChecked(1e-9) : T.Zero;

    /// <summary>Relative rounding error of a short computation, which must not push a number across an integer.</summary>
    public static readonly T Rounding = Rounds ? T.CreateChecked(1e-12) : T.Zero;

    /// <summary>
    /// ⌈x⌉ for x ≥ 0, at most the largest integer. A number that rounding lifted above an integer counts as that integer, but for 0:
    /// products and quotients of what is not 0 are not 0.
    /// </summary>
    public static long Ceiling(T x)
    {
        if (!T.IsFinite(x))
        {
            return long.MaxValue;
        }

        T rounded = x - Rounding * T.Max(x, T.One), fraction = rounded % T.One, whole = rounded - fraction;
        long ceiling = long.CreateSaturating(fraction > T.Zero ? whole + T.One : whole);
        return x > T.Zero ? Math.Max(1, ceiling) : 0;
    }
}
