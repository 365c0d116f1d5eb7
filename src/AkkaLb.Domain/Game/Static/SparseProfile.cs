using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>A profile in compressed rows: only what was placed, in units of work. A server appears at most once in a row.</summary>
public sealed class SparseProfile<T> where T : INumber<T>
{
    private readonly int[] _rowStarts, _servers;
    private readonly T[] _amounts;

    /// <param name="rowStarts">Index of the first entry of each row, and as last element the number of entries.</param>
    /// <param name="servers">Server of each entry.</param>
    /// <param name="amounts">Amount of each entry, ≥ 0.</param>
    public SparseProfile(int[] rowStarts, int[] servers, T[] amounts) => (_rowStarts, _servers, _amounts) = (rowStarts, servers, amounts);

    public int Players => _rowStarts.Length - 1;

    /// <summary>Nobody has placed anything.</summary>
    public static SparseProfile<T> Empty(int players) => new(new int[players + 1], [], []);

    /// <summary>The entries above zero of a dense profile.</summary>
    public static SparseProfile<T> From(Profile<T> profile)
    {
        var starts = new int[profile.Players + 1];
        List<int> servers = [];
        List<T> amounts = [];
        for (int i = 0; i < profile.Players; i++)
        {
            for (int j = 0; j < profile.Servers; j++)
            {
                if (profile[i, j] > T.Zero)
                {
                    servers.Add(j);
                    amounts.Add(profile[i, j]);
                }
            }

            starts[i + 1] = servers.Count;
        }

        return new SparseProfile<T>(starts, [.. servers], [.. amounts]);
    }

    /// <summary>The entries of one player.</summary>
    public SparseRow<T> Row(int player)
    {
        Range entries = _rowStarts[player].._rowStarts[player + 1];
        return new SparseRow<T>(_servers.AsSpan(entries), _amounts.AsSpan(entries));
    }

    internal void AddTotalsTo(Span<T> loads)
    {
        for (int entry = 0; entry < _servers.Length; entry++)
        {
            loads[_servers[entry]] += _amounts[entry];
        }
    }
}

/// <summary>One row of a sparse profile: amount k lies on server k of the list.</summary>
public readonly ref struct SparseRow<T>(ReadOnlySpan<int> servers, ReadOnlySpan<T> amounts)
{
    public ReadOnlySpan<int> Servers { get; } = servers;

    public ReadOnlySpan<T> Amounts { get; } = amounts;
}
