using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>Equal-cost multipath: the connection's hash picks among the available servers, all alike.</summary>
internal sealed class EcmpPolicy(PolicyContext context) : IDispatchPolicy
{
    private readonly Available _available = new(context.Weights.Count);

    public int Choose(in Job job, long now) => _available[(int)((ulong)job.Hash * (uint)_available.Count >> 32)];

    public void SetAvailable(ReadOnlySpan<bool> available) => _available.Set(available);
}
