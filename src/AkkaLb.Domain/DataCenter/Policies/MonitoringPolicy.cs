using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>Probes every server in every period and makes nothing of the replies: another policy's choices stay as they are.</summary>
internal sealed class MonitoringPolicy(IDispatchPolicy policy, PolicyContext context) : IProbingPolicy
{
    private readonly bool[] _available = new bool[context.Weights.Count];

    public long Period => context.Probing.Period;

    public int Choose(in Job job, long now) => policy.Choose(job, now);

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        available.CopyTo(_available);
        policy.SetAvailable(available);
    }

    public void Opened(int server, long now) => policy.Opened(server, now);

    public void Closed(int server, long duration, long now) => policy.Closed(server, duration, now);

    public void Failed(int server, long duration, long now) => policy.Failed(server, duration, now);

    public void Tick(long now)
    {
        for (int j = 0; j < _available.Length; j++)
        {
            if (_available[j])
            {
                context.Probes.Send(j);
            }
        }
    }

    public void Replied(int server, in ProbeReply reply, long now)
    {
    }
}
