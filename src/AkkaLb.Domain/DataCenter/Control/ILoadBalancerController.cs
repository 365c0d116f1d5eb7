namespace AkkaLb.Domain.DataCenter.Control;

/// <summary>
/// Sets the weights of one load balancer's dispatch rule, argmin_j (q_j + 1)/a_j, every control period. An episode has the moments
/// k = 0, 1, …, H at the times k·Δt; the weights set at moment k hold until moment k + 1.
/// </summary>
/// <remarks>
/// At every moment <see cref="Observe"/> is called for all load balancers, in their order, before <see cref="Decide"/> is called for any,
/// so one object may stand behind several load balancers and decide for them jointly. Calls come from the thread that runs the episode.
/// </remarks>
public interface ILoadBalancerController
{
    /// <summary>
    /// What the load balancer has seen at this moment; the object is reused, so nothing of it may be kept but by copying.
    /// </summary>
    /// <remarks>
    /// The reward of the weights set at moment k is a function of the observation at moment k + 1. At moment H there is no decision.
    /// </remarks>
    void Observe(LoadBalancerObservation observation);

    /// <summary>Writes the weights a_j until the next moment.</summary>
    /// <param name="weights">Length N, holding the weights in force (1 at the start); positive. Only their ratios matter.</param>
    void Decide(Span<float> weights);
}
