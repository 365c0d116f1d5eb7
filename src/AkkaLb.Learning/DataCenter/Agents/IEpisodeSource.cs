using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>A load balancer's side of a learning agent: decides during an episode and gives away what it recorded at the end.</summary>
public interface IEpisodeSource : ILoadBalancerController
{
    /// <summary>What the load balancer recorded in the episode that has ended; a copy.</summary>
    EpisodePart Finish();
}
