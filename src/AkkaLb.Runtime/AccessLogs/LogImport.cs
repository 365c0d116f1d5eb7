using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>Makes arrivals, service times and classes of the access log of a load balancer.</summary>
public static class LogImport
{
    private const int LinesToTell = 50;

    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidInputException">
    /// No kind of log is recognised, most of its lines cannot be read, or nothing of it is left; the message names file and line.
    /// </exception>
    public static ImportedTrace Read(string text, string source, LogOptions options)
    {
        ILogReader reader = ReaderFor(text, source, options);
        List<(int Line, LogRequest Request)> requests = [];
        LineTally unreadable = new();
        int lines = 0, firstUnreadable = 0;
        foreach (LogLine line in reader.Read(text))
        {
            lines++;
            if (line.Request is { } request)
            {
                requests.Add((line.Number, request));
                continue;
            }
            firstUnreadable = firstUnreadable == 0 ? line.Number : firstUnreadable;
            unreadable.Add(line.Number);
        }
        if (unreadable.Count > requests.Count)
        {
            throw new InvalidInputException($"{source}, line {firstUnreadable}: expected {reader.Expected}; "
                + $"{unreadable.Count} of {lines} lines cannot be read");
        }
        if (requests.Count == 0)
        {
            throw new InvalidInputException($"{source}: expected at least one request, found none");
        }
        List<string> notes = [];
        if (reader.Remark is { } remark)
        {
            notes.Add(remark);
        }
        if (unreadable.Count > 0)
        {
            notes.Add(unreadable.Say("line cannot be read and is left out", "lines cannot be read and are left out"));
        }
        SpreadSeconds(requests, notes);
        requests = Served(requests, notes);
        (requests, int outOfOrder) = InOrder(requests, source, options, notes);
        return Rows(reader, requests, source, options, notes) with
        {
            Lines = lines, OutOfOrder = outOfOrder, Unreadable = unreadable.Count,
        };
    }

    private static ILogReader ReaderFor(string text, string source, LogOptions options)
    {
        switch (options.Kind)
        {
            case LogKind.HaProxy:
                return new HaProxyLog();
            case LogKind.Envoy:
                return new EnvoyLog();
            case LogKind.Csv:
                return new CsvLog(options, source);
            case LogKind.Auto or LogKind.Nginx when options.Format.Length > 0:
                return NginxLog.Of(options.Format, source);
        }
        List<string> first = [];
        using StringReader lines = new(text);
        while (first.Count < LinesToTell && lines.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                first.Add(line);
            }
        }
        if (NginxLog.Recognise(first) is { } nginx)
        {
            return nginx;
        }
        if (options.Kind == LogKind.Auto && first.Count > 0)
        {
            if (CsvLog.Recognises(first[0], options))
            {
                return new CsvLog(options, source);
            }
            foreach (LineReader reader in new LineReader[] { new HaProxyLog(), new EnvoyLog() })
            {
                if (first.Any(line => reader.Parse(line) is not null))
                {
                    return reader;
                }
            }
        }
        string expected = options.Kind == LogKind.Nginx
            ? "a log in one of nginx's usual formats, or its log_format given"
            : "an access log of nginx (others than the usual formats with their log_format), HAProxy (HTTP) or Envoy (JSON), "
                + $"or a CSV with the column '{options.Arrival}'";
        throw new InvalidInputException($"{source}, line 1: expected {expected}");
    }

    /// <summary>Requests that end in the same whole second are spread over it evenly, as one burst would be none of theirs.</summary>
    private static void SpreadSeconds(List<(int Line, LogRequest Request)> requests, List<string> notes)
    {
        Dictionary<long, (int Count, int Next)> seconds = [];
        foreach ((_, LogRequest request) in requests.Where(r => r.Request.IsWholeSecond))
        {
            seconds[request.Time] = (seconds.GetValueOrDefault(request.Time).Count + 1, 0);
        }
        if (!seconds.Values.Any(s => s.Count > 1))
        {
            return;
        }
        for (int k = 0; k < requests.Count; k++)
        {
            (int line, LogRequest request) = requests[k];
            if (request.IsWholeSecond)
            {
                (int count, int next) = seconds[request.Time];
                seconds[request.Time] = (count, next + 1);
                requests[k] = (line, request with { Time = request.Time + Ticks.PerSecond * next / count });
            }
        }
        notes.Add("times are of whole seconds: the requests of one are spread over it evenly, in the log's order");
    }

    /// <summary>Requests that no server answered are left out, where the log tells who was answered.</summary>
    private static List<(int Line, LogRequest Request)> Served(List<(int Line, LogRequest Request)> requests, List<string> notes)
    {
        LineTally retried = new(), unserved = new(), nothing = new();
        List<(int Line, LogRequest Request)> served = [];
        foreach ((int line, LogRequest request) in requests)
        {
            if (request.Service == LogRequest.NotTold)
            {
                unserved.Add(line);
                continue;
            }
            served.Add((line, request));
            if (request.WasRetried)
            {
                retried.Add(line);
            }
            if (request.Service == 0)
            {
                nothing.Add(line);
            }
        }
        if (served.Count == 0)
        {
            notes.Add("the log has no service times: an experiment draws them by its own law");
            return requests;
        }
        if (unserved.Count > 0)
        {
            notes.Add(unserved.Say("request that no server answered is left out", "requests that no server answered are left out"));
        }
        if (retried.Count > 0)
        {
            notes.Add(retried.Say(
                "request was tried at several servers: the last one's time counts",
                "requests were tried at several servers: the last one's time counts"));
        }
        if (nothing.Count > 0)
        {
            notes.Add(nothing.Say("service time is 0, less than the log can tell", "service times are 0, less than the log can tell"));
        }
        return served;
    }

    private static (List<(int Line, LogRequest Request)> Sorted, int OutOfOrder) InOrder(
        List<(int Line, LogRequest Request)> requests, string source, LogOptions options, List<string> notes)
    {
        LineTally late = new();
        List<(int Line, LogRequest Request)> kept = [];
        int sorted = 0, latest = 0;
        long last = long.MinValue, farthest = 0;
        foreach ((int line, LogRequest request) in requests)
        {
            long behind = last == long.MinValue ? 0 : last - request.Arrival;
            if (behind > options.Reorder)
            {
                late.Add(line);
                continue;
            }
            if (behind > 0)
            {
                (sorted, farthest) = (sorted + 1, Math.Max(farthest, behind));
            }
            if (request.Arrival > last)
            {
                (last, latest) = (request.Arrival, line);
            }
            kept.Add((line, request));
        }
        if (late.Count > kept.Count)
        {
            // A clock that was wrong for a line would leave nothing of those after it.
            throw new InvalidInputException(
                $"{source}, line {latest}: expected times in order, found one that {late.Count:N0} of {requests.Count:N0} requests are "
                + string.Create(CultureInfo.InvariantCulture, $"more than {Ticks.ToSeconds(options.Reorder):0.###} s behind"));
        }
        if (sorted > 0)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{sorted:N0} of {requests.Count:N0} requests were out of order, "
                + $"by at most {Ticks.ToSeconds(farthest):0.###} s, and were sorted"));
        }
        if (late.Count > 0)
        {
            string bound = string.Create(
                CultureInfo.InvariantCulture, $"more than {Ticks.ToSeconds(options.Reorder):0.###} s out of order");
            notes.Add(late.Say($"request is {bound} and is left out", $"requests are {bound} and are left out"));
        }
        return ([.. kept.OrderBy(r => r.Request.Arrival)], sorted);
    }

    private static ImportedTrace Rows(
        ILogReader reader, List<(int Line, LogRequest Request)> requests, string source, LogOptions options, List<string> notes)
    {
        LineTally unnamed = new(), before = new(), after = new();
        Dictionary<string, byte> classes = new(StringComparer.Ordinal);
        List<TraceRow> rows = new(requests.Count);
        long origin = requests[0].Request.Arrival, first = 0;
        foreach ((int line, LogRequest request) in requests)
        {
            long time = request.Arrival - origin;
            if (time < options.From || time >= options.Until)
            {
                (time < options.From ? before : after).Add(line);
                continue;
            }
            string? name = options.Rules.Count > 0 || options.OnlyNamed ? options.ClassOf(request.Path)
                : reader is not CsvLog || request.Path.Length == 0 ? LogOptions.Only : request.Path;
            if (name is null)
            {
                unnamed.Add(line);
                continue;
            }
            if (!classes.TryGetValue(name, out byte place))
            {
                if (classes.Count == LogOptions.MostClasses)
                {
                    throw new InvalidInputException($"{source}, line {line}: expected at most {LogOptions.MostClasses} classes, "
                        + $"found '{TextInput.Shown(name)}' after them; rules NAME=PREFIX make few of many");
                }
                classes[name] = place = (byte)classes.Count;
            }
            first = rows.Count == 0 ? time : first;
            rows.Add(new TraceRow(time - first, request.Service == LogRequest.NotTold ? TraceRow.Drawn : request.Service, place));
        }
        if (rows.Count == 0)
        {
            throw new InvalidInputException(
                $"{source}: expected at least one request that is not cut or filtered, found none of {requests.Count}");
        }
        if (before.Count + after.Count > 0)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"cut: {before.Count:N0} requests before {Ticks.ToSeconds(options.From):0.###} s and {after.Count:N0} from "
                + $"{Ticks.ToSeconds(options.Until):0.###} s on"));
        }
        if (unnamed.Count > 0)
        {
            notes.Add(unnamed.Say("request is of no class and is left out", "requests are of no class and are left out"));
        }
        return new ImportedTrace(reader.Name, rows, [.. classes.Keys], 0, 0, 0, notes);
    }
}
