using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Commands;

/// <summary>A search of <c>network optimise</c> for weights of links or of paths.</summary>
/// <param name="Name">As <c>--search</c> has it.</param>
/// <param name="Effort">What it is asked to do, in words.</param>
/// <param name="Steps">What its reports count, in the plural.</param>
/// <param name="Run">Tells where it stands; ends early when it is cancelled.</param>
/// <param name="Reached">How many of how many it has done, and of what.</param>
internal sealed record WeightSearch(
    string Name, string Effort, string Steps, Func<Action<SearchProgress>, CancellationToken, SearchResult> Run,
    Func<SearchResult, (int Done, int Asked, string What)> Reached)
{
    public static WeightSearch Genetic(NetworkScenario scenario, GeneticOptions options) => new(
        "genetic", $"{Terminal.Plain(options.Iterations, "generation")} of {options.Population}", "generations",
        new GeneticSearch(scenario, options).Run,
        // The first entry is that of the random first population.
        result => (result.BestByIteration.Count - 1, options.Iterations, "generations"));

    public static WeightSearch OfPaths(NetworkScenario scenario, int moves, ulong seed) => new(
        "local", Terminal.Plain(moves, "move"), $"reports of {PathSearch.ReportEvery} moves",
        (progress, cancellation) => PathSearch.Run(scenario, moves, seed, progress, cancellation),
        result => (result.Evaluations, moves, "moves"));
}
