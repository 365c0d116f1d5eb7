using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>How much a server with rate μ can do in a step; μ on average.</summary>
public enum ServiceLaw
{
    /// <summary>μ, always.</summary>
    Constant,

    /// <summary>Uniform in [0, 2μ).</summary>
    Uniform,

    /// <summary>Exponential with mean μ.</summary>
    Exponential,
}

internal static class ServiceLawDraws
{
    public static double Draw(this ServiceLaw law, double rate, RandomStream stream) => law switch
    {
        ServiceLaw.Uniform => 2 * rate * stream.NextDouble(),
        ServiceLaw.Exponential => -rate * Math.Log(1 - stream.NextDouble()),
        _ => rate,
    };
}
