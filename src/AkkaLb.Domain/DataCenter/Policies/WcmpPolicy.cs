using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>Weighted-cost multipath: the connection's hash picks a server in proportion to its configured weight.</summary>
internal sealed class WcmpPolicy(PolicyContext context) : IDispatchPolicy
{
    private readonly AliasTable _table = new(context.Weights.Count);

    public int Choose(in Job job, long now) => _table.Choose(job.Hash);

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        Span<double> weights = new double[available.Length];
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = available[j] ? context.Weights[j] : 0;
        }
        _table.Build(weights);
    }
}
