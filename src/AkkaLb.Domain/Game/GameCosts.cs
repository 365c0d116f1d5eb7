using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// Costs of a profile in both normalisations. <b>Job-weighted</b> W_i is the waiting accumulated by all of a job's work, for which the
/// game has an exact potential; use it for potential, social cost and price of anarchy. <b>Average</b> D_i = W_i/λ_i is the mean wait of
/// a unit of work, for users to read. Best responses and equilibria are the same for both.
/// </summary>
public static class GameCosts
{
    /// <summary>
    /// W of one placement: Σ_j l_j (e_j + l_j/2)/μ_j, the waiting of work that is dispatched onto loads e, each portion behind what was
    /// placed before it.
    /// </summary>
    /// <param name="placed">l_j, what the player places.</param>
    /// <param name="loads">e_j, the loads that the player sees, its own work excluded.</param>
    /// <param name="rates">μ_j.</param>
    public static T OfPlacement<T>(ReadOnlySpan<T> placed, ReadOnlySpan<T> loads, ReadOnlySpan<T> rates) where T : INumber<T>
    {
        T two = T.CreateChecked(2), cost = T.Zero;
        for (int j = 0; j < placed.Length; j++)
        {
            cost += placed[j] * (loads[j] + placed[j] / two) / rates[j];
        }

        return cost;
    }

    /// <summary>W_i of every player.</summary>
    public static T[] JobWeighted<T>(GameInstance<T> instance, Profile<T> profile) where T : INumber<T>
    {
        T two = T.CreateChecked(2);
        T[] loads = LoadsUnder(instance, profile);
        var costs = new T[instance.Players];
        for (int i = 0; i < costs.Length; i++)
        {
            ReadOnlySpan<T> row = profile[i], rates = instance.Rates.AsSpan();
            T cost = T.Zero;
            for (int j = 0; j < row.Length; j++)
            {
                // e_ij + l_ij/2 = load_j − l_ij/2
                cost += row[j] * (loads[j] - row[j] / two) / rates[j];
            }

            costs[i] = cost;
        }

        return costs;
    }

    /// <summary>D_i of every player, in time steps.</summary>
    public static T[] Average<T>(GameInstance<T> instance, Profile<T> profile) where T : INumber<T> =>
        Average(instance, JobWeighted(instance, profile));

    /// <summary>D_i = W_i/λ_i.</summary>
    public static T[] Average<T>(GameInstance<T> instance, ReadOnlySpan<T> jobWeighted) where T : INumber<T>
    {
        var costs = new T[instance.Players];
        for (int i = 0; i < costs.Length; i++)
        {
            costs[i] = jobWeighted[i] / instance.Lengths[i];
        }

        return costs;
    }

    /// <summary>Σ_i W_i. Not convex in the profile.</summary>
    public static T Social<T>(GameInstance<T> instance, Profile<T> profile) where T : INumber<T> =>
        Sum(JobWeighted(instance, profile));

    /// <summary>
    /// Φ = Σ_j ((s_j + L_j)² − s_j²)/(2 μ_j), the exact potential of W: when one player moves, Φ changes by the change of its W_i
    /// (Theorem 2). Jointly convex. For D it is a weighted potential, ΔΦ = λ_i ΔD_i.
    /// </summary>
    public static T Potential<T>(GameInstance<T> instance, Profile<T> profile) where T : INumber<T> =>
        Potential(instance, profile.Totals());

    /// <summary>Φ of every profile with these totals.</summary>
    /// <param name="totals">L_j, the work of all players on each server.</param>
    internal static T Potential<T>(GameInstance<T> instance, ReadOnlySpan<T> totals) where T : INumber<T>
    {
        T two = T.CreateChecked(2), potential = T.Zero;
        for (int j = 0; j < totals.Length; j++)
        {
            potential += totals[j] * (instance.Loads[j] + totals[j] / two) / instance.Rates[j];
        }

        return potential;
    }

    /// <summary>s_j + L_j of every server.</summary>
    public static T[] LoadsUnder<T>(GameInstance<T> instance, Profile<T> profile) where T : INumber<T>
    {
        T[] loads = instance.Loads.AsSpan().ToArray();
        profile.AddTotalsTo(loads);
        return loads;
    }

    internal static T Sum<T>(ReadOnlySpan<T> values) where T : INumber<T>
    {
        T sum = T.Zero;
        foreach (T value in values)
        {
            sum += value;
        }

        return sum;
    }
}
