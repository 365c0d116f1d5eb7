namespace AkkaLb.Domain.Game;

/// <summary>Ranges from which random instances are drawn, each uniform in [minimum, maximum).</summary>
public sealed record InstanceRanges(
    (double Minimum, double Maximum) Rates, (double Minimum, double Maximum) Lengths, (double Minimum, double Maximum) Loads)
{
    /// <summary>Magnitudes beyond these would overflow the squares in costs and bounds.</summary>
    public const double Smallest = 1e-60, Largest = 1e60;

    /// <summary>The ranges of the scaling experiment over (n, m); ours, not the paper's.</summary>
    public static InstanceRanges Scaling { get; } = new((5, 10), (1, 4), (0, 100));

    /// <summary>Draws all rates, then all lengths, then all loads, the portable order.</summary>
    /// <param name="players">n.</param>
    /// <param name="servers">m.</param>
    /// <param name="nextUniform">The next number of a generator, uniform in [0, 1).</param>
    public GameInstance<double> Draw(int players, int servers, Func<double> nextUniform)
    {
        double[] rates = Draw(servers, Rates, nextUniform);
        double[] lengths = Draw(players, Lengths, nextUniform);
        double[] loads = Draw(servers, Loads, nextUniform);
        return new GameInstance<double>(rates, loads, lengths);
    }

    private static double[] Draw(int count, (double Minimum, double Maximum) range, Func<double> nextUniform)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = range.Minimum + (range.Maximum - range.Minimum) * nextUniform();
        }

        return values;
    }
}
