using System.Globalization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Load;

/// <summary>
/// Every request of a load as CSV, the warm-up's too; times in seconds. What was not sent, or not answered when the run was interrupted, is
/// left out.
/// </summary>
internal static class RequestsFile
{
    public static string Write(LoadRun run) => CsvTable.Write(
        ["number", "due", "work", "target", "class", "late", "latency", "status", "server"],
        run.Plan.Zip(run.Outcomes, Enumerable.Range(0, run.Plan.Count)).Select(r => (planned: r.First, outcome: r.Second, number: r.Third))
        .Where(r => r.outcome.Status != RequestOutcome.Unfinished).Select(r => (object?[])
        [
            r.number, Ticks.ToSeconds(r.planned.Due), Ticks.ToSeconds(r.planned.Work), r.planned.Target, r.planned.Class,
            Ticks.ToSeconds(r.outcome.Late), Ticks.ToSeconds(r.outcome.Latency), r.outcome.Status, r.outcome.Server,
        ]));

    /// <param name="lines">What <see cref="Write"/> wrote.</param>
    public static IReadOnlyList<(PlannedRequest Planned, RequestOutcome Outcome)> Read(IEnumerable<string> lines)
    {
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(f => (
            new PlannedRequest(Time(f[1]), Time(f[2]), Whole(f[3]), (byte)Whole(f[4])),
            new RequestOutcome(Time(f[5]), Time(f[6]), (short)Whole(f[7]), (short)Whole(f[8]))))];

        static long Time(string field) => Ticks.FromSeconds(double.Parse(field, CultureInfo.InvariantCulture));

        static int Whole(string field) => int.Parse(field, CultureInfo.InvariantCulture);
    }
}
