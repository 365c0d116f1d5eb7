using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// Stores what happens to a cluster in its database, where every node and whoever comes later finds it. The node that holds the runs does
/// so for all; one that takes over goes on from what it saw itself.
/// </summary>
internal sealed class ClusterHistory(RunStore store)
{
    /// <summary>Entries that are shown at most.</summary>
    private const int Most = 500;

    private static readonly ClusterStatus Nothing = new([], [], null, new AgentCounts(0, new Dictionary<string, int>()));

    private readonly Queue<string> _waiting = new();
    private ClusterStatus? _status;
    private IReadOnlyList<AgentPlace> _agents = [];

    /// <summary>The last first.</summary>
    /// <exception cref="RunFailedException">The database cannot be used.</exception>
    public Task<IReadOnlyList<ClusterMoment>> ReadAsync() => store.TimelineAsync(Most);

    /// <summary>Takes a look in.</summary>
    /// <param name="agents">Asked for only when something has changed.</param>
    /// <param name="isHolder">Whether this node holds the runs, and so tells for all.</param>
    public async Task SeeAsync(ClusterStatus now, Func<Task<IReadOnlyList<AgentPlace>>> agents, bool isHolder)
    {
        bool moved = _status is null || _status.Singleton != now.Singleton
            || !now.Members.Select(Hosted).SequenceEqual(_status.Members.Select(Hosted));
        IReadOnlyList<AgentPlace> places = moved ? await agents() : _agents;
        if (isHolder)
        {
            foreach (string line in ClusterChanges.Between(_status ?? Nothing, now)
                .Concat(ClusterChanges.Between(_agents, places)))
            {
                _waiting.Enqueue(line);
            }
        }
        (_status, _agents) = (now, places);
        await StoreAsync();
    }

    private static (string, int, int) Hosted(MemberStatusReport member) => (member.Address, member.Shards, member.Agents);

    private async Task StoreAsync()
    {
        string[] lines = [.. _waiting];
        if (lines.Length == 0)
        {
            return;
        }
        try
        {
            await store.NoteAsync(lines);
            _waiting.Clear();
        }
        catch (RunFailedException)
        {
            // With the next look; a database that is away for long keeps what happened last.
            while (_waiting.Count > Most)
            {
                _waiting.Dequeue();
            }
        }
    }
}
