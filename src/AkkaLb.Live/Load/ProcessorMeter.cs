using System.Globalization;

namespace AkkaLb.Live.Load;

/// <summary>How busy the machine's processors were, whoever used them, between two looks at <c>/proc/stat</c>.</summary>
internal static class ProcessorMeter
{
    private const string Source = "/proc/stat";

    /// <summary>Time in use and all time of all processors since the machine started; null where the system does not tell.</summary>
    public static (long Busy, long Total)? Look() => File.Exists(Source) ? Parse(File.ReadLines(Source).First()) : null;

    /// <param name="line"><c>cpu user nice system idle iowait irq softirq steal …</c>; what guests use is in user already.</param>
    internal static (long Busy, long Total)? Parse(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 6 || fields[0] != "cpu")
        {
            return null;
        }
        long[] times = [.. fields.Skip(1).Take(8).Select(f => long.Parse(f, CultureInfo.InvariantCulture))];
        long total = times.Sum();
        return (total - times[3] - times[4], total);
    }

    /// <summary>The share in use, 0 to 1; null when one of the looks saw nothing, or there is no time between them.</summary>
    public static double? Share((long Busy, long Total)? from, (long Busy, long Total)? to) =>
        from is { } a && to is { } b && b.Total > a.Total ? (b.Busy - a.Busy) / (double)(b.Total - a.Total) : null;
}
