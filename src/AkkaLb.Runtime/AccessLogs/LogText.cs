using System.Globalization;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>Times, durations and paths as logs write them.</summary>
internal static class LogText
{
    // Ticks of 1970 to 2262 fit; the bound leaves room for differences.
    private const decimal MostSeconds = 4e9m;

    private const long TicksPerTick = Ticks.PerSecond / TimeSpan.TicksPerSecond;

    /// <summary>A number of units of <paramref name="unit"/> ticks; null where it is none, or too large.</summary>
    public static long? Number(string text, long unit) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
        && Math.Abs(value) <= MostSeconds * Ticks.PerSecond / unit
            ? (long)Math.Round(value * unit)
            : null;

    /// <summary>A duration from 0 of at most <see cref="Ticks.Longest"/>.</summary>
    public static long? Duration(string text, long unit) =>
        Number(text, unit) is { } ticks && ticks >= 0 && ticks <= Ticks.Longest ? ticks : null;

    /// <summary>ISO 8601 with or without an offset; without one it is taken for UTC.</summary>
    public static long? Iso(string text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset time)
            ? SinceEpoch(time)
            : null;

    /// <summary>Whether a date tells no parts of a second.</summary>
    public static bool IsWholeSecond(string date) => !date.Contains('.') && !date.Contains(',');

    /// <summary>A date as nginx's <c>$time_local</c> and HAProxy write it.</summary>
    public static long? Exact(string text, string format) =>
        DateTimeOffset.TryParseExact(
            text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? SinceEpoch(time)
            : null;

    /// <summary>The path of <c>GET /path HTTP/1.1</c>, or of an absolute address; the whole where it is neither.</summary>
    public static string PathOf(string request)
    {
        string[] words = request.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string path = words.Length > 1 ? words[1] : request;
        int scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0 || path.StartsWith('/'))
        {
            return path;
        }
        int slash = path.IndexOf('/', scheme + 3);
        return slash < 0 ? "/" : path[slash..];
    }

    private static long? SinceEpoch(DateTimeOffset time)
    {
        long ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return Math.Abs(ticks) <= (long)MostSeconds * TimeSpan.TicksPerSecond ? ticks * TicksPerTick : null;
    }
}
