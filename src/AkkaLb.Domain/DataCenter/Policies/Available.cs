using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>The available servers, dense, for policies that draw among them.</summary>
internal sealed class Available(int servers)
{
    private readonly int[] _servers = new int[servers];

    public int Count { get; private set; }

    public int this[int place] => _servers[place];

    public void Set(ReadOnlySpan<bool> available)
    {
        Count = 0;
        for (int j = 0; j < available.Length; j++)
        {
            if (available[j])
            {
                _servers[Count++] = j;
            }
        }
    }

    public int Draw(RandomStream random) => _servers[random.NextInt32(Count)];

    /// <summary>Two servers, different ones if there are two.</summary>
    public (int First, int Second) DrawTwo(RandomStream random)
    {
        if (Count == 1)
        {
            return (_servers[0], _servers[0]);
        }
        int first = random.NextInt32(Count), second = random.NextInt32(Count - 1);
        return (_servers[first], _servers[second < first ? second : second + 1]);
    }
}
