namespace AkkaLb.Domain.DataCenter.Estimation;

/// <summary>What a server can do, as far as one balancer sees it.</summary>
/// <param name="Rate">Requests per second of ours that it answers when it is full.</param>
/// <param name="Slots">Requests of ours in flight from which on it is full; the share of the server that is left to us.</param>
/// <param name="ServiceSeconds">Seconds that a request takes there while it is not full: <c>Slots / Rate</c>.</param>
public readonly record struct Capacity(double Rate, double Slots, double ServiceSeconds);

/// <summary>
/// Fits a server's <see cref="OccupancyRecord"/> by the rate of departures r(q) = c·min(q/w, 1): the law of a queue with w workers, and of
/// a processor with w cores that is shared. Departures are Poisson counts, so that the likelihood of w is, with the best c for it,
/// Π min(q/w, 1)^n_q / (Σ t_q min(q/w, 1))^n. What is returned is the mean of log c under that likelihood.
/// </summary>
/// <remarks>
/// A server that was never full shows its speed but no bound: w may be anything from the highest occupancy it has held. It is then taken to
/// be full a little beyond (<see cref="Optimism"/>), which sends it some more and so finds out.
/// </remarks>
internal static class CapacityFit
{
    /// <summary>Occupancies beyond those seen, as a factor, up to which a server that was never full may go on.</summary>
    public const double Optimism = 1.5;

    private const double Least = 0.5, Step = 1.08;

    private static readonly double[] Candidates = [.. Steps()];

    // min(q/w, 1) of every candidate w and occupancy q, and its logarithm.
    private static readonly double[][] Shares = [.. Candidates.Select(
        slots => Enumerable.Range(0, OccupancyRecord.Levels + 1).Select(q => Math.Min(q / slots, 1)).ToArray())];

    private static readonly double[][] Logarithms = [.. Shares.Select(shares => shares.Select(share => Math.Log(share)).ToArray())];

    /// <param name="record">With at least one departure.</param>
    public static Capacity Fit(OccupancyRecord record)
    {
        double total = record.Total, most = Math.Max(Optimism * Seen(record), 1);
        int count = 0;
        Span<double> logs = stackalloc double[Candidates.Length], rates = stackalloc double[Candidates.Length];
        double best = double.NegativeInfinity;
        while (count < Candidates.Length && (count == 0 || Candidates[count] <= most))
        {
            double full = 0, log = 0;
            ReadOnlySpan<double> shares = Shares[count], logarithms = Logarithms[count];
            for (int q = 1; q <= OccupancyRecord.Levels; q++)
            {
                full += record.Seconds[q] * shares[q];
                log += record.Departures[q] * logarithms[q];
            }
            rates[count] = Math.Log(total / full);
            logs[count] = log - total * Math.Log(full);
            best = Math.Max(best, logs[count++]);
        }
        double weights = 0, rate = 0, width = 0;
        for (int k = 0; k < count; k++)
        {
            double weight = Math.Exp(logs[k] - best);
            weights += weight;
            rate += weight * rates[k];
            width += weight * Math.Log(Candidates[k]);
        }
        (rate, width) = (Math.Exp(rate / weights), Math.Exp(width / weights));
        return new Capacity(rate, width, width / rate);
    }

    /// <summary>The occupancy that one departure in fifty leaves or exceeds.</summary>
    private static int Seen(OccupancyRecord record)
    {
        double above = 0;
        for (int q = OccupancyRecord.Levels; q > 1; q--)
        {
            above += record.Departures[q];
            if (above >= record.Total / 50)
            {
                return q;
            }
        }
        return 1;
    }

    private static IEnumerable<double> Steps()
    {
        for (double slots = Least; slots < OccupancyRecord.Levels; slots *= Step)
        {
            yield return slots;
        }
    }
}
