using AkkaLb.Domain.Game;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// How much one proxy alone could gain by moving its requests between servers, in the game of load balancers that share servers: the
/// waiting of its work against that of its best response to everybody else's (water-filling). 0 at an equilibrium.
/// </summary>
internal static class EquilibriumGap
{
    /// <param name="own">Requests of ours in flight at each server.</param>
    /// <param name="rates">Requests per second that each server can answer; positive.</param>
    /// <param name="waits">
    /// Seconds that a request takes at each server now. With its rate they tell what others have in flight there.
    /// </param>
    /// <returns>Share of our waiting that could be saved, 0 to 1; null where nothing of ours is in flight.</returns>
    public static double? Of(ReadOnlySpan<double> own, ReadOnlySpan<double> rates, ReadOnlySpan<double> waits)
    {
        double volume = 0;
        double[] others = new double[own.Length], best = new double[own.Length];
        for (int j = 0; j < own.Length; j++)
        {
            volume += own[j];
            // Little's law: all that is there at a rate, for as long as one takes.
            others[j] = Math.Max(rates[j] * waits[j] - own[j], 0);
        }
        if (volume <= 0)
        {
            return null;
        }
        WaterFilling.Fill<double>(others, rates, volume, best);
        double now = GameCosts.OfPlacement(own, others, rates), least = GameCosts.OfPlacement<double>(best, others, rates);
        return now > 0 ? Math.Clamp(1 - least / now, 0, 1) : 0;
    }
}
