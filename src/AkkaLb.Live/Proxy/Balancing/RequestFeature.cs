namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>What is known of a request while it is under way.</summary>
internal sealed class RequestFeature(LiveClock clock)
{
    /// <summary>When the answer's header came, ticks; 0: not yet.</summary>
    public long FirstByte { get; private set; }

    /// <summary>Path and query for the server; null: what YARP makes of them.</summary>
    public string? Target { get; init; }

    /// <summary>Of a request that may become an upgraded connection: called when it does.</summary>
    public Action? Upgrading { get; set; }

    public bool IsUpgraded { get; private set; }

    /// <param name="isUpgrade">Whether the connection is the client's and the server's from now on.</param>
    public void HeaderArrived(bool isUpgrade)
    {
        FirstByte = clock.Now;
        if (isUpgrade && Upgrading is { } upgrading)
        {
            IsUpgraded = true;
            upgrading();
        }
    }

    /// <summary>Another attempt begins.</summary>
    public void Reset() => (FirstByte, IsUpgraded) = (0, false);
}
