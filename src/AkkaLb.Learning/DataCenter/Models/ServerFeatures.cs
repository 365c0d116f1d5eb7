using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>
/// What a load balancer has seen of one server, free of the number of servers and of the scale of jobs where that is not told apart: the
/// logarithms of its features and of their ratios to the mean over its servers, then its estimated capacity beside theirs.
/// </summary>
internal static class ServerFeatures
{
    /// <summary>Rate, slots and seconds of a request over their means, requests in flight over slots, departures.</summary>
    private const int OfCapacity = 5;

    // Seconds, or requests, that are added before a logarithm is taken.
    private const double LeastSeconds = 1e-3, LeastRequests = 1;

    /// <summary>Features of one server.</summary>
    public static int Count(ObservationLayout layout) => 2 * FeatureLayout.PerServer(layout) + OfCapacity;

    /// <param name="target">[servers, <see cref="Count"/>].</param>
    public static void Fill(ObservationLayout layout, LoadBalancerObservation observation, Span<float> target)
    {
        int servers = observation.Servers, width = Count(layout), own = FeatureLayout.PerServer(layout);
        int skipped = layout == ObservationLayout.Durations ? 1 : 0;
        for (int feature = 0; feature < own; feature++)
        {
            int place = feature + skipped;
            double least = place == 0 ? LeastRequests : LeastSeconds, mean = 0;
            for (int j = 0; j < servers; j++)
            {
                mean += observation.Features[j * LoadBalancerObservation.FeaturesPerServer + place] / servers;
            }

            double scale = Math.Log(mean + least);
            for (int j = 0; j < servers; j++)
            {
                double value = Math.Log(observation.Features[j * LoadBalancerObservation.FeaturesPerServer + place] + least);
                target[j * width + feature] = (float)value;
                target[j * width + own + feature] = (float)(value - scale);
            }
        }

        ReadOnlySpan<Capacity> capacities = observation.Capacities;
        double rate = 0, slots = 0, seconds = 0;
        foreach (Capacity capacity in capacities)
        {
            rate += capacity.Rate / servers;
            slots += capacity.Slots / servers;
            seconds += capacity.ServiceSeconds / servers;
        }

        for (int j = 0; j < servers; j++)
        {
            Span<float> last = target.Slice((j + 1) * width - OfCapacity, OfCapacity);
            last[4] = (float)Math.Log(1 + observation.Departures[j]);
            if (capacities[j].Rate > 0)
            {
                last[0] = (float)Math.Log(capacities[j].Rate / rate);
                last[1] = (float)Math.Log(capacities[j].Slots / slots);
                last[2] = (float)Math.Log(capacities[j].ServiceSeconds / seconds);
                last[3] = (float)Math.Log((observation.Ongoing(j) + LeastRequests) / capacities[j].Slots);
            }
            else
            {
                last[..4].Clear();
            }
        }
    }
}
