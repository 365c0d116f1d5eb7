namespace AkkaLb.Learning.Memory;

/// <summary>How far two states are apart.</summary>
public enum DistanceMetric
{
    /// <summary>√Σ(x − y)².</summary>
    Euclidean,

    /// <summary>Σ|x − y|.</summary>
    Manhattan,

    /// <summary>1 − x·y/(‖x‖‖y‖). A zero vector is at ½ from every other.</summary>
    Cosine,
}

/// <summary>
/// Distances in the form in which they are computed and compared: L1 as it is, L2 squared, cosine as the squared L2 distance of the unit
/// vectors, which is twice the cosine distance and keeps its precision where 1 − cos loses it.
/// </summary>
internal static class MetricForm
{
    public static float Of(DistanceMetric metric, double distance) => (float)(metric switch
    {
        DistanceMetric.Euclidean => distance * distance,
        DistanceMetric.Cosine => 2 * distance,
        _ => distance,
    });

    public static double ToDistance(DistanceMetric metric, float form) => metric switch
    {
        DistanceMetric.Euclidean => Math.Sqrt(form),
        DistanceMetric.Cosine => form / 2.0,
        _ => form,
    };

    /// <summary>
    /// The distance from which on the balls of radius Δ around two states are disjoint: 2Δ; for the cosine distance, whose square root is
    /// the metric, 4Δ.
    /// </summary>
    public static double Separation(DistanceMetric metric, double delta) => metric == DistanceMetric.Cosine ? 4 * delta : 2 * delta;
}
