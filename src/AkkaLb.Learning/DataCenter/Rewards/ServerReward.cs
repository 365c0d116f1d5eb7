using AkkaLb.Domain.DataCenter.Control;

namespace AkkaLb.Learning.DataCenter.Rewards;

/// <summary>
/// What one server's weight brought: −(ln(d_j/d̄))² with d_j the task durations on it and d̄ their mean over the servers, those that are
/// available and have samples; 0 for others. It is free of the scale of the jobs and of the number of servers.
/// </summary>
internal static class ServerReward
{
    /// <summary>Logarithms are held within ±this.</summary>
    private const double Limit = 2;

    /// <param name="statistic">Which statistic of the durations stands for them.</param>
    /// <param name="rewards">One for each server.</param>
    public static void Fill(LoadBalancerObservation observation, SampleStatistic statistic, Span<float> rewards)
    {
        double sum = 0;
        int count = 0;
        for (int server = 0; server < rewards.Length; server++)
        {
            float duration = observation.Durations(server)[(int)statistic];
            if (observation.Available[server] && duration > 0)
            {
                sum += duration;
                count++;
            }
        }

        for (int server = 0; server < rewards.Length; server++)
        {
            float duration = observation.Durations(server)[(int)statistic];
            double apart = observation.Available[server] && duration > 0
                ? Math.Clamp(Math.Log(duration * count / sum), -Limit, Limit)
                : 0;
            rewards[server] = (float)-(apart * apart);
        }
    }
}
