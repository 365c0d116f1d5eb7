using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// One pass of sequential best responses in O((nonzeros + players + servers) log servers), without a players × servers matrix.
/// </summary>
/// <remarks>
/// During a pass the servers at the least level form a group that only grows, and every later mover leaves all of it at one common
/// level. So the state is that level, the group's rate, and a heap of the other servers by level. A player's row need not be stored:
/// on each server that was in the group it placed what it had there plus μ_j times the rise of the level.
/// </remarks>
public static class GroupedPass
{
    /// <param name="instance">The game.</param>
    /// <param name="start">Rows must not exceed the lengths.</param>
    /// <param name="order">A permutation of the players; index order if empty.</param>
    /// <exception cref="ArgumentException">The order is not a permutation.</exception>
    public static GroupedEquilibrium<T> Run<T>(GameInstance<T> instance, SparseProfile<T> start, ReadOnlySpan<int> order = default)
        where T : INumber<T>
    {
        int players = instance.Players, servers = instance.Servers;
        RequirePermutation(order, players);
        T[] levels = OutsideLevels(instance, start);
        var outside = new PriorityQueue<int, T>(servers);
        outside.EnqueueRange(levels.Select((level, server) => (server, level)));

        var moves = new GroupMove<T>[players];
        var group = new List<int>(servers);
        int[] position = new int[servers];
        Array.Fill(position, -1);
        T level = T.Zero, rate = T.Zero;
        for (int k = 0; k < players; k++)
        {
            int player = order.IsEmpty ? k : order[k];
            T volume = instance.Lengths[player];
            SparseRow<T> old = start.Row(player);
            for (int entry = 0; entry < old.Servers.Length; entry++)
            {
                int server = old.Servers[entry];
                if (position[server] >= 0)
                {
                    volume -= old.Amounts[entry]; // goes straight back to where it was
                }
                else
                {
                    levels[server] = T.Max(levels[server] - old.Amounts[entry] / instance.Rates[server], T.Zero);
                    outside.Enqueue(server, levels[server]); // the entry with the old level is skipped when it comes up
                }
            }

            (T before, int sizeBefore) = (level, group.Count);
            T load = T.Max(volume, T.Zero) + level * rate;
            if (rate > T.Zero)
            {
                level = T.Max(load / rate, before);
            }

            while (outside.TryPeek(out int server, out T? key) && (rate == T.Zero || key < level))
            {
                outside.Dequeue();
                if (position[server] >= 0 || key != levels[server])
                {
                    continue;
                }

                position[server] = group.Count;
                group.Add(server);
                load += key * instance.Rates[server];
                rate += instance.Rates[server];
                level = load / rate;
            }

            moves[player] = new GroupMove<T>(before, level, sizeBefore, group.Count);
        }

        return new GroupedEquilibrium<T>(instance, start, moves, [.. group], position, levels, level);
    }

    private static T[] OutsideLevels<T>(GameInstance<T> instance, SparseProfile<T> start) where T : INumber<T>
    {
        T[] levels = instance.Loads.AsSpan().ToArray();
        start.AddTotalsTo(levels);
        for (int j = 0; j < levels.Length; j++)
        {
            levels[j] /= instance.Rates[j];
        }

        return levels;
    }

    private static void RequirePermutation(ReadOnlySpan<int> order, int players)
    {
        if (order.IsEmpty)
        {
            return;
        }

        var seen = new bool[players];
        foreach (int player in order)
        {
            if ((uint)player >= (uint)players || seen[player])
            {
                throw new ArgumentException($"expected every player 0 … {players - 1} once", nameof(order));
            }

            seen[player] = true;
        }

        if (order.Length != players)
        {
            throw new ArgumentException($"expected {players} players, got {order.Length}", nameof(order));
        }
    }
}
