using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Channel weights as <c>akkalb network evaluate --weights</c> reads them.</summary>
internal static class LinkWeights
{
    private static readonly JsonSerializerOptions Format =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    public static string Write(Topology topology, IReadOnlyList<double> weights) => JsonSerializer.Serialize(
        topology.Links.Select((link, i) => new LinkWeight(
            topology.Labels[link.From.Index], topology.Labels[link.To.Index], link.Key, weights[i])),
        Format) + "\n";

    /// <param name="Key">Tells parallel links apart; not written for the first.</param>
    private sealed record LinkWeight(
        string From, string To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Key, double Weight);
}
