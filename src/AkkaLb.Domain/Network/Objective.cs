using System.Buffers;

namespace AkkaLb.Domain.Network;

/// <summary>What the agents minimise.</summary>
public enum Objective
{
    /// <summary>Φ: population variance of the link utilisations (specification section 1).</summary>
    Variance,

    /// <summary>Largest link load in bit/s.</summary>
    MaxLoad,

    /// <summary>Largest link utilisation.</summary>
    MaxUtilisation,

    /// <summary>Cost of Fortz and Thorup (INFOCOM 2000), in units of the total capacity: 1/3 where every link is a third full.</summary>
    FortzThorup,

    /// <summary>Packets under way in M/M/1 queues, Σ ρ/(1 − ρ): the mean delay times the packets that enter per second (Little).</summary>
    MeanDelay,

    /// <summary>95th percentile of the link utilisations, by nearest rank.</summary>
    Percentile95,
}

/// <summary>
/// Evaluates objectives. Utilisation is load / capacity and may exceed 1. Sums run over links in enumeration order, mean first and squared
/// deviations then, so that results agree to the last bit between runs.
/// </summary>
public static class ObjectiveFunction
{
    /// <summary>From which utilisation on by how much the slope of the Fortz–Thorup cost grows.</summary>
    private static readonly (double From, double Extra)[] FortzThorupSlopes =
        [(0, 1), (1.0 / 3, 2), (2.0 / 3, 7), (0.9, 60), (1, 430), (1.1, 4500)];

    public static double Evaluate(this Objective objective, ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities) => objective switch
    {
        Objective.Variance => Variance(loads, capacities),
        Objective.MaxLoad => Max(loads),
        Objective.MaxUtilisation => MaxUtilisation(loads, capacities),
        Objective.FortzThorup => FortzThorup(loads, capacities),
        Objective.MeanDelay => PacketsUnderWay(loads, capacities),
        Objective.Percentile95 => Percentile(loads, capacities, 0.95),
        _ => throw new ArgumentOutOfRangeException(nameof(objective), objective, null),
    };

    /// <summary>Φ = (1/E) Σ (uₑ − ū)².</summary>
    public static double Variance(ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities)
    {
        double mean = MeanUtilisation(loads, capacities), squares = 0;
        for (int link = 0; link < loads.Length; link++)
        {
            double deviation = loads[link] / capacities[link] - mean;
            squares += deviation * deviation;
        }

        return squares / loads.Length;
    }

    public static double MeanUtilisation(ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities)
    {
        double sum = 0;
        for (int link = 0; link < loads.Length; link++)
        {
            sum += loads[link] / capacities[link];
        }

        return sum / loads.Length;
    }

    public static double MaxUtilisation(ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities)
    {
        double max = 0;
        for (int link = 0; link < loads.Length; link++)
        {
            max = Math.Max(max, loads[link] / capacities[link]);
        }

        return max;
    }

    /// <summary>
    /// Σ over links of a convex piecewise linear function of the load, whose slope is 1, 3, 10, 70, 500 and 5000 from utilisations of 0,
    /// 1/3, 2/3, 9/10, 1 and 11/10 on, over the sum of the capacities.
    /// </summary>
    public static double FortzThorup(ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities)
    {
        double cost = 0, capacity = 0;
        for (int link = 0; link < loads.Length; link++)
        {
            double u = loads[link] / capacities[link], own = 0;
            foreach ((double from, double extra) in FortzThorupSlopes)
            {
                own += u > from ? extra * (u - from) : 0;
            }

            cost += own * capacities[link];
            capacity += capacities[link];
        }

        return cost / capacity;
    }

    /// <summary>Σ ρ/(1 − ρ); above a utilisation of 0.99 the tangent goes on, so that overload is finite and costs.</summary>
    public static double PacketsUnderWay(ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities)
    {
        const double full = 0.99;
        double packets = 0;
        for (int link = 0; link < loads.Length; link++)
        {
            double u = loads[link] / capacities[link];
            packets += u <= full ? u / (1 - u) : full / (1 - full) + (u - full) / ((1 - full) * (1 - full));
        }

        return packets;
    }

    /// <summary>The least utilisation that at least this share of the links does not exceed.</summary>
    /// <param name="share">In (0, 1].</param>
    public static double Percentile(ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities, double share)
    {
        double[] utilisations = ArrayPool<double>.Shared.Rent(loads.Length);
        for (int link = 0; link < loads.Length; link++)
        {
            utilisations[link] = loads[link] / capacities[link];
        }

        utilisations.AsSpan(0, loads.Length).Sort();
        double value = utilisations[Math.Max(0, (int)Math.Ceiling(share * loads.Length) - 1)];
        ArrayPool<double>.Shared.Return(utilisations);
        return value;
    }

    private static double Max(ReadOnlySpan<double> loads)
    {
        double max = 0;
        foreach (double load in loads)
        {
            max = Math.Max(max, load);
        }

        return max;
    }
}
