using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// Who placed how much where: a players × servers matrix l_ij = λ_i a_ij ≥ 0 in units of work. A row may sum to less than the
/// player's length, as before the player has been scheduled.
/// </summary>
public sealed class Profile<T> where T : INumber<T>
{
    private readonly T[] _placed;

    /// <summary>Nobody has placed anything.</summary>
    public Profile(int players, int servers)
    {
        (Players, Servers) = (players, servers);
        _placed = new T[checked(players * servers)];
        Array.Fill(_placed, T.Zero);
    }

    public int Players { get; }

    public int Servers { get; }

    /// <summary>The player's row, writable.</summary>
    public Span<T> this[int player] => _placed.AsSpan(player * Servers, Servers);

    public T this[int player, int server] => this[player][server];

    /// <summary>Every job in equal parts on all servers.</summary>
    public static Profile<T> Uniform(GameInstance<T> instance)
    {
        var profile = new Profile<T>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            profile[i].Fill(instance.Lengths[i] / T.CreateChecked(instance.Servers));
        }

        return profile;
    }

    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Profile<T> FromRows(IReadOnlyList<T[]> rows)
    {
        var profile = new Profile<T>(rows.Count, rows[0].Length);
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != profile.Servers)
            {
                throw new ArgumentException($"row {i} has {rows[i].Length} entries, expected {profile.Servers}", nameof(rows));
            }

            rows[i].CopyTo(profile[i]);
        }

        return profile;
    }

    public T[][] ToRows()
    {
        var rows = new T[Players][];
        for (int i = 0; i < Players; i++)
        {
            rows[i] = this[i].ToArray();
        }

        return rows;
    }

    public Profile<T> Clone()
    {
        var copy = new Profile<T>(Players, Servers);
        _placed.CopyTo(copy._placed, 0);
        return copy;
    }

    /// <summary>L_j, what all players together placed on each server.</summary>
    public T[] Totals()
    {
        var totals = new T[Servers];
        Array.Fill(totals, T.Zero);
        AddTotalsTo(totals);
        return totals;
    }

    internal void AddTotalsTo(Span<T> loads)
    {
        for (int i = 0; i < Players; i++)
        {
            ReadOnlySpan<T> row = this[i];
            for (int j = 0; j < row.Length; j++)
            {
                loads[j] += row[j];
            }
        }
    }
}
