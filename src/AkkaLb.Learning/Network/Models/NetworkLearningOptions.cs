using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Rewards;

namespace AkkaLb.Learning.Network.Models;

/// <summary>Who decides in a horizon.</summary>
public enum NetworkMethod
{
    /// <summary>One categorical over all (agent, action) pairs; a single agent acts in a horizon.</summary>
    Maroh,

    /// <summary>A categorical per agent; all agents act in every horizon.</summary>
    Samaroh,
}

/// <summary>
/// How hidden states become logits (specification sections 0.8, 2.4 and 11 B1). Message and update nets are always shared.
/// </summary>
public enum ReadoutMode
{
    /// <summary>Every link has its own readout net, which tells symmetric links apart.</summary>
    PerAgent,

    /// <summary>All links share one readout net, as the paper words it.</summary>
    Shared,

    /// <summary>
    /// The published code: one shared net, and with SAMAROH its [N, A] output reshaped to [A, N] without a transpose, so that most agents
    /// decide on other agents' outputs. With MAROH this is the same as <see cref="Shared"/>.
    /// </summary>
    Reference,
}

/// <summary>How an agent makes one hidden state of its neighbours' (specification sections 2.4 and 2.6).</summary>
public enum ActorArchitecture
{
    /// <summary>Message and update nets; extrema over the messages.</summary>
    MessagePassing,

    /// <summary>
    /// Layers of graph attention over the senders and the agent itself. There are no kernels for it: it needs a backend that has it, and
    /// it plays on the batched trainer only. The critic passes messages in both cases.
    /// </summary>
    Attention,
}

/// <summary>What a decision's advantage consists of.</summary>
public enum CreditAssignment
{
    /// <summary>The team's advantage, the same for all agents of a horizon.</summary>
    Team,

    /// <summary>
    /// What the agent's own action changed in the objective, now and later, all others acting as they did
    /// (<see cref="CounterfactualCredits"/>). Needs no critic.
    /// </summary>
    Counterfactual,
}

/// <summary>What the reward is computed from, after every horizon.</summary>
public enum RewardMeasure
{
    /// <summary>Φ, or the objective that takes its place.</summary>
    Phi,

    /// <summary>Largest utilisation.</summary>
    MaxUtilisation,

    /// <summary>Largest minus least utilisation.</summary>
    UtilisationRange,

    /// <summary>Mean utilisation.</summary>
    MeanUtilisation,

    /// <summary>Population standard deviation of the utilisations.</summary>
    UtilisationDeviation,

    /// <summary>Mean times standard deviation.</summary>
    MeanTimesDeviation,
}

/// <summary>How the measure m becomes a reward.</summary>
public enum RewardComputation
{
    /// <summary>m(t−1) − m(t).</summary>
    Change,

    /// <summary>−m(t).</summary>
    Value,

    /// <summary>Change, plus max(0, (0.1 − m)/(0.1 + m)) when m has fallen.</summary>
    ChangeWithBonus,
}

/// <summary>
/// Everything that defines a MAROH or SAMAROH training run. Defaults are the published values for SAMAROH on the 4-node topology
/// (specification sections 2–4 and 8), but for the readout, the reward scale and the entropy coefficient.
/// </summary>
public sealed record NetworkLearningOptions
{
    public NetworkMethod Method { get; init; } = NetworkMethod.Samaroh;

    public ReadoutMode Readout { get; init; } = ReadoutMode.PerAgent;

    public ActorArchitecture Architecture { get; init; } = ActorArchitecture.MessagePassing;

    /// <summary>Heads of each attention layer but the last, which has one; 1 … 64. Published: 2 for MAROH, 20 for SAMAROH.</summary>
    public int AttentionHeads { get; init; } = 2;

    /// <summary>Features of a head, 1 … 512. Published: 128.</summary>
    public int AttentionWidth { get; init; } = 128;

    /// <summary>The running normaliser of specification section 2.2; false feeds raw observations.</summary>
    public bool NormaliseObservations { get; init; } = true;

    /// <summary>What an agent can do to its weight; at least one. The position is the action's index.</summary>
    public IReadOnlyList<WeightAction> Actions { get; init; } = ChannelWeights.PublishedActions;

    /// <summary>
    /// Horizons after which every step of <see cref="Actions"/> is halved, again and again, at most <see cref="WeightAction.MostHalvings"/>
    /// times; 0: never, as published.
    /// </summary>
    public int HalveStepsEvery { get; init; }

    /// <summary>Decisions in an episode, H ≥ 1. Published: SAMAROH 20 / 50 / 100 / 150, MAROH five times as many.</summary>
    public int Horizons { get; init; } = 20;

    /// <summary>Episodes to train, ≥ 1.</summary>
    public int Episodes { get; init; } = 6000;

    /// <summary>Exchanges of hidden states before a decision, K; 0 or less means the diameter of the topology.</summary>
    public int MessageIterations { get; init; } = 2;

    /// <summary>Least initial weight, ≥ 1.</summary>
    public int MinInitialWeight { get; init; } = 1;

    /// <summary>Largest initial weight, ≥ the least one. Equal bounds start every weight there.</summary>
    public int MaxInitialWeight { get; init; } = 1;

    /// <summary>The experience memory of the two-layer methods MAROH-2L and SAMAROH-2L; null: every exchange is made.</summary>
    public ExperienceOptions? Memory { get; init; }

    /// <summary>What an agent's decision is credited with. The published learner knows <see cref="CreditAssignment.Team"/> only.</summary>
    public CreditAssignment Credit { get; init; } = CreditAssignment.Team;

    public RewardMeasure RewardMeasure { get; init; } = RewardMeasure.Phi;

    public RewardComputation RewardComputation { get; init; } = RewardComputation.Change;

    /// <summary>
    /// Factor on every reward, &gt; 0. Published: 1. With Φ the returns are then of the order of 0.01, less than what one optimiser step
    /// changes in the critic, and advantages are mostly that noise. The actor sees normalised advantages, so it does not notice the factor.
    /// </summary>
    public double RewardScale { get; init; } = 100;

    /// <summary>
    /// Share of horizons in which the team samples, in [0, 1]; in the others it takes the likeliest action ("greedy_epsilon").
    /// </summary>
    public double SampleShare { get; init; } = 0.9;

    /// <summary>Discount γ in [0, 1].</summary>
    public double Discount { get; init; } = 0.9;

    /// <summary>λ of generalised advantage estimation, in [0, 1].</summary>
    public double AdvantageLambda { get; init; } = 0.95;

    /// <summary>Episodes per update of the policy, ≥ 1 ("n_without_update").</summary>
    public int EpisodesPerUpdate { get; init; } = 75;

    /// <summary>Passes over the collected transitions, ≥ 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Transitions per optimiser step, ≥ 1.</summary>
    public int MinibatchSize { get; init; } = 25;

    /// <summary>PPO's clip range, &gt; 0.</summary>
    public double Clip { get; init; } = 0.25;

    /// <summary>
    /// Weight of the mean entropy in the loss, ≥ 0. Published: 0.001, with which agents settle before they have tried enough.
    /// </summary>
    public double EntropyCoefficient { get; init; } = 0.01;

    /// <summary>Weight of the critic's mean squared error in the loss, ≥ 0.</summary>
    public double CriticCoefficient { get; init; } = 0.5;

    /// <summary>Largest global norm of the joint gradient of actor and critic, &gt; 0.</summary>
    public double GradientNorm { get; init; } = 1.0;

    /// <summary>&gt; 0. Published: 1.5e-4, 3e-5 on GÉANT.</summary>
    public double ActorLearningRate { get; init; } = 1.5e-4;

    /// <summary>&gt; 0. Published: 8.5e-4, 1.7e-4 on GÉANT.</summary>
    public double CriticLearningRate { get; init; } = 8.5e-4;

    /// <summary>
    /// Learning rates and entropy coefficient fall linearly over the episodes, from their values to this share of them, in [0, 1].
    /// Published: 1, constant.
    /// </summary>
    public double AnnealTo { get; init; } = 1;

    /// <summary>Adam's β1 in [0, 1).</summary>
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>Adam's β2 in [0, 1).</summary>
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>&gt; 0.</summary>
    public double AdamEpsilon { get; init; } = 1e-5;

    /// <summary>Width of a hidden state, D, 2 … 512.</summary>
    public int HiddenState { get; init; } = 16;

    /// <summary>Width of the first hidden layer of the update, readout and critic nets, 1 … 512.</summary>
    public int WideLayer { get; init; } = 128;

    /// <summary>Width of the message net's hidden layer and of the second hidden layer of the other nets, 1 … 512.</summary>
    public int NarrowLayer { get; init; } = 64;

    /// <summary>How often steps have been halved in a horizon.</summary>
    public int Halvings(int horizon) =>
        HalveStepsEvery == 0 ? 0 : Math.Min(horizon / HalveStepsEvery, WeightAction.MostHalvings);

    /// <summary>
    /// The weights that every episode starts from: one draw, the same in every episode and run. For the <see cref="NetworkScenario"/>.
    /// </summary>
    public double[] InitialWeights(Topology topology) =>
        ChannelWeights.Draw(topology, MinInitialWeight, MaxInitialWeight, new RandomStream(1, "initial-weights"));

    /// <exception cref="InvalidInputException">An option is out of its range; the message names every such option.</exception>
    public void Validate()
    {
        List<string> errors = [];
        Check(Actions.Count >= 1, "actions: expected at least one");
        Check(HalveStepsEvery >= 0, $"halve steps every is {HalveStepsEvery}, expected 0 or more");
        Check(Horizons >= 1, $"horizons is {Horizons}, expected 1 or more");
        Check(Episodes >= 1, $"episodes is {Episodes}, expected 1 or more");
        Check(MinInitialWeight >= 1 && MaxInitialWeight >= MinInitialWeight,
            $"initial weights are {MinInitialWeight} … {MaxInitialWeight}, expected 1 ≤ min ≤ max");
        Check(RewardScale > 0, $"reward scale is {RewardScale}, expected more than 0");
        Check(SampleShare is >= 0 and <= 1, $"sample share is {SampleShare}, expected 0 … 1");
        Check(Discount is >= 0 and <= 1, $"discount is {Discount}, expected 0 … 1");
        Check(AdvantageLambda is >= 0 and <= 1, $"advantage lambda is {AdvantageLambda}, expected 0 … 1");
        Check(EpisodesPerUpdate >= 1, $"episodes per update is {EpisodesPerUpdate}, expected 1 or more");
        Check(Epochs >= 1, $"epochs is {Epochs}, expected 1 or more");
        Check(MinibatchSize >= 1, $"minibatch size is {MinibatchSize}, expected 1 or more");
        Check(Clip > 0, $"clip is {Clip}, expected more than 0");
        Check(EntropyCoefficient >= 0, $"entropy coefficient is {EntropyCoefficient}, expected 0 or more");
        Check(CriticCoefficient >= 0, $"critic coefficient is {CriticCoefficient}, expected 0 or more");
        Check(GradientNorm > 0, $"gradient norm is {GradientNorm}, expected more than 0");
        Check(ActorLearningRate > 0, $"actor learning rate is {ActorLearningRate}, expected more than 0");
        Check(CriticLearningRate > 0, $"critic learning rate is {CriticLearningRate}, expected more than 0");
        Check(AnnealTo is >= 0 and <= 1, $"anneal to is {AnnealTo}, expected 0 … 1");
        if (Credit == CreditAssignment.Counterfactual)
        {
            Check(Method == NetworkMethod.Samaroh, "method samaroh-cf: expected that every agent acts");
            Check(Actions.All(action => action.Change is WeightChange.Multiply or WeightChange.Divide or WeightChange.Keep),
                "method samaroh-cf: expected actions that multiply, divide or keep the weight, 'add' and 'subtract' off");
            Check(RewardMeasure == RewardMeasure.Phi && RewardComputation == RewardComputation.Change,
                "method samaroh-cf: expected 'reward' phi and 'reward-computation' change");
        }

        Check(Architecture == ActorArchitecture.MessagePassing || Memory is null, "attention: expected a method without memory");
        Check(AttentionHeads is >= 1 and <= 64, $"attention heads is {AttentionHeads}, expected 1 … 64");
        Check(AttentionWidth is >= 1 and <= 512, $"attention is {AttentionWidth} wide, expected 1 … 512");
        foreach (string problem in Memory?.Problems() ?? [])
        {
            errors.Add(problem);
        }

        Check(Memory is null || Readout != ReadoutMode.Reference || Memory.Switching == LayerSwitching.Team,
            "memory switching is per agent, expected team with the reference readout, where agents decide on each other's outputs");
        Check(AdamBeta1 is >= 0 and < 1 && AdamBeta2 is >= 0 and < 1, $"adam betas are {AdamBeta1}, {AdamBeta2}, expected 0 ≤ β < 1");
        Check(AdamEpsilon > 0, $"adam epsilon is {AdamEpsilon}, expected more than 0");
        Check(HiddenState is >= 2 and <= 512, $"hidden state is {HiddenState} wide, expected 2 … 512");
        Check(WideLayer is >= 1 and <= 512, $"wide layer is {WideLayer} wide, expected 1 … 512");
        Check(NarrowLayer is >= 1 and <= 512, $"narrow layer is {NarrowLayer} wide, expected 1 … 512");
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
