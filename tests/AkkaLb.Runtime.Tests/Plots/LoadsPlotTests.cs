using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Tests.Plots;

public class LoadsPlotTests
{
    [Fact]
    public void Render_FewServers_HasACurveForEach()
    {
        string svg = LoadsPlot.Render("title", "step", [[4, 2, 1], [3, 1, 0.5]]);

        svg.ShouldContain("server 0");
        svg.ShouldContain("server 2");
    }

    [Fact]
    public void Render_ManyServers_HasTheMeanAndTheRange()
    {
        string svg = LoadsPlot.Render(
            "title", "step", [.. Enumerable.Range(0, 3).Select(t => Enumerable.Range(0, 20).Select(j => (double)(j + t)).ToArray())]);

        svg.ShouldContain("mean of 20 servers");
        svg.ShouldNotContain("server 0");
    }
}
