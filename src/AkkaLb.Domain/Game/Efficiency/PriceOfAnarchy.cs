using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// Upper bounds on the price of anarchy: the cost of the worst equilibrium over the least cost of any profile. For the job-weighted
/// social cost Σ W_i unless said otherwise. The formulas that the paper printed are lost; these are proven in the specification, 2.7.
/// </summary>
public static class PriceOfAnarchy
{
    /// <summary>
    /// [A + B − max(B/n, Σλ_i²/M_S)/2] / (A + B/2) with A = Σ s_j F_j/μ_j, B = Σ F_j²/μ_j, M_S the rate of the used servers. The sharpest
    /// of the bounds that cost no more than an equilibrium.
    /// </summary>
    public static T InstanceBound<T>(GameInstance<T> instance) where T : INumber<T>
    {
        Equilibrium<T> equilibrium = Equilibrium<T>.Of(instance);
        T two = T.CreateChecked(2);
        (T crossed, T own, T rate) = (T.Zero, T.Zero, T.Zero);
        for (int j = 0; j < instance.Servers; j++)
        {
            T total = equilibrium.Totals[j];
            if (total > T.Zero)
            {
                crossed += instance.Loads[j] * total / instance.Rates[j];
                own += total * total / instance.Rates[j];
                rate += instance.Rates[j];
            }
        }

        T saved = T.Max(own / T.CreateChecked(instance.Players), SquaredLengths(instance) / rate) / two;
        return (crossed + own - saved) / (crossed + own / two);
    }

    /// <summary>2 − 1/n, whatever the loads, rates and lengths. Tight.</summary>
    public static T UniversalBound<T>(int players) where T : INumber<T> => T.CreateChecked(2) - T.One / T.CreateChecked(players);

    /// <summary>2 − Σλ_i²/Λ², for games with zero initial loads; null otherwise.</summary>
    public static T? ZeroLoadBound<T>(GameInstance<T> instance) where T : struct, INumber<T>
    {
        foreach (T load in instance.Loads)
        {
            if (load > T.Zero)
            {
                return null;
            }
        }

        return T.CreateChecked(2) - SquaredLengths(instance) / (instance.TotalLength * instance.TotalLength);
    }

    /// <summary>
    /// 2 Λ Y/(Y² − M Σ s_j²/μ_j) with Y = Λ + Σ s_j: a <b>reconstruction</b> of the printed Theorem 8, never sharper than
    /// <see cref="InstanceBound"/>. Null, that is no bound, if the denominator is not positive.
    /// </summary>
    public static T? ReconstructedBound<T>(GameInstance<T> instance) where T : struct, INumber<T>
    {
        (T work, T squares) = (instance.TotalLength, T.Zero);
        for (int j = 0; j < instance.Servers; j++)
        {
            work += instance.Loads[j];
            squares += instance.Loads[j] * instance.Loads[j] / instance.Rates[j];
        }

        T denominator = work * work - instance.TotalRate * squares;
        return denominator > T.Zero ? T.CreateChecked(2) * instance.TotalLength * work / denominator : null;
    }

    /// <summary>min(2n, (2 − 1/n) λ_max/λ_min), for the sum of the average costs D_i; no constant bounds that one.</summary>
    public static T AverageCostBound<T>(GameInstance<T> instance) where T : INumber<T> =>
        T.Min(
            T.CreateChecked(2 * instance.Players),
            UniversalBound<T>(instance.Players) * instance.LongestLength / instance.ShortestLength);

    private static T SquaredLengths<T>(GameInstance<T> instance) where T : INumber<T>
    {
        T sum = T.Zero;
        foreach (T length in instance.Lengths)
        {
            sum += length * length;
        }

        return sum;
    }
}
