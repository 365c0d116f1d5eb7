using AkkaLb.Dashboard.Components;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Plots;
using Bunit;

namespace AkkaLb.Dashboard.Tests.Components;

public sealed class ComponentTests : BunitContext
{
    private static readonly Topology Four = TopologyLibrary.Get("4-node");

    [Fact]
    public void Chart_OfNothing_SaysWhy() => Render<Chart>(chart => chart.Add(c => c.Content, null).Add(c => c.Empty, "No episode yet."))
        .Find("figure").TextContent.Trim().ShouldBe("No episode yet.");

    [Fact]
    public void Chart_OfPoints_DrawsThemAndIsNamed()
    {
        LineChart content = new("Φ", "episode",
            "value") { Series = [new ChartSeries("one", [new ChartPoint(0, 1), new ChartPoint(1, 2)])] };
        IRenderedComponent<Chart> chart = Render<Chart>(parameters => parameters.Add(c => c.Content, content));
        chart.FindAll("polyline").Count.ShouldBe(1);
        chart.Find("figure").GetAttribute("aria-label").ShouldBe("Φ: value over episode");
    }

    [Fact]
    public void NetworkMap_LinksAreColouredByUtilisationAndChosenByClickOrKey()
    {
        List<int> chosen = [];
        double[] utilisation = [.. Enumerable.Range(0, Four.LinkCount).Select(link => link / 7.0)];
        IRenderedComponent<NetworkMap> map = Render<NetworkMap>(parameters => parameters
            .Add(m => m.Topology, Four).Add(m => m.Utilisation, utilisation).Add(m => m.Selected, 2).Add(m => m.OnSelect, chosen.Add));
        var links = map.FindAll("path.link");
        links.Count.ShouldBe(8);
        links[0].GetAttribute("stroke").ShouldBe("#3b82c4");
        links[7].GetAttribute("stroke").ShouldBe("#cd3418");
        links[7].QuerySelector("title")!.TextContent.ShouldEndWith("100 % of its capacity");
        map.FindAll("path.selected").Single().GetAttribute("data-link").ShouldBe("2");
        map.FindAll("path.link")[5].Click();
        map.FindAll("path.link")[6].KeyDown("Enter");
        map.FindAll("path.link")[7].KeyDown("a");
        chosen.ShouldBe([5, 6]);
    }

    [Fact]
    public void ProblemNote_WithoutProblem_IsNothing()
    {
        Render<ProblemNote>(note => note.Add(n => n.Text, null)).Markup.Trim().ShouldBeEmpty();
        Render<ProblemNote>(note => note.Add(n => n.Text, "a < b")).Find("[role=alert]").TextContent.ShouldBe("a < b");
    }

    [Theory]
    [InlineData(40e6, "40 Mbit/s")]
    [InlineData(1.5e9, "1.5 Gbit/s")]
    [InlineData(12, "12 bit/s")]
    public void BitRate_HasAPrefix(double rate, string text) => Figures.BitRate(rate).ShouldBe(text);
}
