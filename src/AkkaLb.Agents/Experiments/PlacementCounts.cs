namespace AkkaLb.Agents.Experiments;

/// <summary>What the distribution of a run over nodes has cost so far; may be read by any thread.</summary>
public sealed class PlacementCounts
{
    private long _nodes, _moves, _frames, _bytes, _repeats;

    /// <summary>Nodes with agents, at the last placement.</summary>
    public long Nodes => Interlocked.Read(ref _nodes);

    /// <summary>Agents that have begun anew, on the same node or on another, after the first placement.</summary>
    public long Moves => Interlocked.Read(ref _moves);

    /// <summary>Episodes that were played, or begun, and were played again for it.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>Frames between nodes.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    public long Bytes => Interlocked.Read(ref _bytes);

    internal void Place(int nodes, int moved, bool isFirst)
    {
        Interlocked.Exchange(ref _nodes, nodes);
        if (!isFirst)
        {
            Interlocked.Add(ref _moves, moved);
        }
    }

    internal void Repeat(int episodes) => Interlocked.Add(ref _repeats, episodes);

    internal void Send(long frames, long bytes)
    {
        Interlocked.Add(ref _frames, frames);
        Interlocked.Add(ref _bytes, bytes);
    }
}
