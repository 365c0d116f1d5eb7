using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>How long the probes of one load balancer and their replies travel, from a stream of its own.</summary>
/// <param name="kind">Names the stream: <see cref="Checks"/> for those that ask for a server's health.</param>
public sealed class ProbeDelays(ProbeOptions options, LoadBalancerId loadBalancer, ulong seed, ulong episode, string kind = "probes")
{
    public const string Checks = "checks";

    private readonly RandomStream _random = new(seed, $"load-balancer/{loadBalancer.Index}/{kind}", episode);

    /// <summary>Ticks to the server and back.</summary>
    public (long There, long Back) Next()
    {
        long there = Half();
        return (there, Half());
    }

    private long Half() => (options.Delay.Low + (long)((options.Delay.High - options.Delay.Low) * _random.NextDouble())) / 2;
}
