using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using CsvHelper;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>A table of requests with any header; also the traces that an import writes.</summary>
/// <param name="source">Named in errors.</param>
internal sealed class CsvLog(LogOptions options, string source) : ILogReader
{
    public string Name => "CSV";

    public string Expected => $"a row of as many fields as the header has, with a time in column '{options.Arrival}' and a duration of at "
        + $"most {Ticks.ToSeconds(Ticks.Longest)} s, or '-', in column '{options.Service}' where there is one";

    public string? Remark => null;

    /// <summary>Whether the first line is a header with the column of arrivals.</summary>
    public static bool Recognises(string line, LogOptions options) =>
        line.Split(SeparatorOf(line)).Any(field => field.Trim().Trim('"') == options.Arrival);

    public IEnumerable<LogLine> Read(string text)
    {
        using CsvReader csv = CsvReader.FromText(text, new CsvReaderOptions { Separator = SeparatorOf(text), TrackLineNumbers = true });
        Next(csv, () =>
        {
            csv.ReadHeader();
            return true;
        });
        string[] header = [.. csv.Headers.Select(h => h.Trim())];
        int arrival = Array.IndexOf(header, options.Arrival), service = Column(header, options.Service, new LogOptions().Service);
        int kind = Column(header, options.Class, new LogOptions().Class);
        if (arrival < 0)
        {
            throw new InvalidInputException($"{source}, line 1: expected a column '{options.Arrival}', found {string.Join(", ", header)}");
        }
        while (Next(csv, csv.Read))
        {
            if (csv.FieldCount == 1 && csv.GetString(0).Length == 0)
            {
                continue;
            }
            yield return new LogLine((int)csv.LineNumber, csv.FieldCount == header.Length ? Request(csv, arrival, service, kind) : null);
        }
    }

    private static char SeparatorOf(string text)
    {
        int end = text.IndexOf('\n');
        ReadOnlySpan<char> line = end < 0 ? text : text.AsSpan(0, end);
        return line.IndexOfAny(',', ';', '\t') is >= 0 and var at ? line[at] : ',';
    }

    private bool Next(CsvReader csv, Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException e)
        {
            throw new InvalidInputException($"{source}, line {e.LineNumber}: expected a row of a CSV, with quotes that are closed", e);
        }
    }

    private LogRequest? Request(CsvReader csv, int arrival, int service, int kind)
    {
        string time = csv.GetString(arrival).Trim(), duration = service < 0 ? "" : csv.GetString(service).Trim();
        long? number = LogText.Number(time, options.ArrivalUnit), at = number ?? (time.Contains('-') ? LogText.Iso(time) : null);
        long? served = duration is "" or "-" ? LogRequest.NotTold : LogText.Duration(duration, options.ServiceUnit);
        return at is null || served is null ? null : new LogRequest(at.Value, 0, served.Value, kind < 0 ? "" : csv.GetString(kind).Trim())
        {
            IsWholeSecond = number is null && LogText.IsWholeSecond(time),
        };
    }

    /// <summary>A column that was asked for has to be there; the usual one may be missing.</summary>
    private int Column(string[] header, string name, string usual)
    {
        int column = Array.IndexOf(header, name);
        return column >= 0 || name == usual
            ? column
            : throw new InvalidInputException($"{source}, line 1: expected a column '{name}', found {string.Join(", ", header)}");
    }
}
