using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// The servers with the least score, kept up to date as single scores change: a tree whose nodes hold the least score below them and
/// how many servers have it. A change and a choice take about log₂ N steps; ties are broken uniformly at random.
/// </summary>
internal sealed class LeastScore
{
    private readonly Node[] _nodes;
    private readonly int _leaves;

    public LeastScore(int servers)
    {
        _leaves = 1;
        while (_leaves < servers)
        {
            _leaves *= 2;
        }
        _nodes = new Node[2 * _leaves];
        Array.Fill(_nodes, new Node(double.PositiveInfinity, 0));
        // The places that no server has count for none, so that they are never chosen, even where all scores are infinite.
        for (int leaf = 0; leaf < servers; leaf++)
        {
            Set(leaf, double.PositiveInfinity);
        }
    }

    /// <summary>Sets a server's score; infinity keeps it from being chosen while another has less.</summary>
    public void Set(int server, double score)
    {
        Node[] nodes = _nodes;
        int at = _leaves + server;
        nodes[at] = new Node(score, 1);
        while ((at >>= 1) > 0)
        {
            ref readonly Node left = ref nodes[2 * at], right = ref nodes[2 * at + 1];
            nodes[at] = left.Score < right.Score ? left : right.Score < left.Score ? right : new Node(left.Score, left.Count + right.Count);
        }
    }

    /// <summary>A server with the least score; draws only if there are several.</summary>
    public int Choose(RandomStream random)
    {
        Node[] nodes = _nodes;
        int rank = nodes[1].Count == 1 ? 0 : random.NextInt32(nodes[1].Count);
        double least = nodes[1].Score;
        int at = 1;
        while (at < _leaves)
        {
            at *= 2;
            // The left half has none of the least, or fewer than the rank: go right.
            int left = nodes[at].Score == least ? nodes[at].Count : 0;
            if (rank >= left)
            {
                rank -= left;
                at++;
            }
        }
        return at - _leaves;
    }

    private struct Node(double score, int count)
    {
        public double Score = score;
        public int Count = count;
    }
}
