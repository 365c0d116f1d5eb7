using System.Net;
using System.Net.Http.Headers;
using AkkaLb.Live.Proxy;
using AkkaLb.Live.Proxy.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

[Collection(SampleRunsCollection.Name)]
public sealed class LivePageTests(Chromium chromium) : IAsyncLifetime
{
    private const string Token = "the-token", ProxyToken = "of-the-proxy";

    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-live-page-").FullName;
    private readonly HttpClient _http = new();
    private WebApplication _backend = null!;
    private ProxyServer _proxy = null!;
    private DashboardServer _server = null!;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _backend = builder.Build();
        _backend.Run(context => context.Response.WriteAsync("hello"));
        await _backend.StartAsync();
        string file = Path.Combine(_folder, "proxy.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkalb.proxy {
              state = "{{_folder}}/state", reload = 0, shutdown = 5s
              listeners.web.address = "http://127.0.0.1:0"
              admin { address = "http://127.0.0.1:0", token = "{{ProxyToken}}" }
              clusters.web {
                servers { a.address = "{{_backend.Urls.First()}}", b.address = "{{_backend.Urls.First()}}" }
                learned.period = 100ms
              }
            }
            """);
        _proxy = await ProxyServer.StartAsync(
            ProxyReader.Load(file, []), () => ProxyReader.Load(file, []), TextWriter.Null, TimeProvider.System);
        _server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Proxy = _proxy.AdminAddress!.ToString(), ProxyToken = ProxyToken, Token = Token },
            TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _proxy.DisposeAsync();
        await _backend.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public async Task Live_ShowsServersAndTellsWhy()
    {
        string request = "";
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage answer = await _http.GetAsync(_proxy.Addresses[0]);
            request = answer.Headers.GetValues("x-akkalb-request").Single();
        }
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "");
        await page.SeesAsync("policy learned");
        await Assertions.Expect(page["tbody tr"]).ToHaveCountAsync(2);
        await page["form.why input"].FillAsync(request);
        await page["form.why button"].ClickAsync();
        await page.SeesAsync("It went to");
        // The same of a request that the page picks, and the distribution of those of the last minute.
        await Assertions.Expect(page[".chart polyline"]).ToHaveCountAsync(1);
        await page["button:text-is('The last request of web')"].ClickAsync();
        await Assertions.Expect(page["form.why input"]).ToHaveValueAsync(request);
        await page.SeesAsync("It went to");
        await page["form.why input"].FillAsync("nonsense");
        await page["form.why button"].ClickAsync();
        await page.SeesAsync("expected the x-akkalb-request of an answer");
        await page["details summary"].ClickAsync();
        await page.PictureAsync("live-light");
        await page.ShouldReachEveryControlAsync();
        await page.ShouldBeCleanAsync();
        await using OpenPage phone = await chromium.OpenAsync(_server.Address, "live", dark: true, width: 390);
        await phone.SeesAsync("policy learned");
        await phone.PictureAsync("live-phone");
        await phone.ShouldBeCleanAsync();
    }

    [SkippableFact]
    public async Task Drain_WithTheTokenOnly()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "live");
        await page["button[aria-label='drain a']"].ClickAsync();
        await page["details summary"].ClickAsync();
        await page.SeesAsync("Nothing was done: the token is not the one that the dashboard was started with.");
        await page["input[type=password]"].FillAsync(Token);
        await page["button[aria-label='drain a']"].ClickAsync();
        await page.SeesAsync("drained");
        await page["button[aria-label='enable a']"].ClickAsync();
        await Assertions.Expect(page["button[aria-label='drain a']"]).ToBeVisibleAsync();
        await page.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Drain_ByHttp_WithoutTheToken_Is401()
    {
        string address = $"{_server.Address}live/drain?cluster=web&server=b";
        (await _http.PostAsync(address, null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(address, "wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(address, ProxyToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(address, Token)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(address, Token, "bearer")).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(address.Replace("server=b", "server=c"), Token)).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(address.Replace("drain", "remove"), Token)).ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Whoever asked has done nothing wrong.</summary>
    [Fact]
    public async Task Drain_NoProxyIsThere_Is502()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Proxy = "http://127.0.0.1:1", Token = Token }, TimeProvider.System);
        (await SendAsync($"{server.Address}live/drain?cluster=web&server=b", Token)).ShouldBe(HttpStatusCode.BadGateway);
    }

    /// <summary>Where nobody has set a token, nobody has the right one.</summary>
    [Fact]
    public async Task Drain_OfADashboardWithoutAToken_Is401()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Proxy = _proxy.AdminAddress!.ToString(), ProxyToken = ProxyToken }, TimeProvider.System);
        (await SendAsync($"{server.Address}live/drain?cluster=web&server=b", "")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [SkippableFact]
    public async Task Live_OfAProxyThatIsGone_SaysSo()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Proxy = "http://127.0.0.1:1" }, TimeProvider.System);
        await using OpenPage page = await chromium.OpenAsync(server.Address, "");
        await page.SeesAsync("http://127.0.0.1:1: no proxy answers there");
        await page.ShouldBeCleanAsync();
    }

    private async Task<HttpStatusCode> SendAsync(string address, string token, string scheme = "Bearer")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, address);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }
}
