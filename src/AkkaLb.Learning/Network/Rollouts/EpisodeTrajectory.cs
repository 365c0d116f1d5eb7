using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;

namespace AkkaLb.Learning.Network.Rollouts;

/// <summary>
/// One episode as the learner needs it, filled in by whoever runs it: network actor and link agents, or the batched rollout.
/// H horizons, N links; deciders as in <see cref="DecisionLayout"/>.
/// </summary>
public sealed class EpisodeTrajectory
{
    private readonly int _links, _deciders;
    private readonly float[] _observations, _logProbabilities;
    private readonly int[] _choices, _exchanges;

    public EpisodeTrajectory(NetworkModel model, long episode, long policyVersion)
    {
        Model = model;
        Episode = episode;
        PolicyVersion = policyVersion;
        Horizons = model.Options.Horizons;
        _links = model.LinkCount;
        _deciders = model.Decisions.Deciders;
        _observations = new float[(Horizons + 1) * _links * 2];
        _logProbabilities = new float[Horizons * _deciders];
        _choices = new int[Horizons * _deciders];
        _exchanges = new int[Horizons];
        Array.Fill(_exchanges, model.MessageIterations);
        Objective = new double[Horizons + 1];
        Measure = new double[Horizons + 1];
        FinalWeights = new double[_links];
    }

    /// <summary>On the topology that was played.</summary>
    public NetworkModel Model { get; }

    /// <summary>Number of the episode in its run, from 0.</summary>
    public long Episode { get; }

    /// <summary>The policy that acted.</summary>
    public long PolicyVersion { get; }

    public int Horizons { get; }

    /// <summary>Φ (or the objective that takes its place) before the first and after every horizon; H + 1 values.</summary>
    public double[] Objective { get; }

    /// <summary>The reward's measure (<see cref="RewardMeasures"/>) at the same moments.</summary>
    public double[] Measure { get; }

    /// <summary>The weight of every link at the end.</summary>
    public double[] FinalWeights { get; }

    /// <summary>Messages between agents that were really sent for the episode's decisions; H·K·M when every exchange is made.</summary>
    public long MessagesSent { get; set; }

    /// <summary>Messages by which unfamiliar agents asked for those states; 0 where states are sent unasked.</summary>
    public long RequestsSent { get; set; }

    /// <summary>Exchanges that at least one agent made, over all horizons: the published count, H·K when every exchange is made.</summary>
    public long TeamExchanges { get; set; }

    /// <summary>
    /// The same in the learner's passes through the episode: 0 until it is learnt from; then all of them, epochs·H·K, unless the memory
    /// answers recalls too.
    /// </summary>
    public long RecallExchanges { get; set; }

    /// <summary>Φ after the last horizon: the quality of the episode's solution.</summary>
    public double FinalObjective => Objective[Horizons];

    /// <summary>What the policy saw of a link before horizon <paramref name="step"/>, 0 … H: load, weight.</summary>
    public Span<float> Observation(int step, int link) => _observations.AsSpan((step * _links + link) * 2, 2);

    /// <summary>All observations, [H + 1, N, 2].</summary>
    public ReadOnlySpan<float> Observations => _observations;

    /// <summary>Exchanges that at least one agent made in horizon <paramref name="step"/>; K unless set.</summary>
    public ref int Exchanges(int step) => ref _exchanges[step];

    /// <summary>The choices made in horizon <paramref name="step"/>, one per decider.</summary>
    public Span<int> Choices(int step) => _choices.AsSpan(step * _deciders, _deciders);

    /// <summary>Logarithms of the choices' probabilities under the policy that acted.</summary>
    public Span<float> LogProbabilities(int step) => _logProbabilities.AsSpan(step * _deciders, _deciders);

    public void Record(int step, int decider, Decision decision)
    {
        Choices(step)[decider] = decision.Choice;
        LogProbabilities(step)[decider] = decision.LogProbability;
    }
}
