namespace AkkaLb.Domain.Game;

/// <summary>What equilibria cost at worst beside the optimum, exactly.</summary>
/// <param name="Optimum">Least Σ W_i of any profile.</param>
/// <param name="WorstEquilibrium">Greatest Σ W_i of an equilibrium.</param>
/// <param name="OptimalProfile">A profile of that least cost, in units of work.</param>
public sealed record ExactEfficiency(double Optimum, double WorstEquilibrium, Profile<double> OptimalProfile)
{
    /// <summary>Faces of the feasible set, (2^m − 1)^n, that are tried without being asked: at most a second or two.</summary>
    public const int QuickFaces = 20_000;

    /// <summary>At least 1, but for rounding.</summary>
    public double PriceOfAnarchy => WorstEquilibrium / Optimum;

    /// <param name="faces">The most that are tried, at most <see cref="SocialOptimum.MaximumFaces"/>.</param>
    /// <returns>Null for a larger game, and where the worst equilibrium is not found to its accuracy.</returns>
    public static ExactEfficiency? Of(GameInstance<double> instance, int faces = QuickFaces)
    {
        if (Math.Pow(Math.Pow(2, instance.Servers) - 1, instance.Players) > faces
            || !SocialOptimum.IsSmallEnough(instance.Players, instance.Servers))
        {
            return null;
        }

        try
        {
            CostedProfile worst = Game.WorstEquilibrium.Of(instance), best = SocialOptimum.Of(instance);
            return new ExactEfficiency(best.Cost, worst.Cost, best.Profile);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
