using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Dashboard.Tests;

/// <summary>What answers at the address of a node, or of a proxy, need not be one.</summary>
public sealed class NodeAnswerTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly ErrorLog _errors = new();
    private string _content = "null";
    private WebApplication _node = null!;
    private DashboardServer _server = null!;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _node = builder.Build();
        _node.Run(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(context.Request.Path == "/timeline" ? "[]" : _content);
        });
        await _node.StartAsync();
        _server = await DashboardServer.StartAsync(
            new DashboardOptions(0) { Node = _node.Urls.First(), Proxy = _node.Urls.First() }, TimeProvider.System,
            _errors.Add);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _node.DisposeAsync();
        _http.Dispose();
    }

    [Theory]
    [InlineData("cluster", "null", "no node answers there")]
    [InlineData("cluster", "{}", "no node answers there")]
    [InlineData("cluster", "{\"members\":null,\"unreachable\":[],\"agents\":{\"total\":0,\"byNode\":{}}}", "no node answers there")]
    [InlineData("live", "null", "no proxy answers there")]
    [InlineData("live", "{}", "no proxy answers there")]
    [InlineData("live", "{\"clusters\":[{\"servers\":null,\"latencies\":[]}]}", "no proxy answers there")]
    public async Task AnswerOfAnotherShape_IsSaid(string page, string content, string problem)
    {
        _content = content;
        using HttpResponseMessage answer = await _http.GetAsync(_server.Address + page);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(problem);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        _errors.Lines.ShouldBeEmpty();
    }

    /// <summary>What no page has an eye on is logged, and answered with the headers of every answer.</summary>
    [Fact]
    public async Task AnswerThatNobodyExpected_IsLoggedAndAnswered()
    {
        _content = """{"members":[null],"unreachable":[],"agents":{"total":0,"byNode":{}}}""";
        using HttpResponseMessage answer = await _http.GetAsync(_server.Address + "cluster");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith("Something went wrong here");
        _errors.Lines.ShouldHaveSingleItem().ShouldStartWith("\"/cluster\" cannot be answered System.");
    }
}
