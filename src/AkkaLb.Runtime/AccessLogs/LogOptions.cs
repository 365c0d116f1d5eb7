using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>What wrote a log.</summary>
public enum LogKind
{
    /// <summary>Told from the log's first lines.</summary>
    Auto,
    Nginx,
    HaProxy,
    Envoy,
    Csv,
}

/// <summary>How a log is read.</summary>
public sealed record LogOptions
{
    public const int MostClasses = 32;

    /// <summary>The words by which options and keys name a kind.</summary>
    public static (string Word, LogKind Kind)[] Kinds { get; } =
    [
        ("auto", LogKind.Auto), ("nginx", LogKind.Nginx), ("haproxy", LogKind.HaProxy), ("envoy", LogKind.Envoy), ("csv", LogKind.Csv),
    ];

    /// <summary>The words by which they name a unit of times, and its ticks.</summary>
    public static (string Word, long Ticks)[] Units { get; } =
        [("s", Ticks.PerSecond), ("ms", Ticks.PerMillisecond), ("us", Ticks.PerMillisecond / 1000), ("ns", 1)];

    public LogKind Kind { get; init; }

    /// <summary>nginx's <c>log_format</c>, the text or the whole directive; empty: the usual ones.</summary>
    public string Format { get; init; } = "";

    /// <summary>CSV: the column of arrival times, numbers or ISO 8601.</summary>
    public string Arrival { get; init; } = "seconds";

    /// <summary>CSV: the column of service times; one that is not there: none.</summary>
    public string Service { get; init; } = "service";

    /// <summary>CSV: the column of classes, or of paths where there are rules; one that is not there: none.</summary>
    public string Class { get; init; } = "class";

    /// <summary>CSV: ticks of 1 in the arrival column.</summary>
    public long ArrivalUnit { get; init; } = Ticks.PerSecond;

    /// <summary>CSV: ticks of 1 in the service column.</summary>
    public long ServiceUnit { get; init; } = Ticks.PerSecond;

    /// <summary>Classes by the beginning of the path; the first that fits counts.</summary>
    public IReadOnlyList<ClassRule> Rules { get; init; } = [];

    /// <summary>Whether requests that no rule names are left out; else they are class <see cref="Others"/>.</summary>
    public bool OnlyNamed { get; init; }

    /// <summary>Ticks that a request may come after one that arrived later.</summary>
    public long Reorder { get; init; } = 60 * Ticks.PerSecond;

    /// <summary>Arrivals before so many ticks after the first are cut off.</summary>
    public long From { get; init; }

    /// <summary>Arrivals from so many ticks after the first on are cut off.</summary>
    public long Until { get; init; } = Ticks.Longest;

    /// <summary>The class of requests that no rule names.</summary>
    public const string Others = "other";

    /// <summary>The class of all requests where there are no rules and no column of classes.</summary>
    public const string Only = "request";

    /// <returns>The class of a request; null where it is left out.</returns>
    internal string? ClassOf(string path)
    {
        foreach (ClassRule rule in Rules)
        {
            if (path.StartsWith(rule.Prefix, StringComparison.Ordinal))
            {
                return rule.Name;
            }
        }
        return OnlyNamed ? null : Others;
    }
}

/// <summary>Requests whose path begins with <paramref name="Prefix"/> are of class <paramref name="Name"/>.</summary>
public sealed record ClassRule(string Name, string Prefix)
{
    /// <param name="text"><c>NAME=PREFIX</c>.</param>
    /// <returns>Null where it is something else.</returns>
    public static ClassRule? Parse(string text)
    {
        int equals = text.IndexOf('=');
        return equals < 1 || !text[..equals].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || equals + 1 == text.Length
            ? null
            : new ClassRule(text[..equals], text[(equals + 1)..]);
    }
}
