namespace AkkaLb.Learning.Network.Asynchronous;

/// <summary>How agents behave that open their horizons by themselves. Times are virtual, in µs.</summary>
public sealed record AsynchronousOptions
{
    /// <summary>
    /// Change of the own link's utilisation since the last observation that opens a horizon, ≥ 0; 0: every published load does.
    /// </summary>
    public double Threshold { get; init; } = 0.01;

    /// <summary>
    /// Horizons that such a change opens, one after the other, ≥ 1. With 1 the agents stop as soon as their actions alter no load.
    /// </summary>
    public int Burst { get; init; } = 1;

    /// <summary>Least time from a decision to the agent's next horizon, ≥ 0.</summary>
    public long Cooldown { get; init; }

    /// <summary>Horizons that an agent may open after an outside change, ≥ 1.</summary>
    public int Budget { get; init; } = 20;

    /// <summary>
    /// How often agents act after an outside change, ≥ 1: first as told above, then as long as <see cref="LaterBudget"/> allows, always
    /// sampling. More than one where the network goes back to the best weights in between.
    /// </summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Horizons that an agent may open in each round after the first, ≥ 1.</summary>
    public int LaterBudget { get; init; } = 10;

    /// <summary>What logits are divided by in these rounds, &gt; 0; above 1 unlikely actions are tried more often.</summary>
    public double LaterTemperature { get; init; } = 4;

    /// <summary>Share of horizons in which an agent samples, in [0, 1]; in the others it takes its likeliest action.</summary>
    public double SampleShare { get; init; } = 0.9;

    /// <summary>
    /// How far a weight may exceed the least of its node, &gt; 1: an action that would go further leaves it as it is,
    /// and the network keeps a weight that would fall behind the largest of its node as far. What is piled up here
    /// has to be caught up with, action by action, when traffic changes.
    /// </summary>
    public double LargestRatio { get; init; } = 1e100;

    /// <summary>
    /// What an agent takes for weight 1 after an outside change. False: the least weight of its node, so it sees how the node's links
    /// compare. True: its own weight, as if an episode began.
    /// </summary>
    public bool OwnWeightIsOne { get; init; }

    /// <summary>
    /// Null: agents ask their predecessors for the states that they need. Else they send theirs to their successors as soon as they know
    /// them, unasked, and whoever needs a predecessor's next one waits so long at most, in µs, &gt; 0: then it takes the last that it was
    /// sent, which is what it would have been answered.
    /// </summary>
    public long? Patience { get; init; }

    /// <summary>What the Δ of the agents' memories is multiplied by, &gt; 0.</summary>
    public double DeltaFactor { get; init; } = 1;

    /// <summary>
    /// Number of the episode whose random draws are used first; every outside change or round that an agent learns of takes the next.
    /// </summary>
    public long FirstEpisode { get; init; }
}
