using System.Globalization;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of a run for people: the method beside the baselines, its cost, and what lies in the run folder.</summary>
internal static class RunReport
{
    private static readonly (string Name, string Content)[] Files =
    [
        (RunFolder.SummaryFile, "the figures above and more"),
        (RunFolder.EpisodesFile, "one row per episode"),
        (RunFolder.TimelineFile, "the asynchronous part over virtual time"),
        (RunFolder.TimelinePlotFile, "{0} over virtual time"),
        (RunFolder.PlotFile, "{0} over episodes with the baselines as lines"),
        (RunFolder.WeightsFile, "channel weights {1}, for 'akkalb network evaluate --weights'"),
        (RunFolder.ConfigurationFile, "the resolved configuration"),
        (RunFolder.LogFile, "the log"),
        (RunFolder.CheckpointFolder, "the learner's state, for 'akkalb resume'"),
        (JournalLocation.Folder, "what the agents decided, for 'akkalb journal'"),
    ];

    public static void Write(IAnsiConsole console, RunResult result, RunPlan? plan)
    {
        if (result.Summary is GridSummary grid)
        {
            GridReport.Write(console, grid, result.RunFolder);
            return;
        }
        if (result.Summary is GameSummary game)
        {
            GameRunReport.Write(console, game, result.RunFolder);
            return;
        }
        if (result.Summary is DataCenterSummary dataCenter)
        {
            DataCenterRunReport.Write(console, dataCenter, result.RunFolder);
            return;
        }
        NetworkSummary summary = (NetworkSummary)result.Summary;
        string name = plan is null ? "" : $" on {plan.Name}";
        RunMetrics metrics = summary.Metrics;
        bool learnt = metrics.Episodes > 0 || summary.Asynchronous is null;
        string after = learnt ? $" after {Terminal.Plain(metrics.Episodes, "episode")}" : "";
        console.WriteLine($"{summary.Method}{name}, seed {summary.Seed}: {summary.Status}{after}");

        RunBaselines baselines = summary.Baselines;
        string measure = ObjectiveNames.Of(result.Objective);
        Table table = Terminal.Table(("method", Justify.Left), (measure, Justify.Right), ("against ECMP", Justify.Right));
        void Row(string method, double? phi, string style = "default") =>
            table.AddRow(
                new Text(method, style), new Text(Terminal.Figure(phi), style), new Text(Terminal.Against(baselines.Ecmp, phi), style));
        if (learnt)
        {
            string last = metrics.Episodes == 1 ? "the only episode" : $"mean of the last {Math.Min(500, metrics.Episodes)} episodes";
            Row($"{summary.Method}, {last}", metrics.Phi, "bold");
            Row($"{summary.Method}, best episode", metrics.PhiBest);
        }
        Row("ECMP on the DAG routing", baselines.Ecmp);
        Row("ECMP on shortest hops", baselines.EcmpShortestHop);
        if (baselines.EqualWeights is { } equal)
        {
            Row("equal weights on the run's routing", equal);
        }
        Row("UCMP", baselines.Ucmp);
        Row("genetic search", baselines.Genetic);
        console.WriteFitted(table);

        Grid facts = Facts.Begin();
        RunExchanges exchanges = summary.Exchanges;
        if (learnt)
        {
            facts.Fact("exchanges", $"{Terminal.Count(exchanges.Sent)} of {Terminal.Count(exchanges.Possible)} "
                + $"({Terminal.Percent(exchanges.Share)}), "
                + $"{(summary.Path == "actors" ? "sent between link agents" : "as link agents would send")}");
        }
        if (summary.Asynchronous is { } alone)
        {
            facts.Fact("asynchronous", string.Create(CultureInfo.InvariantCulture,
                $"mean {measure} {alone.Phi:0.00000} over virtual time, {alone.PhiLast:0.00000} at the end; ")
                + $"{Terminal.Count(alone.Horizons)} horizons, {Terminal.Count(alone.Messages)} messages, "
                + $"{alone.Changes.Count} outside changes"
                + (alone.Waiting == 0 ? "" : $", flows without a path: up to {alone.Waiting} at a time"));
        }
        facts.Fact("traffic", string.Create(CultureInfo.InvariantCulture,
            $"{Terminal.Flows(summary.Traffic)}, mean utilisation {summary.Traffic.MeanUtilisation:0.000}, highest "
                + $"{summary.Traffic.MaxUtilisation:0.000} under equal weights"));
        facts.Fact("wall time", Terminal.Duration(TimeSpan.FromSeconds(summary.WallSeconds)));
        facts.Fact("run folder", RunFolder.Near(result.RunFolder));
        string weights = summary.Asynchronous is null ? "of the best episode" : "in force at the end of the asynchronous part";
        facts.Files(
            result.RunFolder,
            Files.Select(f => (f.Name, string.Format(CultureInfo.InvariantCulture, f.Content, measure, weights))));
        console.Write(facts);
    }
}
