namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>Pages of runs; those of clusters, proxies and testbeds are walked through by their own tests.</summary>
[Collection(SampleRunsCollection.Name)]
public sealed class KeyboardTests(SampleRuns runs, Chromium chromium) : IAsyncLifetime
{
    private DashboardServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = runs.Folder }, TimeProvider.System);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [SkippableTheory]
    [InlineData("runs", "network-2")]
    [InlineData("run/network", "metrics.phi")]
    [InlineData("run/in-time/network", "Fullest links")]
    [InlineData("run/game/agents?agent=player-1", "events 1 to")]
    [InlineData("run/game/game", "Splits")]
    [InlineData("run/datacenter/datacenter", "Jobs at the servers under")]
    public async Task Page_ByTab_ComesToEveryControlAndShowsIt(string path, string text)
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, path);
        await page.SeesAsync(text);
        await page.ShouldReachEveryControlAsync();
        await page.ShouldBeCleanAsync();
    }
}
