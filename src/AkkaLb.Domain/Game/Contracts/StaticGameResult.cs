using System.Text.Json.Serialization;

namespace AkkaLb.Domain.Game;

/// <summary>What <c>akkalb game static</c> prints.</summary>
/// <param name="Level">X, the least level (s_j + L_j)/μ_j; in an equilibrium that of all used servers.</param>
/// <param name="Totals">L_j, the players' work on each server.</param>
/// <param name="Profile">l_ij in units of work; null if it has more than <see cref="LargestProfile"/> entries.</param>
/// <param name="Potential">Φ.</param>
/// <param name="CostsW">W_i.</param>
/// <param name="CostsAverage">D_i.</param>
/// <param name="SocialCost">Σ W_i.</param>
/// <param name="IsEquilibrium">Whether the profile is an equilibrium; false if the order left players out who had to move.</param>
/// <param name="PriceOfAnarchyBound">The instance bound, for Σ W_i.</param>
public sealed record StaticGameResult(
    double Level,
    double[] Totals,
    double[][]? Profile,
    double Potential,
    double[] CostsW,
    double[] CostsAverage,
    double SocialCost,
    bool IsEquilibrium,
    double PriceOfAnarchyBound)
{
    /// <summary>Least Σ W_i of any profile; null, and not written, for a game that is too large.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Optimum { get; init; }

    /// <summary>A profile of that cost, in units of work.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[][]? OptimalProfile { get; init; }

    /// <summary>Greatest Σ W_i of an equilibrium; null where <see cref="Optimum"/> is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WorstEquilibrium { get; init; }

    /// <summary>The exact price of anarchy, <see cref="WorstEquilibrium"/> over <see cref="Optimum"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PriceOfAnarchy { get; init; }

    /// <summary>Larger games are solved in the grouped form, without a players × servers matrix.</summary>
    public const int LargestProfile = 2_000_000;

    /// <exception cref="InvalidInputException">The game is large, and its start is not sparse or its order no permutation.</exception>
    public static StaticGameResult Of(StaticGameRequest request) =>
        (long)request.Instance.Players * request.Instance.Servers <= LargestProfile ? Dense(request) : Grouped(request);

    /// <summary>The result with optimum and price of anarchy.</summary>
    public StaticGameResult With(ExactEfficiency? exact) => exact is null ? this : this with
    {
        Optimum = exact.Optimum,
        OptimalProfile = exact.OptimalProfile.ToRows(),
        WorstEquilibrium = exact.WorstEquilibrium,
        PriceOfAnarchy = exact.PriceOfAnarchy,
    };

    public string ToJson() => GameJson.Write(this);

    private static StaticGameResult Dense(StaticGameRequest request)
    {
        GameInstance<double> instance = request.Instance;
        Profile<double> start = request.Start switch
        {
            StaticStart.Empty => new Profile<double>(instance.Players, instance.Servers),
            StaticStart.Uniform => Profile<double>.Uniform(instance),
            _ => request.StartProfile!.Clone(),
        };
        var dynamics = new BestResponseDynamics<double>(instance, start);
        dynamics.Pass(request.Order ?? Enumerable.Range(0, instance.Players));

        Profile<double> profile = dynamics.Profile;
        double[] costs = GameCosts.JobWeighted(instance, profile);
        return new StaticGameResult(
            Equilibrium<double>.Levels(instance, profile).Min(),
            profile.Totals(),
            profile.ToRows(),
            GameCosts.Potential(instance, profile),
            costs,
            GameCosts.Average<double>(instance, costs),
            costs.Sum(),
            Equilibrium<double>.IsEquilibrium(instance, profile),
            Game.PriceOfAnarchy.InstanceBound(instance));
    }

    private static StaticGameResult Grouped(StaticGameRequest request)
    {
        GameInstance<double> instance = request.Instance;
        SparseProfile<double> start = request.Start switch
        {
            StaticStart.Empty => SparseProfile<double>.Empty(instance.Players),
            StaticStart.Given => SparseProfile<double>.From(request.StartProfile!),
            _ => throw new InvalidInputException(
                $"start: a game of {instance.Players} players on {instance.Servers} servers needs the start \"empty\""),
        };
        const string expectedOrder = "order: for so large a game, expected every player exactly once";
        if (request.Order is { Count: 0 })
        {
            throw new InvalidInputException(expectedOrder);
        }

        GroupedEquilibrium<double> reached;
        try
        {
            reached = GroupedPass.Run(instance, start, request.Order is null ? default : [.. request.Order]);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException(expectedOrder, e);
        }

        // The level of every equilibrium, computed independently, checks the pass.
        Equilibrium<double> equilibrium = Equilibrium<double>.Of(instance);
        double[] costs = reached.JobWeightedCosts();
        return new StaticGameResult(
            reached.Level,
            reached.Totals(),
            Profile: null,
            equilibrium.Potential,
            costs,
            GameCosts.Average<double>(instance, costs),
            costs.Sum(),
            Math.Abs(reached.Level - equilibrium.Level) <= 1e-9 * equilibrium.Level,
            Game.PriceOfAnarchy.InstanceBound(instance));
    }
}
