using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter;

/// <summary>Distr-LB's agent (one member), or Centr-LB's (all load balancers as one: joint observation, joint action).</summary>
internal sealed unsafe class SacGruAgent : BalancingAgent
{
    private readonly SacGruLearner _learner;
    private readonly RecurrentPolicy _policy;
    private readonly RandomStream _draws;
    private readonly double[] _scratch;
    private ActionMode _mode;

    public SacGruAgent(
        DataCenterLearningOptions options, string name, int members, int servers, int episodeSteps, ulong seed, WorkerTeam team, Kernel kernel)
        : base(options, options.Observation, name, members, servers)
    {
        int features = members * FeaturesPerMember;
        _learner = new SacGruLearner(options, name, features, members * servers, episodeSteps, seed, team, kernel);
        _policy = new RecurrentPolicy(_learner.ActorNet, kernel, 1, features, options.Levels.Count);
        _draws = new RandomStream(seed, $"{name}/actions");
        _scratch = new double[options.Levels.Count];
    }

    internal SacGruLearner Learner => _learner;

    public override LearnerStatistics Learn() => _learner.Learn(Replay, Normaliser, Options.UpdatesPerEpisode);

    protected override void Begin(ulong episode, ActionMode mode)
    {
        _mode = mode;
        _draws.MoveTo(episode);
        _policy.Reset();
    }

    protected override void Act()
    {
        int levels = Options.Levels.Count;
        if (_mode == ActionMode.Random)
        {
            foreach (ref float action in Actions.AsSpan())
            {
                action = _draws.NextInt32(levels);
            }

            return;
        }

        _policy.Step(_learner.Actor.Parameters, RawFeatures, Normaliser);
        ReadOnlySpan<float> logits = _policy.Outputs(0);
        for (int head = 0; head < Actions.Length; head++)
        {
            Actions[head] = Categorical.Decide(
                logits.Slice(head * levels, levels), _mode == ActionMode.Sample, _draws.NextDouble(), _scratch).Choice;
        }

        _policy.Remember(Actions);
    }
}
