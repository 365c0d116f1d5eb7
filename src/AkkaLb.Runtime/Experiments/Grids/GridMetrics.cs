using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>
/// The figures of one finished run that a grid's table holds. Learning runs of the network family have the published ones, comparisons
/// of the data-centre family those of each policy; of all others it is every number of <c>summary.json</c>, by its path, truth values as
/// 0 and 1.
/// </summary>
/// <param name="Phi">Φ after the last horizon, by episode; empty where there is no such curve.</param>
/// <param name="Levels">Baselines of the run, for charts.</param>
internal sealed record GridMetrics(IReadOnlyList<KeyValuePair<string, double>> Values, IReadOnlyList<double> Phi, RunBaselines? Levels)
{
    /// <summary>Mean Φ of the last 2,000 episodes, as in the tables of the paper's final version.</summary>
    public const string PhiLast2000 = "phiLast2000";

    /// <summary>Mean Φ of the last 500 episodes.</summary>
    public const string PhiLast500 = "phiLast500";

    /// <summary>Lowest mean Φ of 2,000 episodes in a row, as in the preprint's tables.</summary>
    public const string PhiLowestAverage = "phiLowestAverage2000";

    /// <summary>Hidden states sent while acting / those that exchanging in every iteration takes.</summary>
    public const string Exchanges = "exchanges";

    /// <summary>The same as the published system counts it, with training.</summary>
    public const string ExchangesPublished = "exchangesPublished";

    /// <summary>MB (2²⁰ bytes) of hidden states sent in an episode.</summary>
    public const string Megabytes = "megabytesPerEpisode";

    /// <summary>share · H · K · Σ deg² · (1 + epochs) · 16 · 4 / 2²⁰: the published volume.</summary>
    public const string MegabytesPublished = "megabytesPerEpisodePublished";

    public const string Ecmp = "ecmp";

    public const string Genetic = "genetic";

    // Of the seed and the machine, and not of the cell.
    private static readonly string[] NotMetrics = ["seed", "wallSeconds"];

    /// <exception cref="InvalidInputException">A file of the run is missing or damaged.</exception>
    public static GridMetrics Read(string family, RunFolder folder) =>
        family == "network" && File.Exists(folder[RunFolder.EpisodesFile]) && RunSummary.Read<NetworkSummary>(folder) is { } summary
            ? OfLearning(folder, summary)
            : family == "datacenter" && RunSummary.Read<DataCenterSummary>(folder) is { } comparison
                ? OfPolicies(comparison)
                : OfAnything(folder);

    private static GridMetrics OfLearning(RunFolder folder, NetworkSummary summary)
    {
        double[] phi = [.. EpisodeLog.Read(folder[RunFolder.EpisodesFile], summary.Metrics.Episodes).Select(e => e.Phi)];
        if (phi.Length == 0)
        {
            throw new InvalidInputException($"{folder[RunFolder.SummaryFile]}: expected a finished run with episodes");
        }
        RunExchanges exchanges = summary.Exchanges;
        List<KeyValuePair<string, double>> values =
        [
            new(PhiLast2000, PhiStatistics.LastMean(phi, 2000)),
            new(PhiLast500, PhiStatistics.LastMean(phi, 500)),
            new(PhiLowestAverage, PhiStatistics.LowestAverage(phi, 2000).Mean),
            new(Exchanges, exchanges.Share),
            new(ExchangesPublished, exchanges.SharePublished),
            new(Megabytes, exchanges.MegabytesPerEpisode),
            new(MegabytesPublished, exchanges.MegabytesPerEpisodePublished),
        ];
        if (summary.Baselines.Ecmp is { } ecmp)
        {
            values.Add(new(Ecmp, ecmp));
        }
        if (summary.Baselines.Genetic is { } genetic)
        {
            values.Add(new(Genetic, genetic));
        }
        return new GridMetrics(values, phi, summary.Baselines);
    }

    /// <summary>The figures of every policy by <c>policy.figure</c>.</summary>
    private static GridMetrics OfPolicies(DataCenterSummary summary)
    {
        List<KeyValuePair<string, double>> values = [];
        foreach ((string name, PolicyMetrics policy) in summary.Policies)
        {
            Add("mean", policy.MeanTct);
            Add("p99", policy.P99);
            foreach ((string kind, CompletionMetrics completions) in policy.Classes.Where(_ => policy.Classes.Count > 1))
            {
                Add($"mean {kind}", completions.MeanTct);
                Add($"p99 {kind}", completions.P99);
            }
            Add("rejected", policy.RejectShare);
            Add("Jain", policy.Jain);
            if (policy.Probing is { } probing)
            {
                Add("kbit/s", policy.ProbeKilobitsPerSecond);
                Add("use error, %", probing.ProcessorError);
                Add("jobs error", probing.JobsError);
                Add("use rank ρ", probing.ProcessorCorrelation);
                Add("jobs rank ρ", probing.JobsCorrelation);
            }

            void Add(string figure, double value) => values.Add(new($"{name}.{figure}", value));
        }
        return new GridMetrics(values, [], null);
    }

    private static GridMetrics OfAnything(RunFolder folder)
    {
        string file = folder[RunFolder.SummaryFile];
        try
        {
            using JsonDocument summary = JsonDocument.Parse(ConfigurationLoader.ReadText(file));
            List<KeyValuePair<string, double>> values = [];
            Collect(values, "", summary.RootElement);
            return new GridMetrics(values, [], null);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{file}: expected the summary of a run: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static void Collect(List<KeyValuePair<string, double>> values, string path, JsonElement element)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Collect(values, name, property.Value);
                    break;
                case JsonValueKind.Number when !NotMetrics.Contains(name):
                    values.Add(new(name, property.Value.GetDouble()));
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    values.Add(new(name, property.Value.GetBoolean() ? 1 : 0));
                    break;
            }
        }
    }
}
