using System.Globalization;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

public enum WeightChange
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Keep,
}

/// <summary>
/// What an agent may do to its weight: w + v, w − v, w · v, w / v, or nothing. (The reference's subtraction adds and its division
/// multiplies, specification section 11, B4; here they do as they say.)
/// </summary>
public readonly record struct WeightAction(WeightChange Change, double Value = 0)
{
    /// <summary>A step that is halved more often is none.</summary>
    public const int MostHalvings = 16;

    public double Apply(double weight) => Change switch
    {
        WeightChange.Add => weight + Value,
        WeightChange.Subtract => weight - Value,
        WeightChange.Multiply => weight * Value,
        WeightChange.Divide => weight / Value,
        _ => weight,
    };

    /// <summary>
    /// The same, but for a step that leads out of <see cref="ChannelWeights.Least"/> to <see cref="ChannelWeights.Largest"/>: it is none. A
    /// weight of 0 or less would take its link out of all routes, and a flow without a route loads nothing.
    /// </summary>
    public double ApplyWithin(double weight)
    {
        double changed = Apply(weight);
        return changed is >= ChannelWeights.Least and <= ChannelWeights.Largest ? changed : weight;
    }

    /// <summary>The same with a smaller step: two of them in turn do what the one before does once.</summary>
    /// <param name="times">How often it is halved, at least 0.</param>
    public WeightAction Halved(int times)
    {
        double value = Value;
        bool isFactor = Change is WeightChange.Multiply or WeightChange.Divide;
        for (int i = 0; i < Math.Min(times, MostHalvings) && Change != WeightChange.Keep; i++)
        {
            value = isFactor ? Math.Sqrt(value) : value / 2;
        }
        return this with { Value = value };
    }

    public override string ToString() => Change switch
    {
        WeightChange.Add => string.Create(CultureInfo.InvariantCulture, $"+{Value}"),
        WeightChange.Subtract => string.Create(CultureInfo.InvariantCulture, $"−{Value}"),
        WeightChange.Multiply => string.Create(CultureInfo.InvariantCulture, $"×{Value}"),
        WeightChange.Divide => string.Create(CultureInfo.InvariantCulture, $"÷{Value}"),
        _ => "keep",
    };
}

/// <summary>Channel weights: one positive double per link. Only ratios between links that compete at a node matter.</summary>
public static class ChannelWeights
{
    /// <summary>Bounds of what agents make of a weight: beyond them sums of squares would overflow.</summary>
    public const double Least = 1e-100, Largest = 1e100;

    /// <summary>The published action set: ×1.25 and nothing, in this order.</summary>
    public static IReadOnlyList<WeightAction> PublishedActions { get; } =
        [new WeightAction(WeightChange.Multiply, 1.25), new WeightAction(WeightChange.Keep)];

    /// <summary>Equal weights, the starting point of all published experiments: 1 each.</summary>
    public static double[] Uniform(Topology topology)
    {
        var weights = new double[topology.LinkCount];
        Array.Fill(weights, 1);
        return weights;
    }

    /// <summary>
    /// Integers drawn uniformly from [<paramref name="min"/>, <paramref name="max"/>]: one draw per run, the same for every episode.
    /// </summary>
    public static double[] Draw(Topology topology, int min, int max, RandomStream stream)
    {
        if (min < 1 || max < min)
        {
            throw new ArgumentOutOfRangeException(nameof(min), $"expected 1 ≤ min ≤ max, got {min} and {max}");
        }

        var weights = new double[topology.LinkCount];
        foreach (ref double weight in weights.AsSpan())
        {
            weight = min + stream.NextInt32(max - min + 1);
        }

        return weights;
    }
}
