using System.Collections.Immutable;
using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// The data of a fractional load-balancing game: servers with rates and loads, players with one divisible job each
/// (Fardno, Etesami, arXiv 2501.15324, section 2). Immutable.
/// </summary>
/// <remarks>
/// The family's algorithms are generic in the number type, so that the tests run the very same code in exact rationals;
/// everything else uses <see cref="double"/>.
/// </remarks>
public sealed class GameInstance<T> where T : INumber<T>
{
    /// <param name="rates">Service rate μ_j > 0 of each server, work per time step.</param>
    /// <param name="loads">Initial load s_j ≥ 0 of each server, in units of work.</param>
    /// <param name="lengths">Length λ_i > 0 of each player's job, in units of work.</param>
    /// <exception cref="InvalidInputException">A value is out of range, or there is no server or player.</exception>
    public GameInstance(ReadOnlySpan<T> rates, ReadOnlySpan<T> loads, ReadOnlySpan<T> lengths)
    {
        RequirePositive(rates, "rates");
        RequirePositive(lengths, "lengths");
        if (loads.Length != rates.Length)
        {
            throw new InvalidInputException($"loads: expected {rates.Length} numbers, one for each of rates, got {loads.Length}");
        }

        for (int j = 0; j < loads.Length; j++)
        {
            if (!T.IsFinite(loads[j]) || loads[j] < T.Zero)
            {
                throw new InvalidInputException($"loads[{j}]: expected a number of at least 0, got {loads[j]}");
            }
        }

        Rates = [.. rates];
        Loads = [.. loads];
        Lengths = [.. lengths];
        TotalRate = GameCosts.Sum(rates);
        TotalLength = GameCosts.Sum(lengths);
        (ShortestLength, LongestLength) = (lengths[0], lengths[0]);
        foreach (T length in lengths)
        {
            ShortestLength = T.Min(ShortestLength, length);
            LongestLength = T.Max(LongestLength, length);
        }
    }

    /// <summary>μ, one for each server.</summary>
    public ImmutableArray<T> Rates { get; }

    /// <summary>s, one for each server.</summary>
    public ImmutableArray<T> Loads { get; }

    /// <summary>λ, one for each player.</summary>
    public ImmutableArray<T> Lengths { get; }

    public int Servers => Rates.Length;

    public int Players => Lengths.Length;

    /// <summary>M, the sum of all rates.</summary>
    public T TotalRate { get; }

    /// <summary>Λ, the sum of all lengths.</summary>
    public T TotalLength { get; }

    public T ShortestLength { get; }

    public T LongestLength { get; }

    /// <summary>The same servers with other jobs.</summary>
    public GameInstance<T> WithLengths(ReadOnlySpan<T> lengths) => new(Rates.AsSpan(), Loads.AsSpan(), lengths);

    private static void RequirePositive(ReadOnlySpan<T> values, string key)
    {
        if (values.IsEmpty)
        {
            throw new InvalidInputException($"{key}: expected at least one number");
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]) || values[i] <= T.Zero)
            {
                throw new InvalidInputException($"{key}[{i}]: expected a number above 0, got {values[i]}");
            }
        }
    }
}
