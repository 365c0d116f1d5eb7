using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Rewards;

/// <summary>Rewards of specification section 4.</summary>
public static class RewardMeasures
{
    private const double BonusScale = 0.1;

    /// <summary>The measure of a state.</summary>
    /// <param name="objective">Φ of the state.</param>
    public static double Compute(RewardMeasure measure, double objective, ReadOnlySpan<double> utilisations)
    {
        if (measure == RewardMeasure.Phi)
        {
            return objective;
        }

        double sum = 0, max = double.NegativeInfinity, min = double.PositiveInfinity;
        foreach (double u in utilisations)
        {
            sum += u;
            max = Math.Max(max, u);
            min = Math.Min(min, u);
        }

        double mean = sum / utilisations.Length, squares = 0;
        foreach (double u in utilisations)
        {
            squares += (u - mean) * (u - mean);
        }

        double deviation = Math.Sqrt(squares / utilisations.Length);
        return measure switch
        {
            RewardMeasure.MaxUtilisation => max,
            RewardMeasure.UtilisationRange => max - min,
            RewardMeasure.MeanUtilisation => mean,
            RewardMeasure.UtilisationDeviation => deviation,
            RewardMeasure.MeanTimesDeviation => mean * deviation,
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, null),
        };
    }

    /// <summary>The reward, common to all agents, for going from one measure to the next.</summary>
    public static double Reward(RewardComputation computation, double before, double after) => computation switch
    {
        RewardComputation.Change => before - after,
        RewardComputation.Value => -after,
        RewardComputation.ChangeWithBonus =>
            before - after + (after < before ? Math.Max(0, (BonusScale - after) / (BonusScale + after)) : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(computation), computation, null),
    };
}
