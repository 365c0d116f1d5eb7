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
}

/// <summary>
/// Evaluates objectives. Utilisation is load / capacity and may exceed 1. Sums run over links in enumeration order, mean first and squared
/// deviations then, so that results agree to the last bit between runs.
/// </summary>
public static class ObjectiveFunction
{
    public static double Evaluate(this Objective objective, ReadOnlySpan<double> loads, ReadOnlySpan<double> capacities) => objective switch
    {
        Objective.Variance => Variance(loads, capacities),
        Objective.MaxLoad => Max(loads),
        Objective.MaxUtilisation => MaxUtilisation(loads, capacities),
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
