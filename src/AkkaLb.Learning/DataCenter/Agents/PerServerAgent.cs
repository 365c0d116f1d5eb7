using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.DataCenter.Rewards;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>
/// Distr-LB with a net per server: every load balancer decides for every server by the same soft actor-critic, which sees that server
/// alone, beside the means over all. Each server is an episode of its own in the replay, with a reward of its own, so that the numbers of
/// load balancers and servers are free from episode to episode.
/// </summary>
internal sealed unsafe class PerServerAgent : BalancingAgent
{
    private readonly SacGruLearner _learner;
    private readonly Kernel _kernel;
    private readonly Member[] _balancers;
    private readonly double[] _scratch, _logarithms;
    private ActionMode _mode;
    private double _lastReward;

    /// <param name="members">Load balancers at most.</param>
    /// <param name="servers">Of the run's own data centre, for what it sends.</param>
    public PerServerAgent(
        DataCenterLearningOptions options, string name, int members, int servers, int episodeSteps, ulong seed, WorkerTeam team,
        Kernel kernel, LearningBackend? backend = null)
        : base(options, options.Observation, name, members, servers, sharedNet: true, ServerFeatures.Count(options.Observation))
    {
        _learner = new SacGruLearner(options, name, FeaturesPerMember, 1, episodeSteps, seed, team, kernel, backend);
        _kernel = kernel;
        _balancers = [.. Enumerable.Range(0, members).Select(member => new Member(new RandomStream(seed, $"{name}/actions/{member}")))];
        _scratch = new double[options.Levels.Count];
        _logarithms = [.. options.Levels.Select(level => Math.Log(level))];
    }

    public override IReadOnlyList<TrainedNet> Nets => [_learner.Actor, .. _learner.Critics];

    public override double[] State => _learner.Temperature.State;

    public override (int Features, int Actions) Widths => (FeaturesPerMember, 1);

    public override double LastReward => _lastReward;

    protected override bool DecidesApart => false;

    protected override LearnerStatistics Learn(int updates) => _learner.Learn(Replay, Normaliser, Updates, updates);

    public override CentralTraffic Traffic(int steps) => new(
        ((steps + 1L) * FeaturesPerMember + 2L * steps) * Members * Servers * sizeof(float), 0,
        (long)Members * _learner.Actor.Layout.Length * sizeof(float));

    /// <summary>Every server that a load balancer saw is an episode.</summary>
    public override void End()
    {
        if (!Training)
        {
            return;
        }

        List<EpisodeRecord> episodes = [];
        foreach (Member balancer in _balancers)
        {
            for (int server = 0; balancer.Steps > 0 && server < balancer.Servers; server++)
            {
                EpisodeRecord episode = balancer.Record(server, FeaturesPerMember);
                Normaliser.Add(episode.Features);
                episodes.Add(episode);
            }
        }

        _lastReward = episodes.Average(episode => episode.Rewards.Average());
        Replay.Add(episodes);
    }

    public override void Take(IReadOnlyList<EpisodePart> parts) => throw new NotSupportedException("its episodes come by End alone");

    protected override EpisodePart Finish(int member) => throw new NotSupportedException("its episodes come by End alone");

    protected override void Begin(ulong episode, ActionMode mode)
    {
        _mode = mode;
        foreach (Member balancer in _balancers)
        {
            balancer.Begin(episode);
        }
    }

    protected override void Act() => throw new NotSupportedException("load balancers decide one by one");

    protected override void Observe(int member, LoadBalancerObservation observation)
    {
        Member balancer = _balancers[member];
        if (balancer.Servers != observation.Servers)
        {
            balancer.Resize(
                observation.Servers, FeaturesPerMember,
                new RecurrentPolicy(_learner.ActorNet, _kernel, observation.Servers, FeaturesPerMember, Options.Levels.Count));
        }

        ServerFeatures.Fill(Options.Observation, observation, balancer.Raw);
        for (int server = 0; server < observation.Servers; server++)
        {
            double rate = observation.Capacities[server].Rate;
            balancer.Bases[server] = rate > 0 ? Math.Pow(rate, Options.CapacityShare) : 1;
        }

        if (!Training)
        {
            return;
        }

        balancer.Features.AddRange(balancer.Raw);
        if (observation.Moment > 0)
        {
            ServerReward.Fill(observation, Options.Reward.Statistic, balancer.Rewarded);
            balancer.Rewards.AddRange(balancer.Rewarded);
        }
    }

    protected override void Decide(int member, Span<float> weights)
    {
        Member balancer = _balancers[member];
        int levels = Options.Levels.Count;
        if (_mode != ActionMode.Random)
        {
            balancer.Policy!.Step(_learner.Actor.Parameters, balancer.Raw, Normaliser);
        }

        for (int server = 0; server < weights.Length; server++)
        {
            double hold = balancer.Draws.NextDouble(), draw = balancer.Draws.NextDouble();
            if (!Training || balancer.IsFirst || hold >= Options.Hold)
            {
                balancer.Chosen[server] = _mode == ActionMode.Random
                    ? (int)(draw * levels)
                    : Categorical.Decide(balancer.Policy!.Outputs(server), _mode == ActionMode.Sample, draw, _scratch).Choice;
            }

            double level = _mode == ActionMode.Greedy ? MeanLevel() : Options.Levels[(int)balancer.Chosen[server]];
            weights[server] = (float)(balancer.Bases[server] * level);
        }

        balancer.IsFirst = false;
        balancer.Policy!.Remember(balancer.Chosen);
        if (Training)
        {
            balancer.Actions.AddRange(balancer.Chosen);
        }
    }

    /// <summary>The geometric mean of the levels, by the probabilities whose logarithms were computed last.</summary>
    private double MeanLevel()
    {
        double mean = 0;
        for (int level = 0; level < _scratch.Length; level++)
        {
            mean += Math.Exp(_scratch[level]) * _logarithms[level];
        }

        return Math.Exp(mean);
    }

    /// <summary>One load balancer in an episode; all arrays are of its servers.</summary>
    private sealed class Member(RandomStream draws)
    {
        public RandomStream Draws => draws;

        public int Servers { get; private set; }

        public RecurrentPolicy? Policy { get; private set; }

        public float[] Raw { get; private set; } = [];

        /// <summary>Indices of levels.</summary>
        public float[] Chosen { get; private set; } = [];

        public float[] Rewarded { get; private set; } = [];

        /// <summary>What the levels multiply.</summary>
        public double[] Bases { get; private set; } = [];

        public List<float> Features { get; } = [];

        public List<float> Actions { get; } = [];

        public List<float> Rewards { get; } = [];

        public bool IsFirst { get; set; }

        /// <summary>Decisions whose consequence was seen.</summary>
        public int Steps => Servers == 0 ? 0 : Rewards.Count / Servers;

        public void Begin(ulong episode)
        {
            draws.MoveTo(episode);
            IsFirst = true;
            Policy?.Reset();
            Features.Clear();
            Actions.Clear();
            Rewards.Clear();
        }

        public void Resize(int servers, int features, RecurrentPolicy policy)
        {
            (Servers, Policy) = (servers, policy);
            Raw = new float[servers * features];
            Chosen = new float[servers];
            Rewarded = new float[servers];
            Bases = new double[servers];
            policy.Reset();
        }

        public EpisodeRecord Record(int server, int width)
        {
            int steps = Steps;
            float[] features = new float[(steps + 1) * width], actions = new float[steps], rewards = new float[steps];
            for (int step = 0; step <= steps; step++)
            {
                Features.CopyTo((step * Servers + server) * width, features, step * width, width);
                if (step < steps)
                {
                    (actions[step], rewards[step]) = (Actions[step * Servers + server], Rewards[step * Servers + server]);
                }
            }

            return new EpisodeRecord(steps, features, actions, rewards);
        }
    }
}
