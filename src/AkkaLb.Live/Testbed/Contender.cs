namespace AkkaLb.Live.Testbed;

/// <summary>Which weights a balancer is configured with.</summary>
public enum ContenderWeights
{
    /// <summary>Equal ones: it is told nothing.</summary>
    None,

    /// <summary>The servers' slots.</summary>
    Right,

    /// <summary>Small and large servers swapped: w becomes least + most − w.</summary>
    Swapped,
}

/// <summary>What is compared: a balancer and the weights that it is told.</summary>
/// <param name="Balancer">A policy of our proxy, or a peer and its algorithm such as <c>haproxy-leastconn</c>.</param>
public sealed record Contender(string Balancer, ContenderWeights Weights)
{
    /// <summary>In tables, files and JSON.</summary>
    public string Name => Weights == ContenderWeights.None ? Balancer : $"{Balancer}-{Word(Weights)}";

    /// <summary>Whether it is somebody else's.</summary>
    public bool IsPeer => HaproxyBalancer.Algorithms.ContainsKey(Balancer) || NginxBalancer.Methods.ContainsKey(Balancer);

    /// <summary>Reads <c>"sed right"</c>.</summary>
    public static Contender? Parse(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var balancer] => new Contender(balancer, ContenderWeights.None),
        [var balancer, "right"] => new Contender(balancer, ContenderWeights.Right),
        [var balancer, "swapped"] => new Contender(balancer, ContenderWeights.Swapped),
        _ => null,
    };

    /// <param name="slots">Of each server.</param>
    public IReadOnlyList<int> WeightsOf(IReadOnlyList<int> slots) => Weights switch
    {
        ContenderWeights.Right => slots,
        ContenderWeights.Swapped => [.. slots.Select(s => slots.Min() + slots.Max() - s)],
        _ => [.. slots.Select(_ => 1)],
    };

    private static string Word(ContenderWeights weights) => weights == ContenderWeights.Right ? "right" : "swapped";
}
