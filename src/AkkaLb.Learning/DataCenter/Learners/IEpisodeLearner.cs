using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Learning.DataCenter.Learners;

/// <summary>
/// The learning of one agent, apart from its deciding. Learners of a team may work side by side; each is used by one thread at a time.
/// </summary>
public interface IEpisodeLearner
{
    /// <summary>Unique within a team.</summary>
    string Name { get; }

    /// <summary>Number of the first load balancer that the agent stands behind.</summary>
    int FirstLoadBalancer { get; }

    /// <summary>Load balancers that the agent stands behind, numbered one after the other.</summary>
    int LoadBalancers { get; }

    /// <summary>Version of the policy: gradient steps made.</summary>
    long Version { get; }

    /// <summary>Takes an episode into the replay and, unless the team is warming up, learns from the replay.</summary>
    /// <param name="parts">One for each load balancer, in order.</param>
    /// <returns>Null while warming up.</returns>
    LearnerStatistics? Learn(IReadOnlyList<EpisodePart> parts);
}
