using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Learners;

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
    private readonly IEpisodeSource[] _controllers;
    private readonly WorkerTeam _team;
    private readonly LearnerStatistics[] _learnt;
    private readonly int _episodeSteps;

    /// <param name="loadBalancers">M.</param>
    /// <param name="servers">N.</param>
    /// <param name="episodeSteps">H, decisions in an episode.</param>
    /// <param name="backend">Takes the gradient steps; null: the kernels do.</param>
    /// <exception cref="Domain.InvalidInputException">An option is out of its range.</exception>
    public DataCenterTrainer(
        DataCenterLearningOptions options, int loadBalancers, int servers, int episodeSteps, ulong seed, int threads = 2,
        LearningBackend? backend = null)
    {
        options.Validate();
        (Options, Seed, _episodeSteps) = (options, seed, episodeSteps);
        _team = new WorkerTeam(threads);
        try
        {
            _agents = BalancingTeam.Create(options, loadBalancers, servers, episodeSteps, seed, _team, backend);
        }
        catch
        {
            _team.Dispose();
            throw;
        }

        _controllers = [.. _agents.SelectMany(agent => agent.Controllers)];
        _learnt = new LearnerStatistics[_agents.Length];
        int first = 0;
        var learners = new List<IEpisodeLearner>();
        foreach (BalancingAgent agent in _agents)
        {
            learners.Add(new Learner(this, agent, first));
            first += agent.Members;
        }

        Learners = learners;
    }

    public DataCenterLearningOptions Options { get; }

    public ulong Seed { get; }

    /// <summary>Episodes played; the number of the next one.</summary>
    public long Episode { get; internal set; }

    public bool IsFinished => Episode >= Options.Episodes;

    /// <summary>Whether all that is learnt, and the rewards that it is learnt from, are finite numbers.</summary>
    public bool IsFinite => _agents.All(agent => agent.Nets.All(net => net.Optimiser.IsFinite)
        && (agent.Replay.Count == 0 || double.IsFinite(agent.LastReward)));

    /// <summary>Gradient steps of all agents so far.</summary>
    public long Updates => _agents.Sum(agent => agent.Updates);

    /// <summary>What one training episode costs in messages.</summary>
    public CentralTraffic Traffic => _agents.Aggregate(default(CentralTraffic), (sum, agent) => sum + agent.Traffic(_episodeSteps));

    internal IReadOnlyList<BalancingAgent> Agents => _agents;

    /// <summary>
    /// One for each agent. For those who run the agents' learning themselves, with <see cref="Begin"/> and <see cref="Complete"/>.
    /// </summary>
    public IReadOnlyList<IEpisodeLearner> Learners { get; }

    private bool Learns => Episode >= Options.WarmUpEpisodes && Options.UpdatesPerEpisode > 0;

    /// <summary>Plays the next training episode and learns from it.</summary>
    public TrainingEpisode RunEpisode(EpisodePlayer play)
    {
        double time = play(Episode, Begin());
        foreach (BalancingAgent agent in _agents)
        {
            agent.End();
        }

        if (!Learns)
        {
            return Complete(time, []);
        }

        _team.Run(this, _agents.Length);
        return Complete(time, _learnt);
    }

    /// <summary>
    /// Begins the next training episode, numbered <see cref="Episode"/>, and forgets one that was begun and not completed. When it has been
    /// played every learner is to learn from it, and then it is to be completed.
    /// </summary>
    /// <returns>One controller for each load balancer.</returns>
    public IReadOnlyList<IEpisodeSource> Begin()
    {
        ActionMode mode = Episode < Options.WarmUpEpisodes ? ActionMode.Random : ActionMode.Sample;
        foreach (BalancingAgent agent in _agents)
        {
            agent.Begin(Episode, mode, training: true);
        }

        return _controllers;
    }

    /// <summary>Counts the episode that every agent has learnt from.</summary>
    /// <param name="learnt">What the learners returned, in their order, without nulls.</param>
    public TrainingEpisode Complete(double meanCompletionTime, IReadOnlyList<LearnerStatistics> learnt)
    {
        double reward = _agents.Average(agent => agent.LastReward);
        return new TrainingEpisode(Episode++, meanCompletionTime, reward, learnt.Count == 0 ? null : LearnerStatistics.Mean(learnt));
    }

    /// <summary>
    /// Counts an episode that only some agents have learnt from, those behind load balancers of real traffic: the next one draws anew.
    /// </summary>
    public void CountEpisode() => Episode++;

    /// <summary>Plays an episode without learning from it; the team stays as it is.</summary>
    public double Evaluate(EpisodePlayer play, long episode, ActionMode mode) => play(episode, Controllers(episode, mode));

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

    private sealed class Learner(DataCenterTrainer trainer, BalancingAgent agent, int first) : IEpisodeLearner
    {
        public string Name => agent.Name;

        public int FirstLoadBalancer => first;

        public int LoadBalancers => agent.Members;

        public long Version => agent.Updates;

        public LearnerStatistics? Learn(IReadOnlyList<EpisodePart> parts)
        {
            agent.Take(parts);
            return trainer.Learns ? agent.Learn() : null;
        }
    }
}
