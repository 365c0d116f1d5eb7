using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// Shortest expected delay: the least (q_j + 1)/w_j with q_j the connections of this load balancer. The weights are those configured, until
/// others are set: then it is the data plane of the learned balancers.
/// </summary>
internal sealed class SedPolicy : IWeightedPolicy
{
    private readonly PolicyContext _context;
    private readonly LeastScore _least;
    private readonly int[] _open;
    private readonly double[] _inverse;
    private readonly bool[] _available;

    public SedPolicy(PolicyContext context)
    {
        int servers = context.Weights.Count;
        _context = context;
        _least = new LeastScore(servers);
        _open = new int[servers];
        _available = new bool[servers];
        _inverse = [.. context.Weights.Select(w => 1 / w)];
    }

    public int Choose(in Job job, long now) => _least.Choose(_context.Random);

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        available.CopyTo(_available);
        UpdateAll();
    }

    public void SetWeights(ReadOnlySpan<float> weights)
    {
        for (int j = 0; j < _inverse.Length; j++)
        {
            _inverse[j] = 1.0 / weights[j];
        }
        UpdateAll();
    }

    public void Opened(int server, long now)
    {
        _open[server]++;
        Update(server);
    }

    public void Closed(int server, long duration, long now)
    {
        _open[server]--;
        Update(server);
    }

    private void UpdateAll()
    {
        for (int j = 0; j < _open.Length; j++)
        {
            Update(j);
        }
    }

    private void Update(int server) =>
        // One with next to no weight still comes before those that are not available.
        _least.Set(
            server, _available[server] ? Math.Min((_open[server] + 1) * _inverse[server], double.MaxValue) : double.PositiveInfinity);
}
