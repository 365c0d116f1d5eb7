using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// Weighted round robin in the smooth order of nginx: every choice raises each server's credit by its weight, takes the highest, and
/// lowers that by the sum of the weights.
/// </summary>
internal sealed class RoundRobinPolicy(PolicyContext context) : IDispatchPolicy
{
    private readonly Available _available = new(context.Weights.Count);
    private readonly double[] _credit = new double[context.Weights.Count];

    public int Choose(in Job job, long now)
    {
        int chosen = _available[0];
        double sum = 0;
        for (int k = 0; k < _available.Count; k++)
        {
            int server = _available[k];
            sum += context.Weights[server];
            _credit[server] += context.Weights[server];
            chosen = _credit[server] > _credit[chosen] ? server : chosen;
        }
        _credit[chosen] -= sum;
        return chosen;
    }

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        _available.Set(available);
        Array.Clear(_credit);
    }
}
