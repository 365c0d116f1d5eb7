using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter;

/// <summary>
/// QMix-LB's team: each load balancer decides from its own observations with the shared net, ε-greedily while it learns, and a centre
/// learns from all trajectories.
/// </summary>
internal sealed unsafe class QMixAgent : BalancingAgent
{
    private readonly QMixLearner _learner;
    private readonly RecurrentPolicy _policy;
    private readonly RandomStream _draws;
    private double _randomShare;

    public QMixAgent(
        DataCenterLearningOptions options, string name, int members, int servers, int episodeSteps, ulong seed, WorkerTeam team, Kernel kernel)
        : base(options, options.Observation, name, members, servers, sharedNet: true)
    {
        _learner = new QMixLearner(options, name, members, FeaturesPerMember, servers, episodeSteps, seed, team, kernel);
        _policy = new RecurrentPolicy(_learner.Net, kernel, members, FeaturesPerMember, options.Levels.Count);
        _draws = new RandomStream(seed, $"{name}/actions");
    }

    internal QMixLearner Learner => _learner;

    public override IReadOnlyList<TrainedNet> Nets => [_learner.Agent, _learner.Mixer];

    public override CentralTraffic Traffic(int steps) => new(
        ((steps + 1L) * RawFeatures.Length + (long)steps * Actions.Length) * sizeof(float), 0, (long)Members * _learner.Agent.Layout.Length * sizeof(float));

    public override LearnerStatistics Learn()
    {
        LearnerStatistics learnt = _learner.Learn(Replay, Normaliser, Updates, Options.UpdatesPerEpisode);
        Updates += Options.UpdatesPerEpisode;
        return learnt;
    }

    protected override void Begin(ulong episode, ActionMode mode)
    {
        _randomShare = mode switch
        {
            ActionMode.Random => 1,
            ActionMode.Greedy => 0,
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
                : QMixLearner.Best(_policy.Outputs(i / Servers).Slice(i % Servers * levels, levels));
        }

        _policy.Remember(Actions);
    }
}
