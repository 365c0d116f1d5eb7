using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>RLB-SAC's agent: one load balancer, no memory, weights 1 + tanh(·) between 0 and 2.</summary>
internal sealed unsafe class RlbSacAgent : BalancingAgent
{
    /// <summary>Weights are at least this, as the dispatch rule divides by them.</summary>
    private const float LeastWeight = 1e-3f;

    private readonly RlbSacLearner _learner;
    private readonly RandomStream _draws;
    private readonly AlignedBuffer _input, _hidden, _policy;
    private ActionMode _mode;
    private bool _first;

    public RlbSacAgent(
        DataCenterLearningOptions options, string name, int servers, int episodeSteps, ulong seed, WorkerTeam team, Kernel kernel,
        LearningBackend? backend = null)
        : base(options, options.Observation, name, 1, servers)
    {
        _learner = new RlbSacLearner(options, name, FeaturesPerMember, servers, episodeSteps, seed, team, kernel, backend);
        _draws = new RandomStream(seed, $"{name}/actions");
        _input = new AlignedBuffer(FeaturesPerMember);
        _hidden = new AlignedBuffer(_learner.HiddenWidth);
        _policy = new AlignedBuffer(2 * servers);
    }

    internal RlbSacLearner Learner => _learner;

    public override IReadOnlyList<TrainedNet> Nets => [_learner.Actor, .. _learner.Critics];

    public override double[] State => _learner.Temperature.State;

    protected override LearnerStatistics Learn(int updates) => _learner.Learn(Replay, Normaliser, Updates, updates);

    protected override void Begin(ulong episode, ActionMode mode)
    {
        (_mode, _first) = (mode, true);
        _draws.MoveTo(episode);
    }

    protected override void Act()
    {
        if (_mode != ActionMode.Random)
        {
            Normaliser.Normalise(RawFeatures, _input.Span[..FeaturesPerMember]);
            _learner.Policy(_input.Pointer, _hidden.Pointer, _policy.Pointer);
        }

        for (int server = 0; server < Servers; server++)
        {
            double hold = _draws.NextDouble(), uniform = _draws.NextDouble(), noise = _draws.NextGaussian();
            if (Training && !_first && hold < Options.Hold)
            {
                continue;
            }

            Actions[server] = _mode == ActionMode.Random
                ? (float)(2 * uniform - 1)
                : TanhGaussian.Action(_policy.Span[server], _policy.Span[Servers + server], _mode == ActionMode.Sample ? noise : 0);
        }

        _first = false;
    }

    protected override float Weight(float action) => Math.Max(1 + action, LeastWeight);
}
