using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Local search over the weights of paths: all traffic begins on the shortest path of its pair; a part of one pair's weight is moved from
/// one path to another at a time, and what is not worse is kept. A trial costs the links of the pair's paths and one objective.
/// </summary>
public static class PathSearch
{
    /// <summary>Evaluations between two reports of progress.</summary>
    public const int ReportEvery = 1000;

    /// <summary>Sum of the weights of a pair, a power of two: its shares are multiples of 1/64.</summary>
    public const int Units = 64;

    /// <param name="scenario">What to optimise; its router is a <see cref="PathRouter"/>.</param>
    /// <param name="evaluations">How many moves are tried, at least 1.</param>
    /// <param name="seed">Root seed; the stream is "path-search".</param>
    /// <param name="progress">Told after every <see cref="ReportEvery"/> evaluations; null if nobody asks.</param>
    /// <param name="cancellation">Ends the search with what it has.</param>
    /// <returns>Whole weights from 0; one best value for each report, after that of the start.</returns>
    public static SearchResult Run(
        NetworkScenario scenario, int evaluations, ulong seed, Action<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(evaluations, 1);
        var router = (PathRouter)scenario.Router;
        var stream = new RandomStream(seed, "path-search");
        double[] weights = new double[router.WeightCount], loads = new double[scenario.Topology.LinkCount],
            trial = new double[loads.Length];
        int[] pairs = [.. Enumerable.Range(0, router.Pairs.Count).Where(pair => router.Pairs[pair].Count > 1)];
        foreach ((int first, _) in router.Pairs.Where(pair => pair.Count > 0))
        {
            weights[first] = Units;
        }

        router.Route(weights, loads);
        double now = scenario.Evaluate(loads);
        var bests = new List<double> { now };
        int done = 1;
        for (; done < evaluations && pairs.Length > 0 && !cancellation.IsCancellationRequested; done++)
        {
            int pair = pairs[stream.NextInt32(pairs.Length)];
            (int first, int count) = router.Pairs[pair];
            int from = first + stream.NextInt32(count), to = first + stream.NextInt32(count - 1);
            to += to >= from ? 1 : 0;
            double moved = Math.Min(weights[from], 1 << stream.NextInt32(7));
            if (moved > 0)
            {
                loads.CopyTo(trial, 0);
                router.Add(pair, weights, -1, trial);
                (weights[from], weights[to]) = (weights[from] - moved, weights[to] + moved);
                router.Add(pair, weights, 1, trial);
                double value = scenario.Evaluate(trial);
                if (value <= now)
                {
                    (now, loads, trial) = (value, trial, loads);
                }
                else
                {
                    (weights[from], weights[to]) = (weights[from] + moved, weights[to] - moved);
                }
            }

            // The routing of the start was the first.
            if ((done + 1) % ReportEvery == 0)
            {
                // Anew, so that what differences leave does not add up.
                router.Route(weights, loads);
                now = scenario.Evaluate(loads);
                bests.Add(now);
                progress?.Invoke(new SearchProgress(bests.Count - 1, evaluations / ReportEvery, now, done + 1));
            }
        }

        router.Route(weights, loads);
        return new SearchResult(weights, scenario.Evaluate(loads), done, bests);
    }
}
