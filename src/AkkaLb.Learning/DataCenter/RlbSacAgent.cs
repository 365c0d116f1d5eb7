using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter;

/// <summary>RLB-SAC's agent: one load balancer, no memory, weights 1 + tanh(·) between 0 and 2.</summary>
internal sealed unsafe class RlbSacAgent : BalancingAgent
{
    /// <summary>Weights are at least this, as the dispatch rule divides by them.</summary>
    private const float LeastWeight = 1e-3f;

    private readonly RlbSacLearner _learner;
    private readonly RandomStream _draws;
    private readonly AlignedBuffer _input, _hidden, _policy;
    private ActionMode _mode;

    public RlbSacAgent(DataCenterLearningOptions options, string name, int servers, ulong seed, WorkerTeam team, Kernel kernel)
        : base(options, options.Observation, name, 1, servers)
    {
        _learner = new RlbSacLearner(options, name, FeaturesPerMember, servers, seed, team, kernel);
        _draws = new RandomStream(seed, $"{name}/actions");
        _input = new AlignedBuffer(FeaturesPerMember);
        _hidden = new AlignedBuffer(_learner.HiddenWidth);
        _policy = new AlignedBuffer(2 * servers);
    }

    internal RlbSacLearner Learner => _learner;

    public override IReadOnlyList<TrainedNet> Nets => [_learner.Actor, .. _learner.Critics];

    public override double[] State => _learner.Temperature.State;

    public override LearnerStatistics Learn()
    {
        LearnerStatistics learnt = _learner.Learn(Replay, Normaliser, Updates, Options.UpdatesPerEpisode);
        Updates += Options.UpdatesPerEpisode;
        return learnt;
    }

    protected override void Begin(ulong episode, ActionMode mode)
    {
        _mode = mode;
        _draws.MoveTo(episode);
    }

    protected override void Act()
    {
        if (_mode == ActionMode.Random)
        {
            foreach (ref float action in Actions.AsSpan())
            {
                action = (float)(2 * _draws.NextDouble() - 1);
            }

            return;
        }

        Normaliser.Normalise(RawFeatures, _input.Span[..FeaturesPerMember]);
        _learner.Policy(_input.Pointer, _hidden.Pointer, _policy.Pointer);
        for (int server = 0; server < Servers; server++)
        {
            double noise = _draws.NextGaussian();
            Actions[server] = TanhGaussian.Action(
                _policy.Span[server], _policy.Span[Servers + server], _mode == ActionMode.Sample ? noise : 0);
        }
    }

    protected override float Weight(float action) => Math.Max(1 + action, LeastWeight);
}
