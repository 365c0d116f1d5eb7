namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>All dispatch policies by name.</summary>
public static class DispatchPolicies
{
    private static readonly Dictionary<string, (bool Global, Func<PolicyContext, IDispatchPolicy> Make)> Makers = new()
    {
        ["ecmp"] = (false, c => new EcmpPolicy(c)),
        ["maglev"] = (false, c => new MaglevPolicy(c)),
        ["wcmp"] = (false, c => new WcmpPolicy(c)),
        ["awcmp"] = (false, c => new AwcmpPolicy(c)),
        ["round-robin"] = (false, c => new RoundRobinPolicy(c)),
        ["lsq"] = (false, c => new LsqPolicy(c)),
        ["sed"] = (false, c => new SedPolicy(c)),
        ["sed-estimated"] = (false, c => new EstimatedSedPolicy(c)),
        ["lsq-2"] = (false, c => new TwoChoicesPolicy(c, weighted: false)),
        ["sed-2"] = (false, c => new TwoChoicesPolicy(c, weighted: true)),
        ["peak-ewma"] = (false, c => new PeakEwmaPolicy(c)),
        ["prequal"] = (false, c => new PrequalPolicy(c)),
        ["gsq"] = (true, c => new GlobalPolicy<GsqScore>(c, c.Truth!)),
        ["gsed"] = (true, c => new GlobalPolicy<GsedScore>(c, c.Truth!)),
        ["srt"] = (true, c => new GlobalPolicy<RemainingTimeScore>(c, c.Truth!)),
        ["oracle"] = (true, c => new GlobalPolicy<OracleScore>(c, c.Truth!)),
    };

    /// <summary>The rule that learned weights steer: that of SED.</summary>
    public const string Weighted = "sed";

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Whether a policy looks at the true state of all servers, which no load balancer of a real system can.</summary>
    public static bool IsGlobal(string name) => Makers[name].Global;

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such policy, or it is global and the context has no truth.</exception>
    public static IDispatchPolicy Create(string name, PolicyContext context)
    {
        if (!Makers.TryGetValue(name, out (bool Global, Func<PolicyContext, IDispatchPolicy> Make) policy))
        {
            throw new ArgumentException($"no policy '{name}'; expected {string.Join(", ", Names)}", nameof(name));
        }
        return policy.Global && context.Truth is null
            ? throw new ArgumentException($"the policy '{name}' needs to know all servers", nameof(name))
            : policy.Make(context);
    }
}
