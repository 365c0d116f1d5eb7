namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>When servers that fail are left alone. Times are ticks, positive.</summary>
public sealed record EjectionOptions
{
    public bool Enabled { get; init; } = true;

    /// <summary>Failures in a row that eject, at least 1.</summary>
    public int Consecutive { get; init; } = 5;

    /// <summary>Share of failures within <see cref="Interval"/> that ejects, above 0 to 1, of <see cref="Requests"/> or more.</summary>
    public double Share { get; init; } = 0.5;

    public int Requests { get; init; } = 20;

    public long Interval { get; init; } = 5 * Ticks.PerSecond;

    /// <summary>Of the first ejection; the n-th lasts n times as long, at most <see cref="Longest"/>.</summary>
    public long Time { get; init; } = 5 * Ticks.PerSecond;

    public long Longest { get; init; } = 60 * Ticks.PerSecond;

    /// <summary>Share of ejected servers among the healthy ones above which all of these are used, 0 to 1.</summary>
    public double Panic { get; init; } = 0.5;
}

/// <summary>A server's failures as <see cref="EjectionRule"/> counts them.</summary>
public sealed class EjectionRecord
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
public sealed class EjectionRule(EjectionOptions options)
{
    /// <summary>Counts the end of a request.</summary>
    /// <returns>Why the server is to be left alone from now on; null: it is not.</returns>
    public string? Count(EjectionRecord server, bool failed, long now)
    {
        if (!options.Enabled)
        {
            return null;
        }
        if (now - server.Since > options.Interval)
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
            server.Until = now + Math.Min(options.Time * server.Times, options.Longest);
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
