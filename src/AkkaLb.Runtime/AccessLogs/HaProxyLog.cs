using System.Text.RegularExpressions;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>HAProxy's HTTP log: <c>option httplog</c>, behind whatever syslog puts before it.</summary>
internal sealed partial class HaProxyLog : LineReader
{
    public override string Name => "HAProxy, HTTP";

    public override string Expected => "a line of HAProxy's HTTP log: client:port [time] frontend backend/server TR/Tw/Tc/Tr/Ta status …";

    public override string Remark => "arrival: the accept date and TR, when the request was whole; service: Tr, until the answer's headers";

    public override LogRequest? Parse(string line)
    {
        Match match = Line().Match(line);
        if (!match.Success)
        {
            return null;
        }
        string time = match.Groups["time"].Value;
        bool whole = !time.Contains('.');
        if (LogText.Exact(time, whole ? "dd/MMM/yyyy:HH:mm:ss" : "dd/MMM/yyyy:HH:mm:ss.FFFFFFF") is not { } accepted
            || LogText.Number(match.Groups["received"].Value, Ticks.PerMillisecond) is not { } received
            || LogText.Number(match.Groups["answered"].Value, Ticks.PerMillisecond) is not { } answered
            || received > Ticks.Longest || answered > Ticks.Longest)
        {
            return null;
        }
        // −1 stands for a phase that was never reached.
        bool served = received >= 0 && answered >= 0 && match.Groups["server"].Value != "<NOSRV>";
        return new LogRequest(
            accepted, -Math.Max(0, received), served ? answered : LogRequest.NotTold, LogText.PathOf(match.Groups["request"].Value))
        {
            IsWholeSecond = whole,
        };
    }

    [GeneratedRegex(
        @"\S+:[0-9]+ \[(?<time>[0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)\] \S+ [^/\s]+/(?<server>\S+) "
        + @"(?<received>-?[0-9]+)/-?[0-9]+/-?[0-9]+/(?<answered>-?[0-9]+)/\+?-?[0-9]+ -?[0-9]+ .*?""(?<request>[^""]*)""?$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Line();
}
