using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>Result of a water-filling.</summary>
/// <param name="Level">ν, the common level load/rate of the servers that received something.</param>
/// <param name="Used">c, how many servers received something.</param>
public readonly record struct WaterLevel<T>(T Level, int Used);

/// <summary>
/// Pours a volume onto servers so that those that receive some end at one level load/rate, and no other is lower. That is a player's
/// best response to the others' loads (Lemma 5), and the totals of every equilibrium.
/// </summary>
public static class WaterFilling
{
    /// <summary>
    /// Level and number of used servers. Starts from all servers and drops those at or above the level of the rest until none is
    /// left to drop (the level only falls, so a dropped server never returns): a few linear passes, no sorting, no memory.
    /// </summary>
    /// <param name="loads">Load of each server before pouring.</param>
    /// <param name="rates">μ_j > 0.</param>
    /// <param name="volume">What to pour, ≥ 0.</param>
    public static WaterLevel<T> Level<T>(ReadOnlySpan<T> loads, ReadOnlySpan<T> rates, T volume) where T : INumber<T>
    {
        rates = rates[..loads.Length];
        T load = volume, rate = T.Zero;
        for (int j = 0; j < loads.Length; j++)
        {
            load += loads[j];
            rate += rates[j];
        }

        T level = load / rate;
        int used = loads.Length;
        while (true)
        {
            int below = 0;
            (load, rate) = (volume, T.Zero);
            for (int j = 0; j < loads.Length; j++)
            {
                // A server exactly at the level gets nothing, so it does not count as used.
                if (loads[j] < rates[j] * level)
                {
                    load += loads[j];
                    rate += rates[j];
                    below++;
                }
            }

            if (below == 0)
            {
                // The volume vanishes beside the loads in floating point.
                int lowest = Lowest(loads, rates);
                return new WaterLevel<T>((loads[lowest] + volume) / rates[lowest], 1);
            }

            if (below >= used)
            {
                return new WaterLevel<T>(level, used);
            }

            level = load / rate;
            used = below;
        }
    }

    /// <summary>As <see cref="Level"/>, and writes what each server receives; the amounts sum to the volume.</summary>
    public static WaterLevel<T> Fill<T>(ReadOnlySpan<T> loads, ReadOnlySpan<T> rates, T volume, Span<T> placed) where T : INumber<T>
    {
        WaterLevel<T> water = Level(loads, rates, volume);
        rates = rates[..loads.Length];
        placed = placed[..loads.Length];
        T sum = T.Zero;
        for (int j = 0; j < loads.Length; j++)
        {
            placed[j] = T.Max(rates[j] * water.Level - loads[j], T.Zero);
            sum += placed[j];
        }

        Rescale(placed, sum, volume, loads, rates);
        return water;
    }

    /// <summary>
    /// In floating point rate·level − load is off by the rounding of the load, which may be large beside a small job; the job is
    /// placed whole all the same. Exact arithmetic has nothing to correct.
    /// </summary>
    private static void Rescale<T>(Span<T> placed, T sum, T volume, ReadOnlySpan<T> loads, ReadOnlySpan<T> rates) where T : INumber<T>
    {
        if (sum == volume)
        {
            return;
        }

        if (sum == T.Zero)
        {
            placed[Lowest(loads, rates)] = volume;
            return;
        }

        T scale = volume / sum;
        for (int j = 0; j < placed.Length; j++)
        {
            placed[j] *= scale;
        }
    }

    private static int Lowest<T>(ReadOnlySpan<T> loads, ReadOnlySpan<T> rates) where T : INumber<T>
    {
        int lowest = 0;
        for (int j = 1; j < loads.Length; j++)
        {
            if (loads[j] * rates[lowest] < loads[lowest] * rates[j])
            {
                lowest = j;
            }
        }

        return lowest;
    }
}
