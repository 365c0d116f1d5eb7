namespace AkkaLb.Runtime.Plots;

/// <summary>One curve: y over x, drawn as a line in the colour given by its place in the chart.</summary>
public sealed record ChartSeries(string Label, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>A point to be marked with a star.</summary>
    public ChartPoint? Star { get; init; }
}

/// <summary>A shaded area between a lower and an upper value over x, in the colour given by its place in the chart.</summary>
public sealed record ChartBand(string Label, IReadOnlyList<ChartRange> Ranges);

/// <summary>A dashed horizontal line with a label at its right end, for a baseline.</summary>
public sealed record ChartLevel(string Label, double Value);

public readonly record struct ChartPoint(double X, double Y);

public readonly record struct ChartRange(double X, double Low, double High);

/// <summary>A line chart: curves, shaded ranges and horizontal reference levels.</summary>
public sealed record LineChart(string Title, string XLabel, string YLabel)
{
    public IReadOnlyList<ChartSeries> Series { get; init; } = [];

    /// <summary>The first belongs to the first curve, and so on.</summary>
    public IReadOnlyList<ChartBand> Bands { get; init; } = [];

    public IReadOnlyList<ChartLevel> Levels { get; init; } = [];
}
