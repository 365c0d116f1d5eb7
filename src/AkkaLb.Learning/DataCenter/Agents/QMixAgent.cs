using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>
/// QMix-LB's team: each load balancer decides from its own observations with the shared net, ε-greedily while it learns, and a centre
/// learns from all trajectories.
/// </summary>
internal sealed unsafe class QMixAgent : BalancingAgent
{
    private readonly QMixLearner _learner;
    private readonly RecurrentPolicy _policy;
    private readonly RandomStream _draws;
    private readonly double[] _probabilities;
    private double _randomShare;
    private bool _drawsFromValues;

    public QMixAgent(
        DataCenterLearningOptions options, string name, int members, int servers, int episodeSteps, ulong seed, WorkerTeam team,
        Kernel kernel, LearningBackend? backend = null)
        : base(options, options.Observation, name, members, servers, sharedNet: true)
    {
        _learner = new QMixLearner(options, name, members, FeaturesPerMember, servers, episodeSteps, seed, team, kernel, backend);
        _policy = new RecurrentPolicy(_learner.Net, kernel, members, FeaturesPerMember, options.Levels.Count);
        _draws = new RandomStream(seed, $"{name}/actions");
        _probabilities = new double[options.Levels.Count];
    }

    internal QMixLearner Learner => _learner;

    public override IReadOnlyList<TrainedNet> Nets => [_learner.Agent, _learner.Mixer];

    protected override bool DecidesApart => true;

    public override CentralTraffic Traffic(int steps) => new(
        ((steps + 1L) * RawFeatures.Length + (long)steps * Actions.Length) * sizeof(float), 0,
        (long)Members * _learner.Agent.Layout.Length * sizeof(float));

    protected override LearnerStatistics Learn(int updates) => _learner.Learn(Replay, Normaliser, Updates, updates);

    protected override void Begin(ulong episode, ActionMode mode)
    {
        _drawsFromValues = Options.Reference && mode != ActionMode.Greedy;
        _randomShare = mode switch
        {
            ActionMode.Random => 1,
            ActionMode.Greedy => 0,
            _ when Options.Reference => 0,
            _ => Training ? Options.Epsilon((long)episode) : Options.FinalEpsilon,
        };
        _draws.MoveTo(episode);
        _policy.Reset();
    }

    protected override void Act()
    {
        int levels = Options.Levels.Count;
        _policy.Step(_learner.Agent.Parameters, RawFeatures, Normaliser);
        for (int i = 0; i < Actions.Length; i++)
        {
            double chance = _draws.NextDouble(), draw = _draws.NextDouble();
            Actions[i] = chance < _randomShare
                ? (int)(draw * levels)
                : Choose(_policy.Outputs(i / Servers).Slice(i % Servers * levels, levels), draw);
        }

        _policy.Remember(Actions);
    }

    private int Choose(ReadOnlySpan<float> values, double draw)
    {
        if (!_drawsFromValues)
        {
            return QMixLearner.Best(values);
        }

        QMixLearner.Softmax(values, _probabilities);
        return Categorical.Draw(_probabilities, draw);
    }
}
