using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>Parameters of the <see cref="MetricSearch"/>.</summary>
public sealed record MetricOptions
{
    /// <summary>Metrics are integers from 1 to this, 2 … 65535 (OSPF's largest).</summary>
    public int MaxMetric { get; init; } = 64;

    /// <summary>How many metric vectors are tried, at least 1.</summary>
    public int Evaluations { get; init; } = 20_000;

    /// <summary>Metrics to start from, one for each link; null: the topology's own, or rounded inverse capacities.</summary>
    public IReadOnlyList<double>? Start { get; init; }

    /// <summary>Root seed; the stream is "metrics".</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Local search over integer IGP metrics after Fortz and Thorup (INFOCOM 2000): from rounded inverse capacities, or the topology's own
/// metrics, one link's metric is changed at a time and what is not worse is kept; where nothing better was found for long, a tenth of the
/// metrics of the best vector are drawn anew. Their hash tables and even-split moves are left out.
/// </summary>
public static class MetricSearch
{
    /// <summary>Evaluations between two reports of progress.</summary>
    public const int ReportEvery = 100;

    /// <summary>Changes of one link, for each link, without a better one before the search goes somewhere else.</summary>
    private const int PatiencePerLink = 8;

    /// <param name="topology">What to route on.</param>
    /// <param name="demands">The traffic, split evenly among next hops.</param>
    /// <param name="value">What is minimised, of the loads of all links in bit/s.</param>
    /// <param name="progress">Told after every <see cref="ReportEvery"/> evaluations; null if nobody asks.</param>
    /// <param name="cancellation">Ends the search with what it has.</param>
    /// <returns>Metrics as weights; one best value for each report.</returns>
    public static SearchResult Run(
        Topology topology, IReadOnlyList<Demand> demands, Func<double[], double> value, MetricOptions options,
        Action<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Evaluations, 1);
        if (options.MaxMetric is < 2 or > 65535)
        {
            throw new InvalidInputException($"largest metric is {options.MaxMetric}, expected 2 to 65535");
        }

        var router = new OspfRouter(topology, demands);
        var stream = new RandomStream(options.Seed, "metrics");
        double[] loads = new double[topology.LinkCount], current = [.. options.Start ?? Start(topology, options.MaxMetric)],
            best = [.. current];
        double Evaluate(double[] metrics)
        {
            router.Route(metrics, loads);
            return value(loads);
        }

        double now = Evaluate(current), least = now;
        var bests = new List<double>();
        int since = 0, evaluations = 1;
        for (; evaluations < options.Evaluations && !cancellation.IsCancellationRequested; evaluations++)
        {
            if (since++ > PatiencePerLink * topology.LinkCount)
            {
                best.CopyTo(current, 0);
                Perturb(current, options.MaxMetric, stream);
                (now, since) = (Evaluate(current), 0);
            }
            else
            {
                int link = stream.NextInt32(topology.LinkCount);
                double before = current[link];
                current[link] = 1 + stream.NextInt32(options.MaxMetric);
                double changed = Evaluate(current);
                if (changed <= now)
                {
                    since = changed < now ? 0 : since;
                    now = changed;
                }
                else
                {
                    current[link] = before;
                }
            }

            if (now < least)
            {
                least = now;
                current.CopyTo(best, 0);
            }

            // The metrics of the start were the first.
            if ((evaluations + 1) % ReportEvery == 0)
            {
                bests.Add(least);
                progress?.Invoke(new SearchProgress(bests.Count, options.Evaluations / ReportEvery, least, evaluations + 1));
            }
        }

        return new SearchResult(best, least, evaluations, bests);
    }

    private static double[] Start(Topology topology, int most)
    {
        double[] metrics = IgpPathCalculator.MetricsOf(topology);
        double scale = Math.Min(1, most / metrics.Max());
        return [.. metrics.Select(metric => Math.Clamp(Math.Round(metric * scale), 1, most))];
    }

    private static void Perturb(double[] metrics, int most, RandomStream stream)
    {
        for (int i = Math.Max(1, metrics.Length / 10); i > 0; i--)
        {
            metrics[stream.NextInt32(metrics.Length)] = 1 + stream.NextInt32(most);
        }
    }
}
