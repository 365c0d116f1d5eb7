using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>One player's move of a grouped pass.</summary>
/// <param name="LevelBefore">Level of the group before the move.</param>
/// <param name="Level">ν, its level after the move.</param>
/// <param name="GroupBefore">Servers in the group before the move: the first so many in order of joining.</param>
/// <param name="GroupAfter">Servers in the group after the move.</param>
public readonly record struct GroupMove<T>(T LevelBefore, T Level, int GroupBefore, int GroupAfter);

/// <summary>The equilibrium that <see cref="GroupedPass"/> reaches, with rows computed on demand.</summary>
public sealed class GroupedEquilibrium<T> where T : INumber<T>
{
    private readonly GameInstance<T> _instance;
    private readonly SparseProfile<T> _start;
    private readonly GroupMove<T>[] _moves;
    private readonly int[] _group, _position;
    private readonly T[] _joinLevels;

    internal GroupedEquilibrium(
        GameInstance<T> instance, SparseProfile<T> start, GroupMove<T>[] moves, int[] group, int[] position, T[] joinLevels, T level)
    {
        (_instance, _start, _moves, _group, _position, _joinLevels) = (instance, start, moves, group, position, joinLevels);
        Level = level;
    }

    /// <summary>X, the level of every used server.</summary>
    public T Level { get; }

    /// <summary>Every player's move.</summary>
    public ReadOnlySpan<GroupMove<T>> Moves => _moves;

    /// <summary>F_j, the work on each server.</summary>
    public T[] Totals()
    {
        var totals = new T[_instance.Servers];
        Array.Fill(totals, T.Zero);
        foreach (int server in _group)
        {
            totals[server] = T.Max(_instance.Rates[server] * Level - _instance.Loads[server], T.Zero);
        }

        return totals;
    }

    /// <summary>The player's placement, one amount for each server.</summary>
    public void CopyRow(int player, Span<T> row)
    {
        row.Fill(T.Zero);
        GroupMove<T> move = _moves[player];
        for (int k = 0; k < move.GroupAfter; k++)
        {
            int server = _group[k];
            T before = k < move.GroupBefore ? move.LevelBefore : _joinLevels[server];
            row[server] = T.Max(_instance.Rates[server] * (move.Level - before), T.Zero);
        }

        SparseRow<T> old = _start.Row(player);
        for (int entry = 0; entry < old.Servers.Length; entry++)
        {
            if (WasInGroup(old.Servers[entry], move))
            {
                row[old.Servers[entry]] += old.Amounts[entry];
            }
        }
    }

    /// <summary>W_i = λ_i X − Σ_j l_ij²/(2 μ_j) of every player, in O(nonzeros + players + servers).</summary>
    public T[] JobWeightedCosts()
    {
        T two = T.CreateChecked(2);
        T[] groupRates = GroupRates();
        var costs = new T[_instance.Players];
        for (int i = 0; i < costs.Length; i++)
        {
            GroupMove<T> move = _moves[i];
            T rise = move.Level - move.LevelBefore;
            T squares = groupRates[move.GroupBefore] * rise * rise;
            for (int k = move.GroupBefore; k < move.GroupAfter; k++)
            {
                T depth = move.Level - _joinLevels[_group[k]];
                squares += _instance.Rates[_group[k]] * depth * depth;
            }

            SparseRow<T> old = _start.Row(i);
            for (int entry = 0; entry < old.Servers.Length; entry++)
            {
                if (WasInGroup(old.Servers[entry], move))
                {
                    squares += old.Amounts[entry] * (two * rise + old.Amounts[entry] / _instance.Rates[old.Servers[entry]]);
                }
            }

            costs[i] = _instance.Lengths[i] * Level - squares / two;
        }

        return costs;
    }

    private bool WasInGroup(int server, GroupMove<T> move) => _position[server] >= 0 && _position[server] < move.GroupBefore;

    /// <summary>Summed rate of the first k servers of the group, k = 0 … size.</summary>
    private T[] GroupRates()
    {
        var sums = new T[_group.Length + 1];
        sums[0] = T.Zero;
        for (int k = 0; k < _group.Length; k++)
        {
            sums[k + 1] = sums[k] + _instance.Rates[_group[k]];
        }

        return sums;
    }
}
