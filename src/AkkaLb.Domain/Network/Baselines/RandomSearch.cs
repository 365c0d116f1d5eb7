using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>The best of many random weight vectors: what any search must beat (specification section 7.1).</summary>
public static class RandomSearch
{
    private const int BatchSize = 256;

    /// <param name="scenario">What to optimise.</param>
    /// <param name="samples">How many vectors to try, at least 1.</param>
    /// <param name="seed">Root seed; the stream is "random-search".</param>
    /// <param name="maxWeight">Weights are integers from 1 to this.</param>
    /// <param name="threads">Changes the time only.</param>
    /// <param name="cancellation">Ends the search early with what it has.</param>
    public static SearchResult Run(
        NetworkScenario scenario, int samples, ulong seed, int maxWeight = 64, int threads = 2, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var stream = new RandomStream(seed, "random-search");
        var evaluator = new WeightEvaluator(scenario, threads);
        var bests = new List<double>();
        int[] best = [];
        double bestPhi = double.PositiveInfinity;
        while (evaluator.Count < samples && (bests.Count == 0 || !cancellation.IsCancellationRequested))
        {
            List<int[]> batch = [];
            for (int i = Math.Min(BatchSize, samples - evaluator.Count); i > 0; i--)
            {
                batch.Add(Genome.Random(scenario.Router, maxWeight, stream));
            }

            double[] values = evaluator.Evaluate(batch);
            int first = Array.IndexOf(values, values.Min());
            if (values[first] < bestPhi)
            {
                (best, bestPhi) = (batch[first], values[first]);
            }

            bests.Add(bestPhi);
        }

        return new SearchResult([.. best.Select(weight => (double)weight)], bestPhi, evaluator.Count, bests);
    }
}
