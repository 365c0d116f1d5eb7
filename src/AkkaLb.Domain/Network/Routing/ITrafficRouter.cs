namespace AkkaLb.Domain.Network;

/// <summary>Fixed traffic that can be routed under any weights; immutable, so that any number of threads may route at a
/// time.</summary>
public interface ITrafficRouter
{
    /// <summary>Number of flows, or of demands.</summary>
    int Count { get; }

    /// <summary>Rate of all traffic in bit/s, whether it has a path or not.</summary>
    double Total { get; }

    /// <summary>Number of weights: links, or paths where these have weights of their own.</summary>
    int WeightCount { get; }

    /// <summary>How traffic is split among next hops, for people: fluid, hash dx, hash proportional.</summary>
    string Splitting { get; }

    /// <summary>Routes everything.</summary>
    /// <param name="weights">One per link, or per path. What has a weight that is not above 0 is never taken.</param>
    /// <param name="loads">Set to the load of every link in bit/s.</param>
    /// <returns>How many flows or demands found no path; they load no link.</returns>
    int Route(ReadOnlySpan<double> weights, Span<double> loads);

    /// <summary>Rate in bit/s of the traffic that finds a path.</summary>
    /// <param name="weights">As of <see cref="Route"/>.</param>
    double Routed(ReadOnlySpan<double> weights);
}
