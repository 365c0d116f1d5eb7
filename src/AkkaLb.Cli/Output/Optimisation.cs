using System.Text.Json.Serialization;

namespace AkkaLb.Cli.Output;

/// <summary>The document of <c>network optimise --json</c>. Names are a contract.</summary>
/// <param name="Ecmp">The objective with equal weights.</param>
/// <param name="Mutation">Of the genetic search, as are <paramref name="Generations"/>.</param>
/// <param name="Weights">As <c>network evaluate --weights</c> takes them.</param>
internal sealed record Optimisation(
    double Phi, double MeanUtilisation, double MaxUtilisation, int Flows, int Unroutable, string Objective, double ObjectiveValue,
    double Ecmp,
    ulong Seed, string Routing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mutation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Generations,
    int Evaluations, bool Interrupted, IReadOnlyList<LinkWeight> Weights)
{
    /// <summary>How it was found, where that was not the genetic search.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Search { get; init; }

    /// <summary>Of routing by paths, whose weights these are; then <see cref="Weights"/> is empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PathEvaluation>? Paths { get; init; }
}

internal sealed record LinkWeight(
    string From, string To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Key, double Weight);
