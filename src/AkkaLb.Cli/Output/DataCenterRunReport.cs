using System.Globalization;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of a data-centre run for people: one table of all policies.</summary>
internal static class DataCenterRunReport
{
    private static readonly (string Name, string Content)[] Files =
    [
        (RunFolder.SummaryFile, "the figures above and more"),
        (RunFolder.PoliciesFile, "one row per policy and repetition"),
        (RunFolder.LoadsFile, "the servers' loads over time, first repetition of each policy"),
        (RunFolder.ServerStatesFile, "what load balancers thought of servers and when, first repetition"),
        (RunFolder.EpisodesFile, "one row per training episode"),
        (RunFolder.LearningPlotFile, "task completion time while learning"),
        (RunFolder.CheckpointFolder, "the learners' state, for 'akkalb resume'"),
        (RunFolder.CompletionPlotFile, "distribution of task completion times by policy"),
        (RunFolder.ServedPlotFile, "the same without rejected jobs"),
        (RunFolder.GoodputPlotFile, "jobs done, not rejected, per second over the time of the run"),
        (RunFolder.TimelineFile, "goodput, completion times and Jain's index over the time of the run"),
        (RunFolder.TimelinePlotFile, "completion times over the time of the run"),
        (RunFolder.LoadsPlotFile, "the servers' loads over time under the baseline"),
        (RunFolder.TraceFile, "the jobs that were replayed"),
        (RunFolder.ConfigurationFile, "the resolved configuration"),
        (RunFolder.LogFile, "the log"),
        (JournalLocation.Folder, "what the load balancers decided, for 'akkalb journal'"),
    ];

    /// <param name="folder">Of the run, or of what an evaluation wrote; null for none.</param>
    public static void Write(IAnsiConsole console, DataCenterSummary summary, string? folder)
    {
        DataCenterMetrics metrics = summary.Metrics;
        string reached = metrics.Repetitions == 0 && summary.Training is { } stopped
            ? $"{stopped.Episodes} training episodes" : $"{metrics.Repetitions} repetitions";
        console.WriteLine($"task completion time in seconds, seed {summary.Seed}: {summary.Status} after {reached}");
        Table table = Terminal.Table(
            ("policy", Justify.Left), ("mean", Justify.Right), ("sd", Justify.Right), ("p50", Justify.Right), ("p90", Justify.Right),
            ("p95", Justify.Right), ("p99", Justify.Right), ("rejected", Justify.Right), ("done/s", Justify.Right),
            ("Jain", Justify.Right), ($"against {summary.Baseline} [95 %]", Justify.Right));
        foreach ((string name, PolicyMetrics policy) in summary.Policies)
        {
            table.AddRow(
                new Text(policy.IsGlobal ? $"{name} *" : name), Seconds(policy.MeanTct), Seconds(policy.Sd), Seconds(policy.P50),
                Seconds(policy.P90), Seconds(policy.P95), Seconds(policy.P99), new Text(Terminal.Percent(policy.RejectShare)),
                new Text(policy.Goodput.ToString("0.00", CultureInfo.InvariantCulture)), new Text(Format(policy.Jain)),
                new Text(Difference(policy)));
        }
        if (summary.Policies.Count > 0)
        {
            console.WriteFitted(table);
            WriteServed(console, summary);
            WriteClasses(console, summary);
            WriteChanges(console, summary);
            WriteFailures(console, summary);
            WriteProbing(console, summary);
        }
        Grid facts = Facts.Begin();
        if (summary.Policies.Count > 0)
        {
            facts.Fact("*", "knows the true state of all servers");
        }
        facts.Fact("system", string.Create(CultureInfo.InvariantCulture,
            $"{metrics.LoadBalancers} load balancer(s), {metrics.Servers} servers, processor load {metrics.ProcessorLoad:0.00}, disk load "
                + $"{metrics.DiskLoad:0.00}"));
        facts.Fact("simulated", $"{Terminal.Count(metrics.Jobs)} jobs under each policy, {Terminal.Count(metrics.Events)} events in all");
        if (summary.Training is { } training)
        {
            facts.Fact("training", string.Create(CultureInfo.InvariantCulture,
                $"{summary.Method}, {Terminal.Count(training.Episodes)} episodes, {Terminal.Count(training.Updates)} gradient steps in "
                    + $"{Terminal.Duration(TimeSpan.FromSeconds(training.Seconds))}"));
            facts.Fact("", training.TrajectoryBytes + training.DecisionBytes + training.ParameterBytes == 0
                ? "independent learners: nothing sent between load balancers"
                : $"sent per episode: {Kilobytes(training.TrajectoryBytes)} of trajectories, {Kilobytes(training.DecisionBytes)} of "
                    + $"decisions, {Kilobytes(training.ParameterBytes)} of parameters");
        }
        if (summary.Evaluation is { } evaluation)
        {
            facts.Fact("policy", $"of {RunFolder.Near(evaluation.Run)}, "
                + $"learnt from {Terminal.Plain(evaluation.LearntEpisodes, "episode")} with seed {evaluation.LearntSeed}");
        }
        facts.Fact("wall time", Terminal.Duration(TimeSpan.FromSeconds(summary.WallSeconds)));
        if (folder is null)
        {
            console.Write(facts);
            return;
        }
        facts.Fact(summary.Evaluation is null ? "run folder" : "written to", RunFolder.Near(Path.GetFullPath(folder)));
        facts.Files(folder, Files);
        console.Write(facts);
    }

    private static string Kilobytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.#} kB");

    /// <summary>
    /// A rejected job counts with 40 s more, which hides how those fared that were not; and a policy that rejects much has quick ones left.
    /// </summary>
    private static void WriteServed(IAnsiConsole console, DataCenterSummary summary)
    {
        if (summary.Policies.Values.All(policy => policy.RejectShare == 0))
        {
            return;
        }
        bool classes = summary.Policies.Values.First().Classes.Count > 1;
        Table table = Terminal.Table(
            ("without rejected jobs", Justify.Left), ("mean", Justify.Right), ("p50", Justify.Right), ("p90", Justify.Right),
            ("p95", Justify.Right), ("p99", Justify.Right), ("done/s", Justify.Right));
        foreach ((string name, PolicyMetrics policy) in summary.Policies)
        {
            Row(name, policy);
            foreach ((string kind, CompletionMetrics metrics) in policy.Classes.Where(_ => classes))
            {
                Row($"  {kind}", metrics);
            }
        }
        void Row(string name, CompletionMetrics metrics)
        {
            ServedTimes? served = metrics.Served;
            table.AddRow(
                new Text(name), new Text(Format(served?.MeanTct)), new Text(Format(served?.P50)), new Text(Format(served?.P90)),
                new Text(Format(served?.P95)), new Text(Format(served?.P99)),
                new Text(metrics.Goodput.ToString("0.00", CultureInfo.InvariantCulture)));
        }
        console.WriteFitted(table);
    }

    private static void WriteClasses(IAnsiConsole console, DataCenterSummary summary)
    {
        if (summary.Policies.Values.First().Classes.Count < 2)
        {
            return;
        }
        Table table = Terminal.Table(
            ("policy", Justify.Left), ("class", Justify.Left), ("mean", Justify.Right), ("p50", Justify.Right), ("p90", Justify.Right),
            ("p95", Justify.Right), ("p99", Justify.Right), ("rejected", Justify.Right));
        foreach ((string name, string kind, CompletionMetrics m) in summary.Policies.SelectMany(
            p => p.Value.Classes.Select(c => (p.Key, c.Key, c.Value))))
        {
            table.AddRow(
                new Text(name), new Text(kind), Time(m.MeanTct), Time(m.P50), Time(m.P90), Time(m.P95), Time(m.P99),
                new Text(Terminal.Percent(m.RejectShare)));

            // No job takes no time at all: there was none of this class.
            Text Time(double seconds) => m.P99 == 0 ? new Text("–") : Seconds(seconds);
        }
        console.WriteFitted(table);
    }

    private static void WriteChanges(IAnsiConsole console, DataCenterSummary summary)
    {
        if (summary.Policies.Values.First().Changes is null)
        {
            return;
        }
        Table table = Terminal.Table(
            ("policy", Justify.Left), ("at", Justify.Right), ("change", Justify.Left), ("mean before", Justify.Right),
            ("mean after", Justify.Right),
            ("settled within", Justify.Right));
        foreach ((string name, ChangeMetrics change) in summary.Policies.SelectMany(p => p.Value.Changes!.Select(c => (p.Key, c))))
        {
            string settled = change.SettlingSeconds is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s:0.#} s") : "not settled";
            table.AddRow(
                new Text(name), new Text(string.Create(CultureInfo.InvariantCulture, $"{change.Seconds:0.#} s")), new Text(change.What),
                new Text(Format(change.Before)), new Text(Format(change.After)), new Text(settled));
        }
        console.WriteFitted(table);
    }

    private static void WriteFailures(IAnsiConsole console, DataCenterSummary summary)
    {
        if (summary.Policies.Values.First().Failures is null)
        {
            return;
        }
        Table table = Terminal.Table(
            ("per repetition", Justify.Left), ("time-outs", Justify.Right), ("refused", Justify.Right), ("retries", Justify.Right),
            ("lost", Justify.Right), ("unhealthy", Justify.Right), ("ejected", Justify.Right), ("panics", Justify.Right),
            ("moved", Justify.Right));
        foreach ((string name, PolicyMetrics policy) in summary.Policies)
        {
            FailureMetrics f = policy.Failures!;
            table.AddRow([new Text(name), .. new[]
            {
                f.TimeOuts, f.Refusals, f.Retries, f.Lost, f.Unhealthy, f.Ejections, f.Panics, f.Moved,
            }.Select(figure => new Text(figure.ToString("0.##", CultureInfo.InvariantCulture)))]);
        }
        console.WriteFitted(table);
    }

    private static void WriteProbing(IAnsiConsole console, DataCenterSummary summary)
    {
        (string Name, PolicyMetrics Policy)[] probing =
            [.. summary.Policies.Where(p => p.Value.Probing is not null).Select(p => (p.Key, p.Value))];
        if (probing.Length == 0)
        {
            return;
        }
        Table table = Terminal.Table(
            ("policy", Justify.Left), ("probes/s", Justify.Right), ("kbit/s", Justify.Right), ("use error, %", Justify.Right),
            ("jobs error", Justify.Right), ("use rank ρ", Justify.Right), ("jobs rank ρ", Justify.Right));
        foreach ((string name, PolicyMetrics policy) in probing)
        {
            ProbingMetrics m = policy.Probing!;
            table.AddRow(
                new Text(name), new Text(policy.ProbesPerSecond.ToString("0.0", CultureInfo.InvariantCulture)),
                new Text(policy.ProbeKilobitsPerSecond.ToString("0.0", CultureInfo.InvariantCulture)),
                new Text(m.ProcessorError.ToString("0.00", CultureInfo.InvariantCulture)),
                new Text(m.JobsError.ToString("0.00", CultureInfo.InvariantCulture)), Seconds(m.ProcessorCorrelation),
                Seconds(m.JobsCorrelation));
        }
        console.WriteFitted(table);
    }

    private static Text Seconds(double value) => new(Format(value));

    private static string Format(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";

    private static string Difference(PolicyMetrics policy) => policy switch
    {
        { Difference: null } => "",
        { Difference: { } mean, DifferenceLow: { } low, DifferenceHigh: { } high } =>
            $"{Signed(mean)} [{Signed(low)}, {Signed(high)}]",
        { Difference: { } mean } => Signed(mean),
    };

    // Rounded before, as the sign of what rounds to 0 is printed otherwise.
    private static string Signed(double value) =>
        (Math.Round(value, 3) + 0.0).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
