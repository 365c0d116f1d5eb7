using System.Text.Json;
using AkkaLb.Runtime.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

[Collection(SampleRunsCollection.Name)]
public sealed class ClusterPageTests(Chromium chromium) : IAsyncLifetime
{
    private const string First = "akka://akkalb@10.0.0.1:4053", Second = "akka://akkalb@10.0.0.2:4053",
        Third = "akka://akkalb@10.0.0.3:4053";

    private WebApplication _node = null!;
    private DashboardServer _server = null!;
    private volatile ClusterStatus _status = Status([First, Second, Third], [], First, 32);

    private readonly AgentPlace[] _agents = [new("geant/3", First), new("geant/17", Second), new("game/player-2", Third)];
    private volatile ClusterMoment[] _timeline = [new(1, DateTimeOffset.UnixEpoch, $"{First} has come")];

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _node = builder.Build();
        _node.Run(context => context.Request.Path.Value switch
        {
            "/status" => context.Response.WriteAsJsonAsync(_status, JsonSerializerOptions.Web),
            "/agents" => context.Response.WriteAsJsonAsync(_agents, JsonSerializerOptions.Web),
            _ => context.Response.WriteAsJsonAsync(_timeline, JsonSerializerOptions.Web),
        });
        await _node.StartAsync();
        _server = await DashboardServer.StartAsync(new DashboardOptions(0) { Node = _node.Urls.First() }, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    [SkippableFact]
    public async Task Cluster_NodeIsLost_IsSeenAndTold()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "");
        await Assertions.Expect(page["tbody tr"]).ToHaveCountAsync(6);
        await page["input[type=search]"].FillAsync("10.0.0.2");
        await Assertions.Expect(page["tbody tr"]).ToHaveCountAsync(2);
        await page["input[type=search]"].FillAsync("link-17");
        await Assertions.Expect(page["table.agents-of-cluster tbody tr"]).ToHaveTextAsync($"link-17geant{Second}");
        await page.SeesAsync("1 of 3 agents");
        await page["input[type=search]"].FillAsync("");
        _status = Status([First, Second, Third], [Second], First, 32);
        await Assertions.Expect(page["tr.lost"]).ToContainTextAsync(Second);
        _timeline = [new(2, DateTimeOffset.UnixEpoch.AddHours(1), $"{Second} cannot be reached"), .. _timeline];
        await page.SeesAsync($"{Second} cannot be reached");
        await page.Page.ReloadAsync();
        await page["main[data-live]"].WaitForAsync();
        await Assertions.Expect(page["ol.changes li"]).ToHaveTextAsync(
            [$"1970-01-01 01:00:00 {Second} cannot be reached", $"1970-01-01 00:00:00 {First} has come"]);
        await page.PictureAsync("cluster-light");
        await page.ShouldReachEveryControlAsync(atLeast: 4);
        await page.ShouldBeCleanAsync();
        await using OpenPage phone = await chromium.OpenAsync(_server.Address, "cluster", dark: true, width: 390);
        await phone.PictureAsync("cluster-phone");
        await phone.ShouldBeCleanAsync();
    }

    [SkippableFact]
    public async Task Cluster_OfANodeThatIsGone_SaysSoAndComesBack()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Node = "http://127.0.0.1:1" }, TimeProvider.System);
        await using OpenPage page = await chromium.OpenAsync(server.Address, "");
        await page.SeesAsync("http://127.0.0.1:1: no node answers there");
        await page.ShouldBeCleanAsync();
    }

    internal static ClusterStatus Status(string[] members, string[] unreachable, string? singleton, int agents) => new(
        [.. members.Select(address => new MemberStatusReport(address, ["agents", "learner"], "Up", DateTimeOffset.UnixEpoch, 4, agents))],
        unreachable, singleton, new AgentCounts(agents * members.Length, members.ToDictionary(address => address, _ => agents)));
}
