using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>The content of a game run's <c>summary.json</c>. Names are a contract: fields may be added, never renamed.</summary>
public sealed record GameSummary() : RunSummary("game")
{
    public required GameMetrics Metrics { get; init; }

    private protected override bool OmitsNulls => true;
}

/// <summary>What a game came to; a metric that the method does not have is null and not written.</summary>
public sealed record GameMetrics
{
    /// <summary>n.</summary>
    public int? Players { get; init; }

    /// <summary>m.</summary>
    public int? Servers { get; init; }

    /// <summary>The schedule, or whose jobs arrive, as configured.</summary>
    public string? Schedule { get; init; }

    /// <summary>Static: an equilibrium was reached. Dynamic: the servers became empty.</summary>
    public bool? Converged { get; init; }

    /// <summary>Static: rounds played.</summary>
    public int? Rounds { get; init; }

    /// <summary>Dynamic: T, the first step after which all servers are empty; steps played if there was none.</summary>
    public int? Steps { get; init; }

    /// <summary>Static: the period if the play repeats without an equilibrium.</summary>
    public int? CycleLength { get; init; }

    public long? Moves { get; init; }

    public GameMessages? Messages { get; init; }

    /// <summary>Static: Φ at the end.</summary>
    public double? Potential { get; init; }

    /// <summary>Static: (Φ − Φ of the equilibria)/Φ of the equilibria at the end, 0 for an equilibrium.</summary>
    public double? PotentialExcess { get; init; }

    /// <summary>Dynamic: an upper and a lower bound on the steps, where there is one.</summary>
    public long? UpperBound { get; init; }

    /// <inheritdoc cref="UpperBound"/>
    public long? LowerBound { get; init; }

    /// <summary>Dynamic: mean wait of a unit of work as expected at its dispatch, over the last half of the run, in steps.</summary>
    public double? MeanWait { get; init; }

    /// <summary>Dynamic with random service: mean total load over the last half of the run.</summary>
    public double? MeanLoad { get; init; }

    /// <summary>Dynamic with random service: share of steps of the last half after which all servers were empty.</summary>
    public double? IdleShare { get; init; }

    /// <summary>Scaling: a row for each number of players and servers.</summary>
    public IReadOnlyList<ScalingCell>? Cells { get; init; }
}

/// <summary>Messages that the actors sent.</summary>
public sealed record GameMessages(long Observations, long Placements, long Control, long Total);

/// <summary>Mean steps of the dynamic game, and the mean of the bound B3, over instances of one size.</summary>
public sealed record ScalingCell(int Players, int Servers, double MeanSteps, double MeanLevelBound);
