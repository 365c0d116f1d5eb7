using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// What a best response loses by wrongly observed rates (Remark 6; identity and bound from the specification, section 2.11). Both hold
/// when the noise does not change which servers are used.
/// </summary>
public static class NoisyRates
{
    /// <summary>
    /// ã_j − a_j = ((λ + E_S)/λ)(μ̃_j/M̃_S − μ_j/M_S) on the servers S used under the true rates, where E_S, M_S, M̃_S are sums over S;
    /// 0 elsewhere.
    /// </summary>
    /// <param name="loads">e_j, the loads that the player sees.</param>
    /// <param name="rates">The true rates μ_j.</param>
    /// <param name="observedRates">μ̃_j.</param>
    /// <param name="length">λ.</param>
    /// <param name="shift">Receives the change of the fractions.</param>
    public static void FractionShift<T>(
        ReadOnlySpan<T> loads, ReadOnlySpan<T> rates, ReadOnlySpan<T> observedRates, T length, Span<T> shift) where T : INumber<T>
    {
        (T level, _) = WaterFilling.Level(loads, rates, length);
        (T load, T rate, T observed) = (T.Zero, T.Zero, T.Zero);
        for (int j = 0; j < loads.Length; j++)
        {
            if (loads[j] < rates[j] * level)
            {
                load += loads[j];
                rate += rates[j];
                observed += observedRates[j];
            }
        }

        for (int j = 0; j < loads.Length; j++)
        {
            shift[j] = loads[j] < rates[j] * level
                ? (length + load) / length * (observedRates[j] / observed - rates[j] / rate)
                : T.Zero;
        }
    }

    /// <summary>
    /// Bound on |ã_j − a_j| for noise |μ̃_j − μ_j| ≤ ε: ((λ + E_S)/λ) ε (M_S + (c − 2) μ_j)/(M_S (M_S − c ε)) on used servers, 0 elsewhere.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">c ε ≥ M_S, so the observed rates might vanish.</exception>
    public static void FractionShiftBound<T>(ReadOnlySpan<T> loads, ReadOnlySpan<T> rates, T length, T noise, Span<T> bound)
        where T : INumber<T>
    {
        (T level, int used) = WaterFilling.Level(loads, rates, length);
        (T load, T rate) = (T.Zero, T.Zero);
        for (int j = 0; j < loads.Length; j++)
        {
            if (loads[j] < rates[j] * level)
            {
                load += loads[j];
                rate += rates[j];
            }
        }

        T count = T.CreateChecked(used), two = T.CreateChecked(2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count * noise, rate, nameof(noise));
        for (int j = 0; j < loads.Length; j++)
        {
            bound[j] = loads[j] < rates[j] * level
                ? (length + load) / length * noise * (rate + (count - two) * rates[j]) / (rate * (rate - count * noise))
                : T.Zero;
        }
    }
}
