namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>What is known of a request while it is under way.</summary>
internal sealed class RequestFeature(LiveClock clock)
{
    /// <summary>When the answer's header came, ticks; 0: not yet.</summary>
    public long FirstByte { get; private set; }

    /// <summary>Path and query for the server; null: what YARP makes of them.</summary>
    public string? Target { get; init; }

    public void HeaderArrived() => FirstByte = clock.Now;

    /// <summary>Another attempt begins.</summary>
    public void Reset() => FirstByte = 0;
}
