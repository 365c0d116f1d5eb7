using AkkaLb.Domain.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Load;

/// <summary>Every request of a load as CSV, the warm-up's too.</summary>
internal static class RequestsFile
{
    public static string Write(LoadRun run) => CsvTable.Write(
        ["number", "due", "work", "target", "class", "late", "latency", "status", "server"],
        run.Plan.Zip(run.Outcomes, (planned, outcome) => (planned, outcome)).Select((r, number) => (object?[])
        [
            number, Ticks.ToSeconds(r.planned.Due), Ticks.ToSeconds(r.planned.Work), r.planned.Target, r.planned.Class,
            Ticks.ToSeconds(r.outcome.Late), Ticks.ToSeconds(r.outcome.Latency), r.outcome.Status, r.outcome.Server,
        ]));
}
