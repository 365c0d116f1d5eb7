using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// Consistent hashing with a look-up table that every load balancer fills alike (Eisenbud et al., "Maglev", NSDI 2016): servers take
/// turns in claiming the next free entry of their own permutation, so shares are even and a change of servers moves few connections.
/// </summary>
internal sealed class MaglevPolicy(PolicyContext context) : IDispatchPolicy
{
    /// <summary>A prime, at least 100 times the servers that are usual.</summary>
    internal const int TableSize = 65_537;

    private readonly int _servers = context.Weights.Count;
    private readonly int[] _table = new int[TableSize];

    public int Choose(in Job job, long now) => _table[job.Hash % TableSize];

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        Span<int> position = new int[_servers];
        Span<int> skip = new int[_servers];
        for (int j = 0; j < _servers; j++)
        {
            ulong hash = Fnv1A.Hash($"server/{j}");
            (position[j], skip[j]) = ((int)((uint)hash % TableSize), 1 + (int)((uint)(hash >> 32) % (TableSize - 1)));
        }
        Array.Fill(_table, -1);
        for (int filled = 0; filled < TableSize;)
        {
            for (int j = 0; j < _servers && filled < TableSize; j++)
            {
                if (!available[j])
                {
                    continue;
                }
                while (_table[position[j]] >= 0)
                {
                    position[j] = (position[j] + skip[j]) % TableSize;
                }
                _table[position[j]] = j;
                filled++;
            }
        }
    }
}
