using AkkaLb.Domain.Network;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>A network under the weights of a moment.</summary>
/// <param name="Weights">One per link.</param>
/// <param name="Utilisation">Load over capacity, one per link; 0 for one that is down.</param>
/// <param name="Phi">The objective's value.</param>
public sealed record NetworkMomentView(
    IReadOnlyList<double> Weights, IReadOnlyList<double> Utilisation, double Phi, double MaxUtilisation)
{
    /// <summary>From 0; −1: none is played, or episodes do not count.</summary>
    public int Episode { get; init; } = -1;

    /// <summary>Of the episode, from 1; 0: before the first; null: after the last.</summary>
    public int? Horizon { get; init; }

    /// <summary>Virtual, in ms; null where there is none.</summary>
    public double? Time { get; init; }

    /// <summary>Links that are down.</summary>
    public IReadOnlySet<int> Down { get; init; } = new HashSet<int>();

    internal static NetworkMomentView Of(NetworkEnvironment environment) => new(
        [.. environment.Weights], [.. environment.Utilisation], environment.Phi, environment.MaxUtilisation)
    {
        Down = Enumerable.Range(0, environment.Weights.Length).Except([.. environment.Scenario.Up.Links]).ToHashSet(),
    };
}
