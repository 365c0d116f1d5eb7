using System.Globalization;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cli.Output;

/// <summary>What the nodes of a local cluster do, asked for every second.</summary>
internal sealed class NodesProgress : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly LocalNodes _nodes;
    private readonly Dictionary<int, long> _events = [];
    private volatile IReadOnlyList<string> _lines = [];
    private Task _watching = Task.CompletedTask;

    private NodesProgress(LocalNodes nodes) => _nodes = nodes;

    /// <summary>A line a node.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public static NodesProgress Watch(LocalNodes nodes)
    {
        NodesProgress progress = new(nodes);
        progress._watching = progress.WatchAsync();
        return progress;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        _ended.Dispose();
    }

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(Look);
        try
        {
            while (true)
            {
                ClusterStatus? status = await _nodes.StatusAsync(_ended.Token);
                List<string> lines = [];
                foreach (LocalNode node in _nodes.Nodes)
                {
                    lines.Add(await DescribeAsync(node, status));
                }
                _lines = lines;
                await timer.WaitForNextTickAsync(_ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private async Task<string> DescribeAsync(LocalNode node, ClusterStatus? status)
    {
        string name = $"node {node.Number} (process {node.ProcessId})";
        if (!node.IsAlive)
        {
            return $"{name}  ended";
        }
        long? events = await _nodes.EventsAsync(node, _ended.Token);
        long perSecond = events - _events.GetValueOrDefault(node.Number, events ?? 0) ?? 0;
        _events[node.Number] = events ?? 0;
        return status?.Members.FirstOrDefault(member => member.Address == node.Address) is not { } member
            ? $"{name}  no member"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{name}  {member.Status.ToLowerInvariant()}  {member.Shards} shards  {member.Agents} agents  {perSecond} events/s")
                + (status.Singleton == node.Address ? "  holds the run" : "")
                + (status.Unreachable.Contains(node.Address) ? "  unreachable" : "");
    }
}
