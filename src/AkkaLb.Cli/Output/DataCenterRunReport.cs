using System.Globalization;
using AkkaLb.Runtime.Experiments.DataCenter;
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
        (RunFolder.EpisodesFile, "one row per training episode"),
        (RunFolder.LearningPlotFile, "task completion time while learning"),
        (RunFolder.CheckpointFolder, "the learners' state, for 'akkalb resume'"),
        (RunFolder.CompletionPlotFile, "distribution of task completion times by policy"),
        (RunFolder.LoadsPlotFile, "the servers' loads over time under the baseline"),
        (RunFolder.ConfigurationFile, "the resolved configuration"),
        (RunFolder.LogFile, "the log"),
    ];

    public static void Write(IAnsiConsole console, DataCenterSummary summary, string folder)
    {
        DataCenterMetrics metrics = summary.Metrics;
        string reached = metrics.Repetitions == 0 && summary.Training is { } stopped
            ? $"{stopped.Episodes} training episodes" : $"{metrics.Repetitions} repetitions";
        console.WriteLine($"task completion time in seconds, seed {summary.Seed}: {summary.Status} after {reached}");
        Table table = Terminal.Table(
            ("policy", Justify.Left), ("mean", Justify.Right), ("sd", Justify.Right), ("p50", Justify.Right), ("p90", Justify.Right),
            ("p95", Justify.Right), ("p99", Justify.Right), ("rejected", Justify.Right), ("Jain", Justify.Right), ($"against {summary.Baseline} [95 %]", Justify.Right));
        foreach ((string name, PolicyMetrics policy) in summary.Policies)
        {
            table.AddRow(
                new Text(policy.IsGlobal ? $"{name} *" : name), Seconds(policy.MeanTct), Seconds(policy.Sd), Seconds(policy.P50), Seconds(policy.P90),
                Seconds(policy.P95), Seconds(policy.P99), new Text(Terminal.Percent(policy.RejectShare)), new Text(Format(policy.Jain)), new Text(Difference(policy)));
        }
        if (summary.Policies.Count > 0)
        {
            console.Write(table);
        }
        Grid facts = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true });
        void Fact(string key, string value) => facts.AddRow(new Text(key), new Text(value));
        Fact("*", "knows the true state of all servers");
        Fact("system", string.Create(CultureInfo.InvariantCulture,
            $"{metrics.LoadBalancers} load balancer(s), {metrics.Servers} servers, processor load {metrics.ProcessorLoad:0.00}, disk load {metrics.DiskLoad:0.00}"));
        Fact("simulated", $"{Terminal.Count(metrics.Jobs)} jobs under each policy, {Terminal.Count(metrics.Events)} events in all");
        if (summary.Training is { } training)
        {
            Fact("training", string.Create(CultureInfo.InvariantCulture,
                $"{summary.Method}, {Terminal.Count(training.Episodes)} episodes, {Terminal.Count(training.Updates)} gradient steps in {Terminal.Duration(TimeSpan.FromSeconds(training.Seconds))}"));
            Fact("", training.TrajectoryBytes + training.DecisionBytes + training.ParameterBytes == 0
                ? "independent learners: nothing sent between load balancers"
                : $"sent per episode: {Kilobytes(training.TrajectoryBytes)} of trajectories, {Kilobytes(training.DecisionBytes)} of decisions, {Kilobytes(training.ParameterBytes)} of parameters");
        }
        Fact("wall time", Terminal.Duration(TimeSpan.FromSeconds(summary.WallSeconds)));
        Fact("run folder", Terminal.NearPath(folder));
        foreach ((string file, string content) in Files.Where(f => Path.Exists(Path.Combine(folder, f.Name))))
        {
            Fact("", $"{file,-16} {content}");
        }
        console.Write(facts);
    }

    private static string Kilobytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.#} kB");

    private static Text Seconds(double value) => new(Format(value));

    private static string Format(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Difference(PolicyMetrics policy) => policy switch
    {
        { Difference: null } => "",
        { Difference: { } mean, DifferenceLow: { } low, DifferenceHigh: { } high } =>
            $"{Signed(mean)} [{Signed(low)}, {Signed(high)}]",
        { Difference: { } mean } => Signed(mean),
    };

    // Rounded before, as the sign of what rounds to 0 is printed otherwise.
    private static string Signed(double value) => (Math.Round(value, 3) + 0.0).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
