using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>What a load balancer needs beside its policy to decide in an episode, in another process than its learner.</summary>
/// <param name="Agent">Number of the learning agent behind it.</param>
/// <param name="Member">Its number among the agent's load balancers.</param>
/// <param name="Episode">Addresses its draws.</param>
/// <param name="Training">Whether the episode is to be learnt from.</param>
public sealed record BalancerStart(int Agent, int Member, long Episode, ActionMode Mode, bool Training);

/// <summary>A controller whose load balancer may decide elsewhere, to the same bits: <see cref="DetachedBalancer"/>.</summary>
public interface IDetachable : IEpisodeSource
{
    /// <summary>The episode that was begun; null where only a centre decides, for all load balancers jointly.</summary>
    BalancerStart? Start { get; }

    /// <summary>What it decides by: the deciding net's parameters and the scale of its features.</summary>
    byte[] WritePolicy();
}

/// <summary>How the load balancers of a run learn, as far as those who only decide must know it.</summary>
/// <param name="LoadBalancers">M.</param>
/// <param name="Servers">N.</param>
/// <param name="Steps">H, decisions in a training episode.</param>
/// <param name="Seed">Root of the agents' draws.</param>
public sealed record BalancerLearning(DataCenterLearningOptions Options, int LoadBalancers, int Servers, int Steps, ulong Seed);

/// <summary>Decides for one load balancer apart from its learner, and records what the learner needs.</summary>
public static class DetachedBalancer
{
    /// <param name="policy">Of <see cref="IDetachable.WritePolicy"/>.</param>
    /// <exception cref="InvalidDataException">The policy is not one of this run's.</exception>
    public static IEpisodeSource Create(BalancerLearning learning, BalancerStart start, byte[] policy)
    {
        BalancingAgent agent = BalancingTeam.CreateOne(
            start.Agent, learning.Options, learning.LoadBalancers, learning.Servers, learning.Steps, learning.Seed, new WorkerTeam(1));
        agent.ReadPolicy(policy);
        agent.Begin(start.Episode, start.Mode, start.Training, start.Member);
        return agent.Controllers[start.Member];
    }
}
