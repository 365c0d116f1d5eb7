namespace AkkaLb.Runtime.Plots;

/// <summary>Loads of servers over time: a curve for each of a few servers, or the mean and the range of many.</summary>
public static class LoadsPlot
{
    /// <summary>Up to so many servers each have a curve.</summary>
    public const int MostCurves = 7;

    private const int MaxPoints = 400;

    /// <param name="states">Loads of all servers at 0, 1, …</param>
    public static string Render(string title, string xLabel, IReadOnlyList<IReadOnlyList<double>> states)
    {
        int stride = Math.Max(1, (states.Count + MaxPoints - 1) / MaxPoints);
        int[] times = [.. Enumerable.Range(0, states.Count).Where(t => t % stride == 0 || t == states.Count - 1)];
        LineChart chart = new(title, xLabel, "load, units of work");
        if (states[0].Count <= MostCurves)
        {
            return SvgLineChart.Render(chart with
            {
                Series = [.. Enumerable.Range(0, states[0].Count).Select(
                    j => new ChartSeries($"server {j}", [.. times.Select(t => new ChartPoint(t, states[t][j]))]))],
            });
        }
        return SvgLineChart.Render(chart with
        {
            Bands = [new ChartBand($"lowest to highest of {states[0].Count} servers",
                [.. times.Select(t => new ChartRange(t, states[t].Min(), states[t].Max()))])],
            Series = [new ChartSeries($"mean of {states[0].Count} servers",
                [.. times.Select(t => new ChartPoint(t, states[t].Average()))])],
        });
    }
}
