namespace AkkaLb.Domain.Network;

/// <summary>The best weights that a search met.</summary>
/// <param name="Weights">One per link, or per path where paths have the weights.</param>
/// <param name="Phi">Their objective value.</param>
/// <param name="Evaluations">Weights that were tried.</param>
/// <param name="BestByIteration">The best value so far after each iteration, for the genetic search that of the random first
/// population before; shorter than asked for if the search was cancelled.</param>
public sealed record SearchResult(
    IReadOnlyList<double> Weights, double Phi, int Evaluations, IReadOnlyList<double> BestByIteration);

/// <summary>Where a search stands after an iteration; 0 is the random first population.</summary>
public readonly record struct SearchProgress(int Iteration, int Iterations, double BestPhi, int Evaluations);
