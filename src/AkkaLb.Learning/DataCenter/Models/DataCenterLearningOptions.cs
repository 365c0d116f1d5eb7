using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Fairness;
using AkkaLb.Learning.DataCenter.Rewards;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>Who learns, and what.</summary>
public enum DataCenterMethod
{
    /// <summary>Distr-LB: every load balancer is a recurrent soft actor-critic of its own; nothing is shared.</summary>
    DistrLb,

    /// <summary>Centr-LB: one recurrent soft actor-critic observes all load balancers and decides for all.</summary>
    CentrLb,

    /// <summary>
    /// QMix-LB: the load balancers decide with one shared net, learnt in a centre from a mixed value of all their decisions.
    /// </summary>
    QMixLb,

    /// <summary>RLB-SAC: every load balancer is a soft actor-critic of its own, without memory and with continuous weights.</summary>
    RlbSac,
}

/// <summary>What of a load balancer's observation an agent is shown.</summary>
public enum ObservationLayout
{
    /// <summary>All 11 N + 5 features.</summary>
    Paper,

    /// <summary>6 N features: open connections and the statistics of task durations, as in the published code.</summary>
    Released,

    /// <summary>5 N features: the statistics of task durations.</summary>
    Durations,
}

/// <summary>What one net sees and decides for.</summary>
public enum BalancingNet
{
    /// <summary>All servers at once, whose number is fixed.</summary>
    Joint,

    /// <summary>One server. The same net for every server and load balancer, so that their numbers are free.</summary>
    PerServer,
}

/// <summary>How rewards are brought to a common scale before learning.</summary>
public enum RewardStandardisation
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>By the mean and deviation of all rewards in the replay.</summary>
    Running,

    /// <summary>
    /// By the mean and deviation of the replay's rewards of the same step of their episodes, which removes what all episodes share.
    /// </summary>
    TimeIndex,
}

/// <summary>Everything that defines the training of data-centre learners. The defaults are Distr-LB's.</summary>
public sealed record DataCenterLearningOptions
{
    public DataCenterMethod Method { get; init; } = DataCenterMethod.DistrLb;

    public BalancingNet Net { get; init; } = BalancingNet.Joint;

    /// <summary>
    /// With a net per server: weights are levels times this power, in [0, 1], of the server's capacity as the load balancer estimates it.
    /// 0: levels alone.
    /// </summary>
    public double CapacityShare { get; init; } = 1;

    public ObservationLayout Observation { get; init; } = ObservationLayout.Released;

    /// <summary>Features are shown with the mean and deviation of all training episodes removed; otherwise raw.</summary>
    public bool NormaliseObservations { get; init; } = true;

    public RewardOptions Reward { get; init; } = new() { Form = RewardForm.WithLogarithm };

    public RewardStandardisation RewardStandardisation { get; init; } = RewardStandardisation.TimeIndex;

    /// <summary>The weights that a server can be given, at least 2, all positive. Published: 1, 1.5, 2.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [1, 1.5, 2];

    /// <summary>
    /// Probability in [0, 1) that a decision for a server is kept for another step of a training episode instead of drawn anew: what lasts
    /// for some steps shows its effect in rewards that are slow and noisy. Never in evaluation. 0: every decision is drawn.
    /// </summary>
    public double Hold { get; init; } = 0.7;

    /// <summary>Episodes to train, ≥ 1.</summary>
    public int Episodes { get; init; } = 200;

    /// <summary>Episodes at the start with uniformly random decisions and without updates, ≥ 2.</summary>
    public int WarmUpEpisodes { get; init; } = 10;

    /// <summary>Gradient steps after each later episode, ≥ 0.</summary>
    public int UpdatesPerEpisode { get; init; } = 10;

    /// <summary>Sequences in a gradient step, ≥ 1.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Steps of a sequence that are learnt from, ≥ 1; 0: whole episodes.</summary>
    public int SequenceLength { get; init; } = 30;

    /// <summary>Steps before them that only bring the recurrent state up to date, ≥ 0.</summary>
    public int BurnIn { get; init; }

    /// <summary>Episodes that are remembered, ≥ 2.</summary>
    public int ReplayEpisodes { get; init; } = 500;

    /// <summary>Width of all hidden layers, 2 … 1024.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>γ in [0, 1).</summary>
    public double Discount { get; init; } = 0.95;

    /// <summary>Adam's rate for actor, critics and temperature, &gt; 0.</summary>
    public double LearningRate { get; init; } = 7e-4;

    /// <summary>
    /// Learning rates of nets fall linearly over the updates, from their values to this share of them, in [0, 1]; 1: constant.
    /// </summary>
    public double AnnealTo { get; init; } = 0.1;

    /// <summary>
    /// λ in [0, 1]: values are learnt towards the mean of all n-step returns with weights (1 − λ)λⁿ⁻¹ (Peng's Q(λ), no correction for what
    /// the policy has become since). 0: one step.
    /// </summary>
    public double Lambda { get; init; } = 0.8;

    /// <summary>Share of the way that target nets go to the trained ones after a step, in (0, 1].</summary>
    public double TargetShare { get; init; } = 0.01;

    /// <summary>Target entropy of a head as a share of ln(levels), in [0, 1]. RLB-SAC: minus this many nats for each server.</summary>
    public double TargetEntropy { get; init; } = 0.8;

    /// <summary>Temperature α at the start, and its bounds; 0 &lt; min ≤ start ≤ max.</summary>
    public double InitialTemperature { get; init; } = 0.2;

    public double MinTemperature { get; init; } = 1e-4;

    public double MaxTemperature { get; init; } = 10;

    /// <summary>
    /// QMix-LB: where the share of random decisions, which falls from 1 over the first half of the episodes, stays; in [0, 1].
    /// </summary>
    public double FinalEpsilon { get; init; } = 0.05;

    /// <summary>
    /// As the published code: the actor's loss takes a drawn decision whose value has no gradient, and a target entropy of −1 (Distr-LB,
    /// Centr-LB); values are softmaxed and decisions drawn from them (QMix-LB). For comparison.
    /// </summary>
    public bool Reference { get; init; }

    /// <summary>Largest norm of a net's gradient, &gt; 0.</summary>
    public double GradientNorm { get; init; } = 10;

    /// <summary>Adam's constants: 0 ≤ β &lt; 1, ε &gt; 0.</summary>
    public double AdamBeta1 { get; init; } = 0.9;

    public double AdamBeta2 { get; init; } = 0.999;

    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Factor on the learning rates after so many gradient steps.</summary>
    internal double RateShare(long updates)
    {
        double all = Math.Max(1.0, (double)(Episodes - WarmUpEpisodes) * UpdatesPerEpisode);
        return 1 - (1 - AnnealTo) * Math.Min(1, updates / all);
    }

    /// <summary>QMix-LB's share of random decisions in a training episode.</summary>
    internal double Epsilon(long episode) => Math.Max(FinalEpsilon, 1 - (1 - FinalEpsilon) * episode / (0.5 * Episodes));

    /// <exception cref="InvalidInputException">An option is out of its range; the message names every such option.</exception>
    public void Validate()
    {
        List<string> errors = [];
        Check(Levels.Count >= 2 && Levels.All(level => level > 0 && double.IsFinite(level)),
            "levels: expected two or more positive numbers");
        Check(Net == BalancingNet.Joint || Method == DataCenterMethod.DistrLb, "a net per server: expected method Distr-LB");
        Check(CapacityShare is >= 0 and <= 1, $"capacity share is {CapacityShare}, expected 0 … 1");
        Check(Hold is >= 0 and < 1, $"hold is {Hold}, expected 0 … less than 1");
        Check(Episodes >= 1, $"episodes is {Episodes}, expected 1 or more");
        Check(WarmUpEpisodes >= 2, $"warm-up episodes is {WarmUpEpisodes}, expected 2 or more");
        Check(UpdatesPerEpisode >= 0, $"updates per episode is {UpdatesPerEpisode}, expected 0 or more");
        Check(Batch >= 1, $"batch is {Batch}, expected 1 or more");
        Check(SequenceLength >= 0, $"sequence length is {SequenceLength}, expected 0 or more");
        Check(BurnIn >= 0, $"burn-in is {BurnIn}, expected 0 or more");
        Check(ReplayEpisodes >= 2, $"replay episodes is {ReplayEpisodes}, expected 2 or more");
        Check(Hidden is >= 2 and <= 1024, $"hidden is {Hidden} wide, expected 2 … 1024");
        Check(Discount is >= 0 and < 1, $"discount is {Discount}, expected 0 … less than 1");
        Check(LearningRate > 0, $"learning rate is {LearningRate}, expected more than 0");
        Check(AnnealTo is >= 0 and <= 1, $"anneal to is {AnnealTo}, expected 0 … 1");
        Check(Lambda is >= 0 and <= 1, $"lambda is {Lambda}, expected 0 … 1");
        Check(TargetShare is > 0 and <= 1, $"target share is {TargetShare}, expected more than 0 … 1");
        Check(TargetEntropy is >= 0 and <= 1, $"target entropy is {TargetEntropy}, expected 0 … 1");
        Check(MinTemperature > 0 && InitialTemperature >= MinTemperature && MaxTemperature >= InitialTemperature,
            $"temperatures are {MinTemperature}, {InitialTemperature}, {MaxTemperature}, expected 0 < min ≤ initial ≤ max");
        Check(FinalEpsilon is >= 0 and <= 1, $"final epsilon is {FinalEpsilon}, expected 0 … 1");
        Check(GradientNorm > 0, $"gradient norm is {GradientNorm}, expected more than 0");
        Check(AdamBeta1 is >= 0 and < 1 && AdamBeta2 is >= 0 and < 1, $"adam betas are {AdamBeta1}, {AdamBeta2}, expected 0 ≤ β < 1");
        Check(AdamEpsilon > 0, $"adam epsilon is {AdamEpsilon}, expected more than 0");
        Check(Reward.Epsilon > 0, $"reward epsilon is {Reward.Epsilon}, expected more than 0");
        Check(Reward.Form == RewardForm.Plain || Reward.Measure is not (FairnessMeasure.Product or FairnessMeasure.RatioProduct),
            $"reward form {Reward.Form}: expected a measure of at most 0: variance, makespan or Jain");
        if (errors.Count > 0)
        {
            throw new InvalidInputException($"learning options: {string.Join("; ", errors)}");
        }

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }
    }
}
