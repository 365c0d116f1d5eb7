using System.Globalization;

namespace AkkaLb.Live.TestServers;

/// <summary>What can happen to a test server; the words of the simulator's changes, and what only real servers have.</summary>
public enum ServerChangeKind
{
    /// <summary>Work goes on at another speed, that of requests in service too.</summary>
    Speed,

    /// <summary>Every answer comes later, in nobody's slot.</summary>
    Delay,

    /// <summary>A share of requests is answered 500 at once.</summary>
    Errors,

    /// <summary>The connection of a share of requests is reset.</summary>
    Resets,

    /// <summary>No more delay, errors or resets.</summary>
    Heal,

    /// <summary>As if the process were killed: connections break, new ones are refused.</summary>
    Fail,

    /// <summary>A failed server is back, empty.</summary>
    Return,

    /// <summary>A server that was not there before.</summary>
    Add,
}

/// <summary>Something that happens to a test server.</summary>
/// <param name="Time">Since the start.</param>
/// <param name="Server">Its position from 0.</param>
/// <param name="Value">Speed, 0.001 to 64; delay in seconds, to 600; share, 0 to 1; else 0.</param>
public sealed record ServerChange(TimeSpan Time, int Server, ServerChangeKind Kind, double Value = 0)
{
    /// <summary>What an entry must look like, in words.</summary>
    public static string Expected(int servers) =>
        $"entries of a time in seconds, a server from 0 to {servers - 1}, and 'speed FACTOR', 'delay TIME', 'errors SHARE', "
        + "'resets SHARE', heal, fail, return or add, for example \"20s 6 speed 0.5\"";

    /// <summary>Reads <c>"20s 6 speed 0.5"</c>.</summary>
    public static ServerChange? Parse(string text, int servers)
    {
        int space = text.TrimStart().IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && Seconds(text.TrimStart()[..space]) is >= 0 and < 1e6 and { } time
            ? ParseUntimed(text.TrimStart()[space..], servers) is { } change ? change with { Time = TimeSpan.FromSeconds(time) } : null
            : null;
    }

    /// <summary>Reads <c>"6 speed 0.5"</c>: now.</summary>
    public static ServerChange? ParseUntimed(string text, int servers)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length is < 2 or > 3
            || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int server) || server >= servers)
        {
            return null;
        }
        string? value = words.Length == 3 ? words[2] : null;
        return (words[1], value) switch
        {
            ("speed", { } v) when Number(v) is >= 0.001 and <= 64 and { } speed => Of(ServerChangeKind.Speed, speed),
            ("delay", { } v) when Seconds(v) is >= 0 and <= 600 and { } delay => Of(ServerChangeKind.Delay, delay),
            ("errors", { } v) when Number(v) is >= 0 and <= 1 and { } share => Of(ServerChangeKind.Errors, share),
            ("resets", { } v) when Number(v) is >= 0 and <= 1 and { } share => Of(ServerChangeKind.Resets, share),
            ("heal", null) => Of(ServerChangeKind.Heal),
            ("fail", null) => Of(ServerChangeKind.Fail),
            ("return", null) => Of(ServerChangeKind.Return),
            ("add", null) => Of(ServerChangeKind.Add),
            _ => null,
        };

        ServerChange Of(ServerChangeKind kind, double v = 0) => new(TimeSpan.Zero, server, kind, v);
    }

    /// <summary>The change as it is written, without its time.</summary>
    public override string ToString() => Kind switch
    {
        ServerChangeKind.Delay => string.Create(CultureInfo.InvariantCulture, $"{Server} delay {Value:R}s"),
        ServerChangeKind.Speed or ServerChangeKind.Errors or ServerChangeKind.Resets =>
            string.Create(CultureInfo.InvariantCulture, $"{Server} {Word} {Value:R}"),
        _ => $"{Server} {Word}",
    };

    private string Word => Kind.ToString().ToLowerInvariant();

    private static double? Seconds(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? Number(text[..^2]) / 1000
        : text.EndsWith('s') ? Number(text[..^1]) : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
