using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// How a node comes into its cluster: members that live let it in, of which the database knows. It goes by its seeds where none lives.
/// </summary>
/// <remarks>
/// A first seed that hears no other one begins a cluster, as Akka has it. One that died and is started again does not know the members that
/// live, and would begin a second cluster beside theirs, under an address at which they still expect its former self.
/// </remarks>
internal sealed class ClusterEntry(NodeOptions options, RunStore store)
{
    // A member tells every two seconds that it lives. Silent for so long, it does not: a cluster that has died is begun anew then.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(15);

    // Members that live may have been silent as the database was away, and speak again soon.
    private static readonly TimeSpan Listen = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Answer = TimeSpan.FromSeconds(3);

    private volatile IReadOnlyList<string> _asked = [];

    /// <summary><c>host:port</c> of the members that it asks to let it in, or has asked.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>Ends when the node has been let in, or is left to its seeds.</summary>
    public async Task JoinAsync(Akka.Cluster.Cluster cluster)
    {
        Address self = cluster.SelfAddress;
        if (options.Seeds.Count == 0)
        {
            cluster.Join(self);
            return;
        }
        long begun = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(Look);
        while (!cluster.IsTerminated && cluster.SelfMember.Status is MemberStatus.Removed)
        {
            if (await OthersAsync(self, cluster.System.Log) is { } others)
            {
                string[] living = [.. others.Where(other => other.Lives).Select(other => other.Address)];
                if (living.Length == 0 && (others.Count == 0 || TimeProvider.System.GetElapsedTime(begun) > Listen))
                {
                    _asked = [];
                    Ask(cluster, options.Seeds);
                    return;
                }
                if (living.Length > 0 && !living.SequenceEqual(_asked))
                {
                    _asked = living;
                    cluster.System.Log.Info("Members that live are asked to let this node in: {0}", string.Join(", ", living));
                    // None of them is this node: Akka asks until one lets it in, and begins no cluster.
                    Ask(cluster, living);
                }
            }
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Tells the others, and this node when it is started again, that it lives.</summary>
    public Task TellAsync(Address self) => store.SeeMemberAsync(HostAndPort(self), options.Seeds);

    /// <summary>The node has left or has been removed: whoever starts need not ask it.</summary>
    public async Task LeaveAsync(Address self)
    {
        try
        {
            await store.ForgetMemberAsync(HostAndPort(self)).WaitAsync(Answer);
        }
        catch (Exception e) when (e is RunFailedException or TimeoutException)
        {
            // It is silent from now on.
        }
    }

    /// <returns>Null: the database does not tell, so that nobody knows whether there is a cluster.</returns>
    private async Task<IReadOnlyList<(string Address, bool Lives)>?> OthersAsync(Address self, ILoggingAdapter log)
    {
        try
        {
            return await store.OtherMembersAsync(HostAndPort(self), options.Seeds, Lately).WaitAsync(Answer);
        }
        catch (Exception e) when (e is RunFailedException or TimeoutException or ObjectDisposedException)
        {
            log.Warning("Members that live cannot be looked for: {0}", e.Message);
            return null;
        }
    }

    private static void Ask(Akka.Cluster.Cluster cluster, IEnumerable<string> nodes)
    {
        Address self = cluster.SelfAddress;
        cluster.JoinSeedNodes(nodes.Select(node => Address.Parse($"{self.Protocol}://{self.System}@{node}")).ToImmutableList());
    }

    private static string HostAndPort(Address address) => $"{address.Host}:{address.Port}";
}
