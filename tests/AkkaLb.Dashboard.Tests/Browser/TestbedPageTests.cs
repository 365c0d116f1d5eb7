using AkkaLb.Live.Load;
using AkkaLb.Live.Testbed;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;
using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>The folder of a comparison, in the files that one writes: before it has a summary, and with it.</summary>
[Collection(SampleRunsCollection.Name)]
public sealed class TestbedPageTests(Chromium chromium) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-testbed-page-").FullName;
    private DashboardServer _server = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, RunFolder.ConfigurationFile),
            "akkalb { name = small, testbed.contenders = [sed, p2c] }\n");
        _server = await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = _folder }, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public async Task Testbed_WhenItEnds_ShowsItsPoliciesAndDistributions()
    {
        string path = $"run/{Path.GetFileName(_folder)}/testbed";
        await using OpenPage page = await chromium.OpenAsync(_server.Address, path);
        await page.SeesAsync("No policy has ended a run yet");
        await Assertions.Expect(page["nav.tabs a:text-is('Agents')"]).ToHaveCountAsync(0);
        Write();
        await Assertions.Expect(page["table.contenders tbody td"]).ToHaveTextAsync(
        [
            "sed", "0.5", "1", "100", "0", "40 ms", "35 ms", "80 ms", "200 ms",
            "p2c", "0.5", "1", "100", "1", "40 ms", "35 ms", "80 ms", "200 ms",
            "dead", "0.5", "1", "100", "100", "–", "–", "–", "–",
        ]);
        await page.SeesAsync("Share of requests answered within a time: load 0.5, balancers 1");
        await Assertions.Expect(page["img.plot"]).ToHaveJSPropertyAsync("naturalWidth", 900);
        await page.PictureAsync("testbed-light");
        await page.ShouldReachEveryControlAsync(atLeast: 5);
        await page.ShouldBeCleanAsync();
        await using OpenPage phone = await chromium.OpenAsync(_server.Address, path, dark: true, width: 390);
        await phone.SeesAsync("balancers 1");
        await phone.PictureAsync("testbed-phone");
        await phone.ShouldBeCleanAsync();
    }

    private void Write()
    {
        LatencyFigures figures = new(100, 0, 0.04, 0.035, 0.08, 0.1, 0.2, 0.3, 0.4, [0.5, 0.5]);
        LatencyFigures unanswered = new(100, 100, null, null, null, null, null, null, null, []);
        TestbedRow Row(string name, LatencyFigures latencies) => new(
            name, 0.5, 1, 1, latencies, 0, 0, null, null, null, [], new Dictionary<string, LatencyFigures>());
        TestbedRow[] rows = [Row("sed", figures), Row("p2c", figures with { Errors = 1 }), Row("dead", unanswered)];
        RunFolder folder = RunFolder.Open(_folder);
        folder.Write("latency-load0.5-proxies1.svg", SvgLineChart.Render(new LineChart("latency", "seconds", "share of requests answered")
        {
            Series = [new ChartSeries("sed", [new ChartPoint(0.01, 0), new ChartPoint(0.2, 0.99)])],
        }));
        folder.Write(RunFolder.SummaryFile, new TestbedSummary(
            "testbed", "small", RunSummary.Finished, "sed", 1, 2, 0, rows.ToDictionary(row => row.Contender, row => row.Figures),
            new Dictionary<string, LatencyFigures>(), rows).ToJson());
    }
}
