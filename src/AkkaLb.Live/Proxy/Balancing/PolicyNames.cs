namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>How requests can be spread over servers; all are rules of the simulator under the names that proxies give them.</summary>
internal static class PolicyNames
{
    /// <summary>SED with weights that the proxy's agent learns.</summary>
    public const string Learned = "learned";

    public const string ShortestExpectedDelay = "sed";

    private static readonly Dictionary<string, string> Simulated = new(StringComparer.Ordinal)
    {
        [Learned] = "sed",
        [ShortestExpectedDelay] = "sed",
        ["lsq"] = "lsq",
        ["p2c"] = "lsq-2",
        ["sed-2"] = "sed-2",
        ["round-robin"] = "round-robin",
        ["random"] = "wcmp",
        ["maglev"] = "maglev",
        ["peak-ewma"] = "peak-ewma",
        ["prequal"] = "prequal",
    };

    public static IReadOnlyCollection<string> All => Simulated.Keys;

    /// <summary>The name of the rule in <see cref="Domain.DataCenter.Policies.DispatchPolicies"/>.</summary>
    public static string OfSimulator(string policy) => Simulated[policy];

    /// <summary>Whether a connection's hash decides: of the client's address, so that a client stays; else a drawn one.</summary>
    public static bool HashesClients(string policy) => policy == "maglev";
}
