using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaLb.Live.Load;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Testbed;

/// <summary>The content of a comparison's <c>summary.json</c>. Names are a contract: fields may be added, never renamed.</summary>
/// <param name="Status"><see cref="RunSummary.Finished"/> or <see cref="RunSummary.Stopped"/>.</param>
/// <param name="Policies">Of <c>akkalb proxy</c>, by the contender's name, at the highest load and the first number of proxies.</param>
/// <param name="Peers">The same of other balancers.</param>
/// <param name="Seeds">Configured.</param>
/// <param name="Rows">All contenders at all loads and numbers of proxies.</param>
/// <param name="Runs">Finished and valid.</param>
/// <param name="Void">Finished, but void however often they were tried.</param>
public sealed record TestbedSummary(
    string Family, string Name, string Status, string Baseline, int Seeds, int Runs, int Void,
    IReadOnlyDictionary<string, LatencyFigures> Policies, IReadOnlyDictionary<string, LatencyFigures> Peers, IReadOnlyList<TestbedRow> Rows)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>One contender at one load behind so many proxies; times in seconds.</summary>
/// <param name="Seeds">Valid runs.</param>
/// <param name="Figures">Means over the seeds that had answers; counts are sums.</param>
/// <param name="MeanSd">Standard deviation of the mean latency over the seeds.</param>
/// <param name="P99Sd">The same of the 99th percentile.</param>
/// <param name="MeanRatio">Mean latency over the baseline's; null without seeds in common, and for the baseline.</param>
/// <param name="P99Ratio">The same of the 99th percentile.</param>
/// <param name="Simulated">What the simulator says of the same requests; null where it does not have the policy.</param>
/// <param name="Events">How it followed each event; empty without events.</param>
/// <param name="Classes">Figures of each class of requests, where there are several.</param>
public sealed record TestbedRow(
    string Contender, double Load, int Proxies, int Seeds, LatencyFigures Figures, double MeanSd, double P99Sd, PairedRatio? MeanRatio,
    PairedRatio? P99Ratio, LatencyFigures? Simulated, IReadOnlyList<EventFigures> Events,
    IReadOnlyDictionary<string, LatencyFigures> Classes);
