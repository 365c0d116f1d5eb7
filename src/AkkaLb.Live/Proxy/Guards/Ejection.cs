using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>A server's failures as <see cref="EjectionRule"/> counts them.</summary>
internal sealed class EjectionRecord
{
    public bool IsEjected { get; set; }

    /// <summary>Ticks.</summary>
    public long Until { get; set; }

    /// <summary>Ejections, less those forgiven since.</summary>
    public int Times { get; set; }

    public int InARow { get; set; }

    public int Failed { get; set; }

    public int Total { get; set; }

    /// <summary>When counting of <see cref="Total"/> began, ticks.</summary>
    public long Since { get; set; }
}

/// <summary>
/// Leaves servers alone that fail: after failures in a row, or a share of failures within an interval. Each ejection is longer than the one
/// before; a whole interval without many failures forgives one.
/// </summary>
internal sealed class EjectionRule(EjectionOptions options)
{
    private readonly long _interval = LiveClock.Of(options.Interval), _time = LiveClock.Of(options.Time),
        _longest = LiveClock.Of(options.Longest);

    /// <summary>Counts the end of a request.</summary>
    /// <returns>Why the server is to be left alone from now on; null: it is not.</returns>
    public string? Count(EjectionRecord server, bool failed, long now)
    {
        if (!options.Enabled)
        {
            return null;
        }
        if (now - server.Since > _interval)
        {
            bool forgiven = server.Total > 0 && server.Failed < server.Total * options.Share / 2 && !server.IsEjected;
            server.Times -= forgiven && server.Times > 0 ? 1 : 0;
            (server.Since, server.Total, server.Failed) = (now, 0, 0);
        }
        server.Total++;
        if (!failed)
        {
            server.InARow = 0;
            return null;
        }
        server.Failed++;
        server.InARow++;
        string? reason = server.IsEjected ? null
            : server.InARow >= options.Consecutive ? $"{server.InARow} failures in a row"
            : server.Total >= options.Requests && server.Failed >= options.Share * server.Total
                ? $"{server.Failed} of {server.Total} requests failed"
            : null;
        if (reason is not null)
        {
            server.IsEjected = true;
            server.Times++;
            server.Until = now + Math.Min(_time * server.Times, _longest);
        }
        return reason;
    }

    /// <summary>Takes a server back whose time is over.</summary>
    /// <returns>Whether it was.</returns>
    public bool TakeBack(EjectionRecord server, long now)
    {
        if (!server.IsEjected || now < server.Until)
        {
            return false;
        }
        server.IsEjected = false;
        // One more failure is enough: whoever was ejected has to show that he is well.
        server.InARow = options.Consecutive - 1;
        (server.Since, server.Total, server.Failed) = (now, 0, 0);
        return true;
    }
}
