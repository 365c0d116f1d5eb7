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
    private const string First = "akka://akkalb@10.0.0.1:4053", Second = "akka://akkalb@10.0.0.2:4053", Third = "akka://akkalb@10.0.0.3:4053";

    private WebApplication _node = null!;
    private DashboardServer _server = null!;
    private volatile ClusterStatus _status = Status([First, Second, Third], [], First, 32);

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _node = builder.Build();
        _node.Run(context => context.Response.WriteAsJsonAsync(_status, JsonSerializerOptions.Web));
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
        await Assertions.Expect(page["tbody tr"]).ToHaveCountAsync(3);
        await page["input[type=search]"].FillAsync("10.0.0.2");
        await Assertions.Expect(page["tbody tr"]).ToHaveCountAsync(1);
        await page["input[type=search]"].FillAsync("");
        _status = Status([First, Second, Third], [Second], First, 32);
        await page.SeesAsync($"{Second} cannot be reached");
        _status = Status([First, Third], [], First, 48);
        await page.SeesAsync($"{Second} is gone");
        await page.SeesAsync($"{Third} has 48 agents, had 32");
        await page.PictureAsync("cluster-light");
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
