using System.Globalization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>Arrivals made of a log, in order of time.</summary>
/// <param name="Format">For example "nginx, combined".</param>
/// <param name="Rows">At least one, the first at 0; all with work or none (<see cref="TraceRow.Drawn"/>).</param>
/// <param name="Classes">Names, in the order of their first arrival.</param>
/// <param name="Lines">Lines of the log that hold anything.</param>
/// <param name="OutOfOrder">Requests that came after one which arrived later, and were sorted.</param>
/// <param name="Unreadable">Lines that could not be read and were left out.</param>
/// <param name="Notes">What was left out, changed or supposed, a line each.</param>
public sealed record ImportedTrace(
    string Format, IReadOnlyList<TraceRow> Rows, IReadOnlyList<string> Classes, int Lines, int OutOfOrder, int Unreadable,
    IReadOnlyList<string> Notes)
{
    public bool HasWork => Rows[0].Work != TraceRow.Drawn;

    /// <summary>Seconds from the first arrival to the last.</summary>
    public double Seconds => Ticks.ToSeconds(Rows[^1].Time);

    /// <summary>Arrivals per second; null where all came at once.</summary>
    public double? Rate => Seconds > 0 ? Rows.Count / Seconds : null;

    /// <summary>Mean seconds of a service time; 0 where the log has none.</summary>
    public double MeanService => HasWork ? Rows.Average(r => Ticks.ToSeconds(r.Work)) : 0;

    /// <summary>Servers that the arrivals keep busy at once; null where the log has no service times, or no span of time.</summary>
    public double? Busy => HasWork ? Rate * MeanService : null;

    /// <summary>Format, arrivals and work in one line.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Format}: {Rows.Count:N0} requests of {Lines:N0} lines in {Seconds:0.###} s")
        + (Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $", {rate:0.##} a second") : "")
        + (HasWork ? string.Create(CultureInfo.InvariantCulture, $", {MeanService:0.####} s each") : "")
        + (Busy is { } busy ? string.Create(CultureInfo.InvariantCulture, $", {busy:0.##} at once") : "");

    /// <summary>A trace that is read back to the same rows.</summary>
    public string ToCsv() => CsvTable.Write(
        ["seconds", .. HasWork ? ["service"] : Array.Empty<string>(), "class"],
        Rows.Select(row => (object?[])
            [Seconds9(row.Time), .. HasWork ? [Seconds9(row.Work)] : Array.Empty<object?>(), Classes[row.Class]]));

    private static string Seconds9(long ticks) => ((decimal)ticks / Ticks.PerSecond).ToString("0.#########", CultureInfo.InvariantCulture);
}
