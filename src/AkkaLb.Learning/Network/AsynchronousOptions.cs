namespace AkkaLb.Learning.Network;

/// <summary>How agents behave that open their horizons by themselves. Times are virtual, in µs.</summary>
public sealed record AsynchronousOptions
{
    /// <summary>Change of the own link's utilisation since the last observation that opens a horizon, ≥ 0; 0: every published load does.</summary>
    public double Threshold { get; init; } = 0.01;

    /// <summary>Least time from a decision to the agent's next horizon, ≥ 0.</summary>
    public long Cooldown { get; init; }

    /// <summary>Horizons that an agent may open after an outside change, ≥ 1.</summary>
    public int Budget { get; init; } = 20;

    /// <summary>Share of horizons in which an agent samples, in [0, 1]; in the others it takes its likeliest action.</summary>
    public double SampleShare { get; init; } = 0.9;

    /// <summary>
    /// What an agent takes for weight 1 after an outside change. False: the least weight of its node, so it sees how the node's links compare.
    /// True: its own weight, as if an episode began.
    /// </summary>
    public bool OwnWeightIsOne { get; init; }

    /// <summary>What the Δ of the agents' memories is multiplied by, &gt; 0.</summary>
    public double DeltaFactor { get; init; } = 1;

    /// <summary>Number of the episode whose random draws are used first; every outside change that an agent learns of takes the next.</summary>
    public long FirstEpisode { get; init; }
}
