using AkkaLb.Domain.DataCenter.Control;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>Which features of an observation an agent is shown, in their order.</summary>
internal static class FeatureLayout
{
    /// <summary>Features that one server has.</summary>
    public static int PerServer(ObservationLayout layout) => layout switch
    {
        ObservationLayout.Paper => LoadBalancerObservation.FeaturesPerServer,
        ObservationLayout.Released => 1 + LoadBalancerObservation.Statistics,
        _ => LoadBalancerObservation.Statistics,
    };

    /// <summary>Number of features for N servers.</summary>
    public static int Length(ObservationLayout layout, int servers) =>
        layout == ObservationLayout.Paper ? LoadBalancerObservation.Length(servers) : servers * PerServer(layout);

    /// <param name="target">As long as <see cref="Length"/> says.</param>
    public static void Copy(ObservationLayout layout, LoadBalancerObservation observation, Span<float> target)
    {
        if (layout == ObservationLayout.Paper)
        {
            observation.Features.CopyTo(target);
            return;
        }

        for (int server = 0; server < observation.Servers; server++)
        {
            if (layout == ObservationLayout.Released)
            {
                target[0] = observation.Ongoing(server);
                target = target[1..];
            }

            observation.Durations(server).CopyTo(target);
            target = target[LoadBalancerObservation.Statistics..];
        }
    }
}
