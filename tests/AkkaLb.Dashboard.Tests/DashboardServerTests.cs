using System.Net;
using AkkaLb.Domain;

namespace AkkaLb.Dashboard.Tests;

[Collection(SampleRunsCollection.Name)]
public sealed class DashboardServerTests(SampleRuns runs) : IAsyncLifetime
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false });
    private DashboardServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = runs.Folder }, TimeProvider.System);

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("", HttpStatusCode.Redirect)]
    [InlineData("runs")]
    [InlineData("run/network")]
    [InlineData("run/nothing", HttpStatusCode.NotFound)]
    [InlineData("run/nothing/network", HttpStatusCode.NotFound)]
    [InlineData("runs", HttpStatusCode.OK, "HEAD")]
    [InlineData("files/network/episodes.csv", HttpStatusCode.OK, "HEAD")]
    [InlineData("files/network/run.log", HttpStatusCode.NotFound, "HEAD")]
    [InlineData("icon.svg", HttpStatusCode.OK, "HEAD")]
    [InlineData("dashboard.css")]
    [InlineData("theme.js")]
    [InlineData("icon.svg")]
    [InlineData("_framework/blazor.web.js")]
    [InlineData("_blazor/negotiate?negotiateVersion=1", HttpStatusCode.OK, "POST")]
    [InlineData("files/network/episodes.csv")]
    [InlineData("compare/network/figures.csv?with=network-2")]
    [InlineData("compare/network/chart.svg")]
    [InlineData("compare/network/other", HttpStatusCode.NotFound)]
    [InlineData("compare/network/figures.csv?with=..%2Fother", HttpStatusCode.NotFound)]
    [InlineData("files/network/run.log", HttpStatusCode.NotFound)]
    [InlineData("no/such/page", HttpStatusCode.NotFound)]
    [InlineData("live/drain?cluster=web&server=a", HttpStatusCode.NotFound, "POST")]
    [InlineData("runs", HttpStatusCode.BadRequest, "GET", "evil.example")]
    public async Task Answers_MayNotBeFramedOrGuessed(
        string path, HttpStatusCode expected = HttpStatusCode.OK, string method = "GET", string? host = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), _server.Address + path) { Headers = { Host = host } };
        using HttpResponseMessage answer = await _http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        answer.Headers.Contains("Server").ShouldBeFalse();
        if (method == "HEAD")
        {
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("run/network/nothing")]
    public async Task AddressWithoutAPage_IsAPageThatSaysSo(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(_server.Address + path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("There is no such page");
    }

    /// <summary>Of the run folder only its tables, plots and documents are handed out.</summary>
    [Theory]
    [InlineData("files/network/episodes.csv", HttpStatusCode.OK)]
    [InlineData("files/network/run.log", HttpStatusCode.NotFound)]
    [InlineData("files/network/..%2Fgame%2Fsummary.json", HttpStatusCode.NotFound)]
    [InlineData("files/nothing/summary.json", HttpStatusCode.NotFound)]
    [InlineData("no/such/page", HttpStatusCode.NotFound)]
    public async Task Files_AreThoseOfTheRun(string path, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await _http.GetAsync(_server.Address + path);
        answer.StatusCode.ShouldBe(expected);
    }

    /// <summary>A name that resolves to this machine is another host's page that asks us.</summary>
    [Fact]
    public async Task Host_OfAnotherName_IsRefused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, _server.Address + "runs");
        request.Headers.Host = "evil.example";
        using HttpResponseMessage answer = await _http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Start_PortIsTaken_SaysSo()
    {
        int port = new Uri(_server.Address).Port;
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => DashboardServer.StartAsync(new DashboardOptions(port), TimeProvider.System));
        thrown.Message.ShouldContain($"port {port} of 127.0.0.1: expected one that is free");
    }

    [Theory]
    [InlineData("/no/such/folder", null, "/no/such/folder: expected a run folder, or a folder with run folders in it")]
    [InlineData(null, "10.0.0.1", "10.0.0.1: expected an address such as http://127.0.0.1:9110")]
    public async Task Start_NothingToShow_SaysSo(string? folder, string? node, string problem)
    {
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => DashboardServer.StartAsync(new DashboardOptions(0) { Runs = folder, Node = node }, TimeProvider.System));
        thrown.Message.ShouldBe(problem);
    }

    [Fact]
    public async Task Start_OfOneRun_GoesToIt()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Runs = runs[SampleRuns.Game] }, TimeProvider.System);
        using HttpResponseMessage answer = await _http.GetAsync(server.Address);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldEndWith("run/game");
    }
}
