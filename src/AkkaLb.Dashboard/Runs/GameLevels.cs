using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Runs;

/// <summary>Where the levels of a game's servers go, and how far from there they are.</summary>
internal static class GameLevels
{
    /// <summary>The level after each row of <c>rounds.csv</c> at which all servers in use would stand.</summary>
    /// <remarks>
    /// Of a static game the water level, to which all jobs together fill the servers up (the same after every round). Of a dynamic one,
    /// whose servers work off what they have, the load that is left over all rates.
    /// </remarks>
    /// <returns>Empty without an instance.</returns>
    /// <exception cref="InvalidInputException">The instance is not as expected.</exception>
    public static double[] Of(RunFiles run, CsvColumns rounds)
    {
        if (!run.Has(RunFolder.InstanceFile))
        {
            return [];
        }
        try
        {
            using JsonDocument instance = JsonDocument.Parse(File.ReadAllText(run.Folder[RunFolder.InstanceFile]));
            double[] Numbers(string name) =>
                [.. instance.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
            double[] rates = Numbers("rates");
            if (IsDynamic(run))
            {
                return [.. rounds.Numbers("totalLoad").Select(load => load / rates.Sum())];
            }
            double level = WaterFilling.Level<double>(Numbers("loads"), rates, Numbers("lengths").Sum()).Level;
            return [.. Enumerable.Repeat(level, rounds.Count)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException)
        {
            throw new InvalidInputException($"{run.Folder[RunFolder.InstanceFile]}: expected a game's rates, loads and lengths", e);
        }
    }

    /// <summary>
    /// Of a static game its potential over the least one, of a dynamic one the highest level over the even one; both are 0 at an
    /// equilibrium of jobs that can be split.
    /// </summary>
    /// <returns>Null where the run has written no rounds.</returns>
    public static LineChart? Distance(RunFiles run)
    {
        if (run.Table(RunFolder.RoundsFile) is not { Count: > 0 } rounds)
        {
            return null;
        }
        double[] x = rounds.Numbers("round");
        if (IsDynamic(run))
        {
            double[] highest = rounds.Numbers("highestLevel"), even = Of(run, rounds);
            return even.Length == 0 ? null : Chart("step", "highest level − even level", x, highest.Zip(even, (level, to) => level - to));
        }
        if (run.Figure("metrics", "potentialExcess") is not { } excess || run.Figure("metrics", "potential") is not { } last)
        {
            return null;
        }
        double least = last / (1 + excess);
        return Chart("round", "(Φ − least Φ) / least Φ", x, rounds.Numbers("potential").Select(value => (value - least) / least));
    }

    private static bool IsDynamic(RunFiles run) => run.Figure("metrics", "steps") is not null;

    private static LineChart Chart(string x, string y, double[] at, IEnumerable<double> values) => new("Distance to the equilibrium", x, y)
    {
        Series = [new ChartSeries("distance", [.. at.Zip(values, (a, value) => new ChartPoint(a, value))])],
    };
}
