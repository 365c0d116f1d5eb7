using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>Distr-LB's agent (one member), or Centr-LB's (all load balancers as one: joint observation, joint action).</summary>
internal sealed unsafe class SacGruAgent : BalancingAgent
{
    private readonly SacGruLearner _learner;
    private readonly RecurrentPolicy _policy;
    private readonly RandomStream _draws;
    private readonly double[] _scratch;
    private ActionMode _mode;
    private bool _first;

    public SacGruAgent(
        DataCenterLearningOptions options, string name, int members, int servers, int episodeSteps, ulong seed, WorkerTeam team,
        Kernel kernel, LearningBackend? backend = null)
        : base(options, options.Observation, name, members, servers)
    {
        int features = members * FeaturesPerMember;
        _learner = new SacGruLearner(options, name, features, members * servers, episodeSteps, seed, team, kernel, backend);
        _policy = new RecurrentPolicy(_learner.ActorNet, kernel, 1, features, options.Levels.Count);
        _draws = new RandomStream(seed, $"{name}/actions");
        _scratch = new double[options.Levels.Count];
    }

    internal SacGruLearner Learner => _learner;

    public override IReadOnlyList<TrainedNet> Nets => [_learner.Actor, .. _learner.Critics];

    public override double[] State => _learner.Temperature.State;

    protected override LearnerStatistics Learn(int updates) => _learner.Learn(Replay, Normaliser, Updates, updates);

    public override CentralTraffic Traffic(int steps) => Members == 1
        ? default
        : new CentralTraffic((steps + 1L) * RawFeatures.Length * sizeof(float), (long)steps * Actions.Length * sizeof(float), 0);

    protected override void Begin(ulong episode, ActionMode mode)
    {
        (_mode, _first) = (mode, true);
        _draws.MoveTo(episode);
        _policy.Reset();
    }

    protected override void Act()
    {
        int levels = Options.Levels.Count;
        if (_mode != ActionMode.Random)
        {
            _policy.Step(_learner.Actor.Parameters, RawFeatures, Normaliser);
        }

        for (int head = 0; head < Actions.Length; head++)
        {
            double hold = _draws.NextDouble(), draw = _draws.NextDouble();
            if (Training && !_first && hold < Options.Hold)
            {
                continue;
            }

            Actions[head] = _mode == ActionMode.Random
                ? (int)(draw * levels)
                : Categorical.Decide(_policy.Outputs(0).Slice(head * levels, levels), _mode == ActionMode.Sample, draw, _scratch).Choice;
        }

        _first = false;
        _policy.Remember(Actions);
    }
}
