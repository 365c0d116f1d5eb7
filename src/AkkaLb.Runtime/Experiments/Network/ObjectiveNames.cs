namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>What the values of an objective are called in tables and plots, where Φ stands otherwise.</summary>
public static class ObjectiveNames
{
    /// <param name="objective">As configured in <c>network.objective</c>; null for the variance.</param>
    public static string Of(string? objective) => objective switch
    {
        null or "variance" => "Φ",
        "max-load" => "largest load, bit/s",
        "max-utilisation" => "largest utilisation",
        "fortz-thorup" => "Fortz–Thorup cost",
        "mean-delay" => "packets under way (M/M/1)",
        "percentile-95" => "95th percentile of utilisation",
        _ => "objective",
    };
}
