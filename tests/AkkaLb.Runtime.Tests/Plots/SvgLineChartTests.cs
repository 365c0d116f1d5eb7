using System.Xml.Linq;
using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Tests.Plots;

public class SvgLineChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly LineChart Chart = new("Φ & co", "episode", "Φ")
    {
        Series = [new ChartSeries("mean", [new(0, 0.033), new(100, 0.021)])],
        Bands = [new ChartBand("range", [new(0, 0.03, 0.04), new(100, 0.02, 0.025)])],
        Levels = [new ChartLevel("ECMP", 0.0331), new ChartLevel("UCMP", 0.0331), new ChartLevel("genetic", 0.0206)],
    };

    [Fact]
    public void Render_Chart_IsWellFormedWithEveryElement()
    {
        XElement root = XDocument.Parse(SvgLineChart.Render(Chart)).Root!;
        root.Descendants(Svg + "polyline").Count().ShouldBe(1);
        root.Descendants(Svg + "polygon").Count().ShouldBe(1);
        string[] texts = [.. root.Descendants(Svg + "text").Select(t => t.Value)];
        texts.ShouldContain("Φ & co");
        texts.ShouldContain("genetic 0.0206");
    }

    [Fact]
    public void Render_SameChart_SameBytes() => SvgLineChart.Render(Chart).ShouldBe(SvgLineChart.Render(Chart));

    [Fact]
    public void Render_EqualLevels_LabelsDoNotOverlap()
    {
        XElement root = XDocument.Parse(SvgLineChart.Render(Chart)).Root!;
        double Y(string label) =>
            (double)root.Descendants(Svg + "text").Single(t => t.Value.StartsWith(label, StringComparison.Ordinal)).Attribute("y")!;
        Math.Abs(Y("ECMP") - Y("UCMP")).ShouldBeGreaterThanOrEqualTo(14);
    }

    [Fact]
    public void Render_LargerValues_AreHigher()
    {
        XElement line = XDocument.Parse(SvgLineChart.Render(Chart)).Root!.Descendants(Svg + "polyline").Single();
        double[] y = [.. ((string)line.Attribute("points")!).Split(' ').Select(
            p => double.Parse(p.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture))];
        y[0].ShouldBeLessThan(y[1]);
    }

    [Fact]
    public void Render_NoPoints_StillGivesAxes() =>
        XDocument.Parse(SvgLineChart.Render(new LineChart("empty", "x", "y"))).Root!.Descendants(Svg + "path").Count().ShouldBe(1);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(0.0206, 0.0331)]
    [InlineData(-5, 5)]
    [InlineData(1e9, 1.0000001e9)]
    public void Ticks_AnyRange_AreFewAndInside(double low, double high)
    {
        double[] ticks = SvgLineChart.Ticks(low, high, 6);
        ticks.Length.ShouldBeInRange(2, 12);
        ticks.ShouldAllBe(t => t >= low - 1e-9 && t <= high + 1e-9);
        ticks.ShouldBe(ticks.Order());
    }
}
