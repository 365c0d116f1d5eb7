using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter;

/// <summary>Plays one episode with a controller for each load balancer and returns its mean task completion time in seconds.</summary>
/// <param name="episode">Number of the episode; same number, same traffic.</param>
public delegate double EpisodePlayer(long episode, IReadOnlyList<ILoadBalancerController> controllers);

/// <summary>One training episode.</summary>
/// <param name="Reward">Mean over agents and steps.</param>
/// <param name="Learning">Of the updates after the episode; null while warming up.</param>
public sealed record TrainingEpisode(long Episode, double MeanCompletionTime, double Reward, LearnerStatistics? Learning);

/// <summary>
/// A team of agents for all load balancers and its training: an episode is played, then every agent learns from its own replay. Agents
/// learn side by side on the threads given; the bits do not depend on them.
/// </summary>
public sealed class DataCenterTrainer : IDisposable, IParallelWork
{
    private readonly BalancingAgent[] _agents;
    private readonly ILoadBalancerController[] _controllers;
    private readonly WorkerTeam _team;
    private readonly LearnerStatistics[] _learnt;
    private readonly int _episodeSteps;

    /// <param name="loadBalancers">M.</param>
    /// <param name="servers">N.</param>
    /// <param name="episodeSteps">H, decisions in an episode.</param>
    /// <exception cref="Domain.InvalidInputException">An option is out of its range.</exception>
    public DataCenterTrainer(DataCenterLearningOptions options, int loadBalancers, int servers, int episodeSteps, ulong seed, int threads = 2)
    {
        options.Validate();
        (Options, Seed, _episodeSteps) = (options, seed, episodeSteps);
        _team = new WorkerTeam(threads);
        _agents = BalancingTeam.Create(options, loadBalancers, servers, episodeSteps, seed, _team);
        _controllers = [.. _agents.SelectMany(agent => agent.Controllers)];
        _learnt = new LearnerStatistics[_agents.Length];
    }

    public DataCenterLearningOptions Options { get; }

    public ulong Seed { get; }

    /// <summary>Episodes played; the number of the next one.</summary>
    public long Episode { get; internal set; }

    public bool IsFinished => Episode >= Options.Episodes;

    /// <summary>Gradient steps of all agents so far.</summary>
    public long Updates => _agents.Sum(agent => agent.Updates);

    /// <summary>What one training episode costs in messages.</summary>
    public CentralTraffic Traffic => _agents.Aggregate(default(CentralTraffic), (sum, agent) => sum + agent.Traffic(_episodeSteps));

    internal IReadOnlyList<BalancingAgent> Agents => _agents;

    /// <summary>Plays the next training episode and learns from it.</summary>
    public TrainingEpisode RunEpisode(EpisodePlayer play)
    {
        long episode = Episode;
        bool warmingUp = episode < Options.WarmUpEpisodes;
        double time = Play(play, episode, warmingUp ? ActionMode.Random : ActionMode.Sample, training: true);
        double reward = _agents.Average(agent => agent.Replay[agent.Replay.Count - 1].Rewards.Average());
        Episode++;
        if (warmingUp || Options.UpdatesPerEpisode == 0)
        {
            return new TrainingEpisode(episode, time, reward, null);
        }

        _team.Run(this, _agents.Length);
        return new TrainingEpisode(episode, time, reward, LearnerStatistics.Mean(_learnt));
    }

    /// <summary>Plays an episode without learning from it; the team stays as it is.</summary>
    public double Evaluate(EpisodePlayer play, long episode, ActionMode mode) => Play(play, episode, mode, training: false);

    /// <summary>
    /// Controllers for one episode that is not learnt from, one for each load balancer, as they are at an episode's start. Asking again
    /// takes the earlier ones back: they are the same objects.
    /// </summary>
    /// <param name="episode">Addresses the draws of <see cref="ActionMode.Sample"/>.</param>
    public IReadOnlyList<ILoadBalancerController> Controllers(long episode, ActionMode mode)
    {
        foreach (BalancingAgent agent in _agents)
        {
            agent.Begin(episode, mode, training: false);
        }

        return _controllers;
    }

    void IParallelWork.Execute(int part) => _learnt[part] = _agents[part].Learn();

    public void Dispose() => _team.Dispose();

    private double Play(EpisodePlayer play, long episode, ActionMode mode, bool training)
    {
        foreach (BalancingAgent agent in _agents)
        {
            agent.Begin(episode, mode, training);
        }

        double time = play(episode, _controllers);
        foreach (BalancingAgent agent in _agents)
        {
            agent.End();
        }

        return time;
    }
}
