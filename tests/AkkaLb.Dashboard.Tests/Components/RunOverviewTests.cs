using AkkaLb.Dashboard.Components.Pages;
using AkkaLb.Dashboard.Runs;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaLb.Dashboard.Tests.Components;

[Collection(SampleRunsCollection.Name)]
public sealed class RunOverviewTests(SampleRuns runs) : BunitContext
{
    /// <summary>What an address would read otherwise is escaped in ids, which are nobody's business.</summary>
    [Fact]
    public async Task Compare_ARunOfAnOddName_IsCalledByIt()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-odd-").FullName;
        foreach (string name in (string[])["one", "two <b>~ %"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            foreach (string file in Directory.EnumerateFiles(runs[SampleRuns.Game]))
            {
                File.Copy(file, Path.Combine(folder, name, Path.GetFileName(file)));
            }
        }
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new RunCatalog(new DashboardOptions(0) { Runs = folder }, TimeProvider.System));
        IRenderedComponent<RunOverview> page = Render<RunOverview>(overview => overview.Add(o => o.Id, "one"));
        page.Find("fieldset input").Change(true);
        page.FindAll("thead th").Select(header => header.TextContent).ShouldBe(["figure", "one", "two <b>~ %"]);
        await using DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Runs = folder }, TimeProvider.System);
        using HttpClient http = new() { BaseAddress = new Uri(server.Address) };
        string table = await http.GetStringAsync(page.Find("p.files a").GetAttribute("href"));
        table.ShouldStartWith("figure,one,two <b>~ %");
        Directory.Delete(folder, recursive: true);
    }
}
