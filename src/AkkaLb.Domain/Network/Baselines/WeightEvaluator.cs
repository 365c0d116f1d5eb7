namespace AkkaLb.Domain.Network;

/// <summary>
/// Evaluates many weight vectors at once. A value depends on its vector only, so the number of threads changes no result.
/// </summary>
internal sealed class WeightEvaluator(NetworkScenario scenario, int threads)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = threads };

    /// <summary>Number of evaluations so far.</summary>
    public int Count { get; private set; }

    public double[] Evaluate(IReadOnlyList<int[]> genomes)
    {
        Count += genomes.Count;
        var values = new double[genomes.Count];
        Parallel.For(
            0,
            genomes.Count,
            _options,
            () => (Weights: new double[scenario.Router.WeightCount], Loads: new double[scenario.Topology.LinkCount]),
            (index, _, scratch) =>
            {
                for (int k = 0; k < scratch.Weights.Length; k++)
                {
                    scratch.Weights[k] = genomes[index][k];
                }

                scenario.Router.Route(scratch.Weights, scratch.Loads);
                values[index] = scenario.Evaluate(scratch.Loads);
                return scratch;
            },
            _ => { });
        return values;
    }
}
