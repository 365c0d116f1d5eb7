namespace AkkaLb.Runtime.AccessLogs;

/// <summary>A request as a line of a log tells it.</summary>
/// <param name="Time">Ticks since 1970, of the arrival or of the end.</param>
/// <param name="Before">Ticks from the arrival to <paramref name="Time"/>.</param>
/// <param name="Service">Ticks that the server took; <see cref="NotTold"/> where the line tells none.</param>
/// <param name="Path">Of the request; of a CSV the content of the class column.</param>
internal readonly record struct LogRequest(long Time, long Before, long Service, string Path)
{
    public const long NotTold = -1;

    /// <summary>The time is of a whole second.</summary>
    public bool IsWholeSecond { get; init; }

    /// <summary>More than one server was tried; the last one's time counts.</summary>
    public bool WasRetried { get; init; }

    public long Arrival => Time - Before;
}

/// <param name="Number">Counted from 1.</param>
/// <param name="Request">Null when the line cannot be read.</param>
internal readonly record struct LogLine(int Number, LogRequest? Request);

/// <summary>Reads the lines of one kind of log.</summary>
internal interface ILogReader
{
    /// <summary>For messages, for example "nginx, combined".</summary>
    string Name { get; }

    /// <summary>What a line should be, for messages.</summary>
    string Expected { get; }

    /// <summary>What stands for times in this kind of log, for people; null where there is nothing to say.</summary>
    string? Remark { get; }

    IEnumerable<LogLine> Read(string text);
}

/// <summary>A log of which each line is a request of its own.</summary>
internal abstract class LineReader : ILogReader
{
    public abstract string Name { get; }

    public abstract string Expected { get; }

    public abstract string? Remark { get; }

    public abstract LogRequest? Parse(string line);

    public IEnumerable<LogLine> Read(string text)
    {
        using StringReader reader = new(text);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return new LogLine(number, Parse(line));
            }
        }
    }
}
