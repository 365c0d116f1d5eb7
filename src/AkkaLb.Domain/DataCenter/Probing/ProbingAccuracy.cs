using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Domain.DataCenter.Probing;

/// <summary>
/// How well load balancers that probe know the servers: what the last reply said against the truth, over all samples of the servers' loads,
/// load balancers and servers.
/// </summary>
/// <param name="ProcessorError">Root mean square error of the processors' use, in percent of all a server's processors.</param>
/// <param name="JobsError">Root mean square error of the busy threads.</param>
/// <param name="ProcessorCorrelation">Spearman's rank correlation of the processors' use.</param>
/// <param name="JobsCorrelation">Spearman's rank correlation of the busy threads.</param>
public sealed record ProbingAccuracy(double ProcessorError, double JobsError, double ProcessorCorrelation, double JobsCorrelation)
{
    /// <param name="result">With replies and load samples; samples before a load balancer's first reply of a server do not count for the
    /// two.</param>
    /// <returns>Null when there is nothing to compare.</returns>
    public static ProbingAccuracy? Of(SimulationResult result, int loadBalancers, int servers)
    {
        ProbeRecord?[,] last = new ProbeRecord?[loadBalancers, servers];
        List<double> knownUse = [], trueUse = [], knownJobs = [], trueJobs = [];
        int next = 0;
        foreach (LoadSample sample in result.Loads)
        {
            for (; next < result.Replies.Count && result.Replies[next].Time <= sample.Time; next++)
            {
                last[result.Replies[next].LoadBalancer, result.Replies[next].Server] = result.Replies[next];
            }
            for (int i = 0; i < loadBalancers; i++)
            {
                for (int j = 0; j < servers; j++)
                {
                    if (last[i, j] is not { } known)
                    {
                        continue;
                    }
                    knownUse.Add(100 * known.Reply.ProcessorUse);
                    trueUse.Add(100 * sample.ProcessorUse[j]);
                    knownJobs.Add(known.Reply.Busy);
                    trueJobs.Add(sample.Busy[j]);
                }
            }
        }
        return knownUse.Count == 0 ? null : new ProbingAccuracy(
            Error(knownUse, trueUse), Error(knownJobs, trueJobs), RankCorrelation.Spearman(knownUse, trueUse),
            RankCorrelation.Spearman(knownJobs, trueJobs));
    }

    private static double Error(List<double> known, List<double> truth) =>
        Math.Sqrt(known.Zip(truth, (k, t) => (k - t) * (k - t)).Average());
}
