using System.Text;
using System.Text.RegularExpressions;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>
/// nginx's access log in a given <c>log_format</c>. Its times are those of the end of a request; the arrival lies <c>$request_time</c>
/// before.
/// </summary>
/// <remarks>
/// The format becomes an expression of its text and a group for each variable, matched without backtracking: in time linear in the line.
/// </remarks>
internal sealed class NginxLog : LineReader
{
    private const string Combined = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent";

    private const string Upstream = @"(?:-|[0-9.]+)(?:(?:, | : |,|:)(?:-|[0-9.]+))*";

    /// <summary>The usual formats, those that tell most first.</summary>
    private static readonly (string Name, string Format)[] UsualFormats =
    [
        ("combined with rt= and urt=", $"{Combined} ${{_1}}rt=$request_time ${{_2}}urt=\"$upstream_response_time\"${{_3}}"),
        ("combined with rt= and urt=", $"{Combined} ${{_1}}rt=$request_time ${{_2}}urt=$upstream_response_time${{_3}}"),
        ("combined with request and upstream time",
            $"{Combined} \"$http_referer\" \"$http_user_agent\" $request_time $upstream_response_time"),
        ("combined with forwarded-for, request and upstream time",
            $"{Combined} \"$http_referer\" \"$http_user_agent\" \"$http_x_forwarded_for\" $request_time $upstream_response_time"),
        ("combined with request time", $"{Combined} \"$http_referer\" \"$http_user_agent\" $request_time"),
        ("combined", $"{Combined}$_1"),
    ];

    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["time_local"] = @"[0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [-+][0-9]{4}",
        ["time_iso8601"] = @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[-+][0-9]{2}:[0-9]{2}|Z)",
        ["msec"] = "[0-9]+(?:[.][0-9]+)?",
        ["request_time"] = "[0-9]+(?:[.][0-9]+)?",
        ["upstream_response_time"] = Upstream,
        ["upstream_header_time"] = Upstream,
        ["upstream_connect_time"] = Upstream,
        ["status"] = "[0-9]+",
        ["request_uri"] = @"[^\s""]*",
        ["uri"] = @"[^\s""]*",
    };

    private static readonly string[] Times = ["msec", "time_iso8601", "time_local"], Paths = ["request_uri", "uri", "request"];

    // Expressions without backtracking take long to make.
    private static readonly Lazy<NginxLog[]> Usual =
        new(() => [.. UsualFormats.Select(f => new NginxLog($"nginx, {f.Name}", f.Format, "nginx"))]);

    private readonly Regex _line;
    private readonly string _time;
    private readonly string? _path;
    private readonly bool _hasUpstream, _hasRequest;

    private NginxLog(string name, string format, string origin)
    {
        Name = name;
        Expected = $"a line of nginx's log_format '{format}'";
        StringBuilder pattern = new("^");
        HashSet<string> seen = [];
        foreach (Match part in Regex.Matches(format, @"\$(?:\{(?<name>[A-Za-z0-9_]+)\}|(?<name>[A-Za-z0-9_]+))|(?<text>[^$]+|\$)"))
        {
            string variable = part.Groups["name"].Value;
            pattern.Append(
                variable.Length == 0 ? Regex.Escape(part.Groups["text"].Value)
                : seen.Add(variable) ? $"(?<v_{variable}>{Patterns.GetValueOrDefault(variable, ".*?")})"
                : Patterns.GetValueOrDefault(variable, ".*?"));
        }
        _line = new Regex(pattern.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        _time = Times.FirstOrDefault(seen.Contains) ?? throw new InvalidInputException(
            $"{origin}: expected a log_format with $msec, $time_iso8601 or $time_local, found '{format}'");
        _path = Paths.FirstOrDefault(seen.Contains);
        _hasUpstream = seen.Contains("upstream_response_time");
        _hasRequest = seen.Contains("request_time");
    }

    public override string Name { get; }

    public override string Expected { get; }

    public override string Remark => (_hasRequest, _hasUpstream) switch
    {
        (true, true) => "arrival: end less $request_time; service: $upstream_response_time",
        (true, false) => "arrival: end less $request_time; service: $request_time, since the log has no $upstream_response_time",
        (false, true) => "arrival: end less $upstream_response_time, since the log has no $request_time; service: $upstream_response_time",
        _ => "arrival: the end of the request, since the log has no $request_time; service times: none",
    };

    /// <param name="format">The text of a <c>log_format</c>, or the directive as it stands in a configuration.</param>
    /// <param name="origin">The option or key that gave it, named in errors.</param>
    /// <exception cref="InvalidInputException">The format has no time.</exception>
    public static NginxLog Of(string format, string origin)
    {
        if (format.TrimStart().StartsWith("log_format", StringComparison.Ordinal))
        {
            format = string.Concat(Regex.Matches(format, @"'((?:[^'\\]|\\.)*)'|""((?:[^""\\]|\\.)*)""")
                .Select(m => (m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value).Replace("\\'", "'").Replace("\\\"", "\"")));
        }
        return new NginxLog("nginx", format, origin);
    }

    /// <summary>The usual format that most of these lines are in; null for none.</summary>
    public static NginxLog? Recognise(IReadOnlyList<string> lines) =>
        Usual.Value.FirstOrDefault(log => lines.Count(line => log.Parse(line) is not null) * 2 > lines.Count);

    public override LogRequest? Parse(string line)
    {
        Match match = _line.Match(line);
        if (!match.Success)
        {
            return null;
        }
        string time = match.Groups[$"v_{_time}"].Value;
        long? end = _time switch
        {
            "msec" => LogText.Number(time, Ticks.PerSecond),
            "time_iso8601" => LogText.Iso(time),
            _ => LogText.Exact(time, "dd/MMM/yyyy:HH:mm:ss zzz"),
        };
        long? request = _hasRequest ? LogText.Duration(match.Groups["v_request_time"].Value, Ticks.PerSecond) : 0;
        (long? service, bool retried) = _hasUpstream ? LastOf(match.Groups["v_upstream_response_time"].Value) : (null, false);
        if (end is null || request is null)
        {
            return null;
        }
        long served = _hasUpstream ? service ?? LogRequest.NotTold : _hasRequest ? request.Value : LogRequest.NotTold;
        string path = _path is null ? "" : match.Groups[$"v_{_path}"].Value;
        return new LogRequest(
            end.Value, _hasRequest ? request.Value : Math.Max(0, served), served, _path == "request" ? LogText.PathOf(path) : path)
        {
            IsWholeSecond = _time != "msec",
            WasRetried = retried,
        };
    }

    /// <summary>Several servers that were tried are apart by comma, several groups of servers by colon; '-' is none.</summary>
    private static (long? Service, bool Retried) LastOf(string times)
    {
        string[] tries = times.Split([',', ':'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (tries.Length == 0 ? null : LogText.Duration(tries[^1], Ticks.PerSecond), tries.Length > 1);
    }
}
