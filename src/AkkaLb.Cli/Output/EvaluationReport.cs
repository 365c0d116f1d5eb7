using System.Globalization;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>
/// The result of <c>akkalb evaluate</c> for people: the policy beside the baselines, and episode by episode if there are several.
/// </summary>
internal static class EvaluationReport
{
    /// <param name="output">The folder that was written; null for none.</param>
    public static void Write(IAnsiConsole console, RunResult result, string? output)
    {
        if (result.Summary is DataCenterSummary dataCenter)
        {
            DataCenterRunReport.Write(console, dataCenter, output);
            return;
        }
        NetworkSummary summary = (NetworkSummary)result.Summary;
        NetworkEvaluationFigures evaluation = summary.Evaluation!;
        string measure = ObjectiveNames.Of(evaluation.Objective);
        int episodes = evaluation.Episodes.Count;
        console.WriteLine(
            $"policy of {summary.Method} on {Name(evaluation.Topology)}: {summary.Status} after {episodes} {evaluation.Decisions} "
            + (episodes == 1 ? "episode" : "episodes"));

        Table table = Terminal.Table(("method", Justify.Left), (measure, Justify.Right), ("against ECMP", Justify.Right));
        void Row(string method, double? phi, string style = "default") => table.AddRow(
            new Text(method, style), new Text(Terminal.Figure(phi), style), new Text(Terminal.Against(summary.Baselines.Ecmp, phi), style));
        string mean = episodes == 1 ? "" : ", mean";
        Row($"{summary.Method}, {evaluation.Decisions}{mean}", summary.Metrics.Phi, "bold");
        Row($"{summary.Method}, lowest within an episode{mean}", evaluation.Episodes.Average(e => e.PhiLowest));
        Row($"ECMP on the DAG routing{mean}", summary.Baselines.Ecmp);
        Row($"ECMP on shortest hops{mean}", summary.Baselines.EcmpShortestHop);
        if (summary.Baselines.EqualWeights is { } equal)
        {
            Row($"equal weights on the run's routing{mean}", equal);
        }
        Row($"UCMP{mean}", summary.Baselines.Ucmp);
        Row($"genetic search{mean}", summary.Baselines.Genetic);
        console.WriteFitted(table);
        if (episodes > 1)
        {
            WriteEpisodes(console, summary.Method, measure, evaluation);
        }

        Grid facts = Facts.Begin();
        facts.Fact("policy", string.Create(CultureInfo.InvariantCulture,
            $"of {RunFolder.Near(evaluation.Run)}, learnt from {Terminal.Plain(evaluation.LearntEpisodes, "episode")} "
                + $"with seed {evaluation.LearntSeed}"));
        facts.Fact("traffic", string.Create(CultureInfo.InvariantCulture,
            $"{Terminal.Flows(summary.Traffic)}, {Seeds(evaluation)}, mean utilisation {summary.Traffic.MeanUtilisation:0.000}, ")
            + string.Create(CultureInfo.InvariantCulture, $"highest {summary.Traffic.MaxUtilisation:0.000} under equal weights"));
        RunExchanges exchanges = summary.Exchanges;
        string share = Terminal.Percent(exchanges.Share);
        facts.Fact(
            "exchanges", $"{Terminal.Count(exchanges.Sent)} of {Terminal.Count(exchanges.Possible)} ({share}), as link agents would send");
        facts.Fact("wall time", Terminal.Duration(TimeSpan.FromSeconds(summary.WallSeconds)));
        if (output is not null)
        {
            facts.Fact("written to", RunFolder.Near(Path.GetFullPath(output)));
        }
        console.Write(facts);
    }

    private static void WriteEpisodes(IAnsiConsole console, string method, string measure, NetworkEvaluationFigures evaluation)
    {
        bool seeds = evaluation.Episodes[0].FlowsSeed is not null;
        Table table = Terminal.Table(
            (seeds ? "flows of seed" : "episode", Justify.Right), ($"{measure} of {method}", Justify.Right),
            ("against ECMP", Justify.Right), ("ECMP", Justify.Right), ("UCMP", Justify.Right), ("genetic", Justify.Right),
            ("highest utilisation", Justify.Right));
        foreach ((int number, EvaluatedEpisode episode) in evaluation.Episodes.Index())
        {
            RunBaselines baselines = episode.Baselines;
            table.AddRow(
                new Text((episode.FlowsSeed ?? (ulong)number).ToString(CultureInfo.InvariantCulture)),
                new Text(Terminal.Figure(episode.Phi)), new Text(Terminal.Against(baselines.Ecmp, episode.Phi)),
                new Text(Terminal.Figure(baselines.Ecmp)), new Text(Terminal.Figure(baselines.Ucmp)),
                new Text(Terminal.Figure(baselines.Genetic)), new Text(Terminal.Percent(episode.MaxUtilisation)));
        }
        console.WriteFitted(table);
    }

    private static string Name(string topology) => Path.IsPathRooted(topology) ? RunFolder.Near(topology) : topology;

    private static string Seeds(NetworkEvaluationFigures evaluation) =>
        (evaluation.Episodes[0].FlowsSeed, evaluation.Episodes[^1].FlowsSeed) switch
        {
            ({ } first, { } last) when first != last => $"generated with seeds {first} to {last}",
            ({ } seed, _) => $"generated with seed {seed}",
            _ => evaluation.Flows == "run" ? "the run's own" : "of a file",
        };
}
