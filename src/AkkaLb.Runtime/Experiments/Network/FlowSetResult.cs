using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>The episodes of an evaluation that were played on one set of flows, with what they are compared with.</summary>
/// <param name="Seed">Of generated flows; null for those of a file.</param>
internal sealed record FlowSetResult(
    NetworkExperiment Experiment, ulong? Seed, RunBaselines Baselines, RunTraffic Traffic, IReadOnlyList<EpisodeTrajectory> Played)
{
    private const string RowsFile = "evaluation.csv";

    public IReadOnlyList<EvaluatedEpisode> Episodes { get; } = Describe(Experiment, Seed, Baselines, Played);

    /// <summary>The figures of a run, of evaluated episodes: means over them, of the baselines too.</summary>
    /// <param name="asked">Episodes asked for; fewer when it was stopped.</param>
    public static NetworkSummary Summarise(IReadOnlyList<FlowSetResult> results, int asked, NetworkEvaluationFigures figures)
    {
        NetworkExperiment first = results[0].Experiment;
        IReadOnlyList<EvaluatedEpisode> episodes = figures.Episodes;
        EpisodeTrajectory[] played = [.. results.SelectMany(result => result.Played)];
        double phi = episodes.Average(e => e.Phi);
        long sent = played.Sum(e => e.MessagesSent), possible = played.Length * first.Model.MessagesPerEpisode;
        double share = possible == 0 ? 1 : (double)sent / possible;
        double iterations = (double)first.Model.Options.Horizons * first.Model.MessageIterations;
        double published = iterations == 0 ? 1 : played.Average(e => e.TeamExchanges) / iterations;
        double megabytes = possible / (double)played.Length * first.Model.HiddenState * sizeof(float) / (1 << 20);
        double? Mean(Func<RunBaselines, double?> baseline) =>
            episodes.All(e => baseline(e.Baselines) is not null) ? episodes.Average(e => baseline(e.Baselines)) : null;
        return new NetworkSummary
        {
            Method = first.Method,
            Seed = first.Seed,
            Status = episodes.Count == asked ? RunSummary.Finished : RunSummary.Stopped,
            Path = "batched",
            Metrics = new RunMetrics(phi, phi, episodes.Min(e => e.Phi), episodes.Count),
            Baselines = new RunBaselines(
                Mean(b => b.Ecmp), episodes.Average(e => e.Baselines.EcmpShortestHop), Mean(b => b.Ucmp), Mean(b => b.Genetic))
            {
                EqualWeights = Mean(b => b.EqualWeights),
            },
            Exchanges = new RunExchanges(sent, possible, share, published)
            {
                Requests = played.Sum(e => e.RequestsSent),
                MegabytesPerEpisode = share * megabytes,
                MegabytesPerEpisodePublished = published * megabytes,
            },
            Traffic = new RunTraffic(
                (int)Math.Round(results.Average(r => r.Traffic.Flows)),
                // Where some set has any, not 0.
                (int)Math.Ceiling(results.Average(r => r.Traffic.Unroutable)),
                results.All(r => r.Traffic.GeneratorMeanLoad is not null) ? results.Average(r => r.Traffic.GeneratorMeanLoad) : null,
                results.Average(r => r.Traffic.MeanUtilisation),
                results.Max(r => r.Traffic.MaxUtilisation)),
            Evaluation = figures,
            WallSeconds = 0,
        };
    }

    /// <summary>A row for each episode, the topology, and for each set of flows the best weights that the policy came to.</summary>
    public static IReadOnlyDictionary<string, string> Files(IReadOnlyList<FlowSetResult> results, NetworkEvaluationFigures figures)
    {
        Dictionary<string, string> files = new()
        {
            [RowsFile] = CsvTable.Write(
                [
                    "episode", "flowsSeed", "flows", "unroutable", "phi", "phiStart", "phiLowest", "meanUtilisation",
                    "maxUtilisation", "ecmp", "ecmpShortestHop", "ucmp", "genetic",
                ],
                figures.Episodes.Select((e, i) => (object?[])
                [
                    i, e.FlowsSeed, e.Flows, e.Unroutable, e.Phi, e.PhiStart, e.PhiLowest, e.MeanUtilisation, e.MaxUtilisation,
                    e.Baselines.Ecmp, e.Baselines.EcmpShortestHop, e.Baselines.Ucmp, e.Baselines.Genetic,
                ])),
            [RunFolder.TopologyFile] = GmlTopology.Write(results[0].Experiment.Topology),
        };
        foreach (FlowSetResult result in results)
        {
            string Named(string file) => results.Count == 1
                ? file
                : $"{Path.GetFileNameWithoutExtension(file)}-{result.Seed}{Path.GetExtension(file)}";
            Topology topology = result.Experiment.Topology;
            files[Named(RunFolder.FlowsFile)] = FlowJson.Write(result.Experiment.Flows, topology);
            files[Named(RunFolder.WeightsFile)] = LinkWeights.Write(topology, result.Played.MinBy(e => e.FinalObjective)!.FinalWeights);
        }
        return files;
    }

    private static IReadOnlyList<EvaluatedEpisode> Describe(
        NetworkExperiment experiment, ulong? seed, RunBaselines baselines, IReadOnlyList<EpisodeTrajectory> played)
    {
        NetworkEnvironment environment = new(experiment.Scenario);
        return [.. played.Select(episode =>
        {
            environment.Step(episode.FinalWeights);
            return new EvaluatedEpisode(
                seed, experiment.Scenario.Router.Count, environment.Unroutable, episode.FinalObjective, episode.Objective[0],
                episode.Objective.Min(), environment.MeanUtilisation, environment.MaxUtilisation, baselines);
        })];
    }
}
