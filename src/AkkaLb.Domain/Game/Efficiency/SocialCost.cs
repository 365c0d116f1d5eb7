namespace AkkaLb.Domain.Game;

/// <summary>Which normalisation of the costs is summed.</summary>
public enum SocialCost
{
    /// <summary>Σ W_i, all the waiting of all work.</summary>
    JobWeighted,

    /// <summary>Σ D_i, the players' mean waits.</summary>
    Average,
}

/// <summary>A profile and its social cost.</summary>
/// <param name="Cost">Σ W_i or Σ D_i.</param>
/// <param name="Profile">In units of work.</param>
public sealed record CostedProfile(double Cost, Profile<double> Profile);

internal static class SocialCostWeights
{
    /// <summary>v_i of Σ v_i W_i: 1, or 1/λ_i.</summary>
    public static double[] Of(GameInstance<double> instance, SocialCost objective) =>
        instance.Lengths.Select(length => objective == SocialCost.JobWeighted ? 1 : 1 / length).ToArray();

    public static double Cost(GameInstance<double> instance, Profile<double> profile, double[] weights)
    {
        double[] costs = GameCosts.JobWeighted(instance, profile);
        double sum = 0;
        for (int i = 0; i < costs.Length; i++)
        {
            sum += weights[i] * costs[i];
        }

        return sum;
    }
}
