using System.Collections.Immutable;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>Counts a load balancer's choices, and digests their order by 64-bit FNV-1a over words.</summary>
internal sealed class ConnectionTally(int servers)
{
    private const ulong Basis = 14695981039346656037, Prime = 1099511628211;

    private readonly long[] _opened = new long[servers];
    private long _rejected;
    private ulong _choices = Basis;

    public void Open(int server)
    {
        _opened[server]++;
        _choices = (_choices ^ (uint)server) * Prime;
    }

    public void Reject()
    {
        _rejected++;
        _choices = (_choices ^ uint.MaxValue) * Prime;
    }

    public LoadBalancerJournal.ConnectionsOpened ToEvent() => new(0, [.. _opened], _rejected, _choices);
}
