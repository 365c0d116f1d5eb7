using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>Local shortest queue: the fewest connections q_j of this load balancer.</summary>
internal sealed class LsqPolicy(PolicyContext context) : IDispatchPolicy
{
    private readonly LeastScore _least = new(context.Weights.Count);
    private readonly int[] _open = new int[context.Weights.Count];
    private readonly bool[] _available = new bool[context.Weights.Count];

    public int Choose(in Job job, long now) => _least.Choose(context.Random);

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        available.CopyTo(_available);
        for (int j = 0; j < _open.Length; j++)
        {
            Update(j);
        }
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

    private void Update(int server) => _least.Set(server, _available[server] ? _open[server] : double.PositiveInfinity);
}
