using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>What a policy with knowledge of all servers minimises.</summary>
internal interface IGlobalScore
{
    /// <param name="truth">The state of all servers.</param>
    static abstract double Of(int server, in Job job, long now, IServerTruth truth, IReadOnlyList<double> weights);
}

/// <summary>
/// A policy that sees the true state of all servers: the least score, ties broken uniformly at random. One that is
/// down has the worst score.
/// </summary>
internal sealed class GlobalPolicy<TScore>(PolicyContext context, IServerTruth truth) : IDispatchPolicy
    where TScore : struct, IGlobalScore
{
    private readonly Available _available = new(context.Weights.Count);

    public int Choose(in Job job, long now)
    {
        double least = double.PositiveInfinity;
        int chosen = -1, ties = 0;
        for (int k = 0; k < _available.Count; k++)
        {
            int server = _available[k];
            double score = truth.IsUp(server) ? TScore.Of(server, job, now, truth, context.Weights) : double.PositiveInfinity;
            if (score < least || chosen < 0)
            {
                (least, chosen, ties) = (score, server, 1);
            }
            else if (score == least && context.Random.NextInt32(++ties) == 0)
            {
                chosen = server;
            }
        }
        return chosen;
    }

    public void SetAvailable(ReadOnlySpan<bool> available) => _available.Set(available);
}

/// <summary>Global shortest queue: Q_j, the jobs of all load balancers.</summary>
internal readonly struct GsqScore : IGlobalScore
{
    public static double Of(int server, in Job job, long now, IServerTruth truth, IReadOnlyList<double> weights) => truth.Jobs(server);
}

/// <summary>Global shortest expected delay: (Q_j + 1)/w_j.</summary>
internal readonly struct GsedScore : IGlobalScore
{
    public static double Of(int server, in Job job, long now, IServerTruth truth, IReadOnlyList<double> weights) =>
        (truth.Jobs(server) + 1) / weights[server];
}

/// <summary>Shortest remaining time: the work left on the server.</summary>
internal readonly struct RemainingTimeScore : IGlobalScore
{
    public static double Of(int server, in Job job, long now, IServerTruth truth, IReadOnlyList<double> weights) =>
        truth.RemainingTime(server, now, 0, 0);
}

/// <summary>The oracle: the work left on the server once it has this job too. The least makespan that one decision can reach.</summary>
internal readonly struct OracleScore : IGlobalScore
{
    public static double Of(int server, in Job job, long now, IServerTruth truth, IReadOnlyList<double> weights) =>
        truth.RemainingTime(server, now, job.Processor, job.Disk);
}
