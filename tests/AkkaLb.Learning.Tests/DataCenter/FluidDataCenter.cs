using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;

namespace AkkaLb.Learning.Tests.DataCenter;

/// <summary>
/// Servers whose task durations are what a load balancer's weights make them at once: share of the traffic over capacity.
/// </summary>
internal sealed class FluidDataCenter(int steps, params double[] capacities)
{
    public int Servers => capacities.Length;

    /// <summary>Plays an episode; returns the mean duration over moments and load balancers.</summary>
    public double Play(long episode, IReadOnlyList<ILoadBalancerController> controllers)
    {
        var weights = new float[controllers.Count][];
        var observations = new LoadBalancerObservation[controllers.Count];
        for (int i = 0; i < controllers.Count; i++)
        {
            weights[i] = [.. Enumerable.Repeat(1f, Servers)];
            observations[i] = new LoadBalancerObservation(new LoadBalancerId(i), Servers);
            observations[i].Available.Fill(true);
        }

        double total = 0;
        for (int moment = 0; moment <= steps; moment++)
        {
            for (int i = 0; i < controllers.Count; i++)
            {
                observations[i].Moment = moment;
                double sum = weights[i].Sum();
                for (int j = 0; j < Servers; j++)
                {
                    double share = weights[i][j] / sum, duration = share / capacities[j];
                    observations[i].Ongoing(j) = (float)share;
                    observations[i].Durations(j).Fill((float)duration);
                    observations[i].Completions(j).Fill((float)duration);
                    total += share * duration;
                }

                controllers[i].Observe(observations[i]);
            }

            for (int i = 0; i < controllers.Count && moment < steps; i++)
            {
                controllers[i].Decide(weights[i]);
            }
        }

        return total / controllers.Count / (steps + 1) + 1e-9 * episode;
    }
}
