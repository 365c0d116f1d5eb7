using System.Collections.Immutable;
using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// What all pure equilibria of the static game share (Lemma 14): a profile is one if and only if all its work lies on servers of least
/// level, so the level and the totals are those of one water-filling of the total length. The profile itself is not unique: any
/// nonnegative matrix with row sums λ and column sums <see cref="Totals"/> is an equilibrium.
/// </summary>
/// <param name="Level">X, the level (s_j + L_j)/μ_j of every used server.</param>
/// <param name="Totals">F_j, the work that the players together have on each server.</param>
/// <param name="ServersUsed">Number of servers with F_j > 0.</param>
/// <param name="Potential">Φ, which has its minimum over all profiles here.</param>
public sealed record Equilibrium<T>(T Level, ImmutableArray<T> Totals, int ServersUsed, T Potential) where T : INumber<T>
{
    public static Equilibrium<T> Of(GameInstance<T> instance)
    {
        var totals = new T[instance.Servers];
        (T level, int used) = WaterFilling.Fill(instance.Loads.AsSpan(), instance.Rates.AsSpan(), instance.TotalLength, totals);
        return new Equilibrium<T>(level, [.. totals], used, GameCosts.Potential<T>(instance, totals));
    }

    /// <summary>The equilibrium in which all players use the same fractions F_j/Λ. With zero loads it is the worst one.</summary>
    public Profile<T> Proportional(GameInstance<T> instance)
    {
        var profile = new Profile<T>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            T share = instance.Lengths[i] / instance.TotalLength;
            Span<T> row = profile[i];
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = Totals[j] * share;
            }
        }

        return profile;
    }

    /// <summary>Whether every job is placed whole, and on servers of least level only; relative tolerance 1e-9 in floating point.</summary>
    public static bool IsEquilibrium(GameInstance<T> instance, Profile<T> profile)
    {
        T[] levels = Levels(instance, profile);
        T lowest = levels[0];
        foreach (T level in levels)
        {
            lowest = T.Min(lowest, level);
        }

        T highest = lowest + Exactness<T>.Tolerance * lowest;
        for (int i = 0; i < instance.Players; i++)
        {
            T slack = Exactness<T>.Tolerance * instance.Lengths[i], sum = T.Zero;
            ReadOnlySpan<T> row = profile[i];
            for (int j = 0; j < row.Length; j++)
            {
                sum += row[j];
                if (row[j] < T.Zero || (row[j] > slack && levels[j] > highest))
                {
                    return false;
                }
            }

            if (T.Abs(sum - instance.Lengths[i]) > slack)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>x_j = (s_j + L_j)/μ_j of every server.</summary>
    public static T[] Levels(GameInstance<T> instance, Profile<T> profile)
    {
        T[] levels = GameCosts.LoadsUnder(instance, profile);
        for (int j = 0; j < levels.Length; j++)
        {
            levels[j] /= instance.Rates[j];
        }

        return levels;
    }
}
