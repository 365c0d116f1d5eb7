using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>The rule of LSQ or SED over two servers drawn at random (LSQ(2), SED(2)).</summary>
/// <param name="weighted">True for SED(2), (q_j + 1)/w_j; false for LSQ(2), q_j.</param>
internal sealed class TwoChoicesPolicy(PolicyContext context, bool weighted) : IDispatchPolicy
{
    private readonly Available _available = new(context.Weights.Count);
    private readonly int[] _open = new int[context.Weights.Count];

    public int Choose(in Job job, long now)
    {
        (int first, int second) = _available.DrawTwo(context.Random);
        return Score(first) <= Score(second) ? first : second;
    }

    public void SetAvailable(ReadOnlySpan<bool> available) => _available.Set(available);

    public void Opened(int server, long now) => _open[server]++;

    public void Closed(int server, long duration, long now) => _open[server]--;

    private double Score(int server) => weighted ? (_open[server] + 1) / context.Weights[server] : _open[server];
}
