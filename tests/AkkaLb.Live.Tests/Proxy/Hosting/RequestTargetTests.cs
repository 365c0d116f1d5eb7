using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>Path and query reach servers as they came, by the route of what they decode to.</summary>
public class RequestTargetTests
{
    [Theory]
    [InlineData("/a%2Fb%2fc")]
    [InlineData("/%e4/%C3%A4/%41%7e%25")]
    [InlineData("/a%2Bb+c%20d")]
    [InlineData("//double//x/")]
    [InlineData("/?")]
    [InlineData("/a;b=c/..d/.well-known/e../...?x=%2f&y=/../z?%20+")]
    [InlineData("/a{b}|\"^`<>[]")]
    [InlineData("/a/../b%2Fc?d/../e", "/b%2Fc?d/../e")]
    [InlineData("/a%2fb/%2E%2e/c/./d/.", "/c/d/")]
    [InlineData("/../..", "/")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("/a\\b#c", "/a%5Cb%23c")]
    [InlineData("http://x/a%20b?c%2f", "/a%20b?c%2f")]
    [InlineData("http://x/a/../b%2Fc?d/../e", "/b%2Fc?d/../e")]
    [InlineData("http://x/a/%252e%252e/b", "/a/%252e%252e/b")]
    [InlineData("http://x", "/")]
    public async Task Target_ReachesTheServerAsItCame(string target, string? expected = null)
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        (await AskForAsync(proxy, target)).ShouldStartWith("HTTP/1.1 200 ");
        backend.Heads.Single().ShouldStartWith($"GET {expected ?? target} HTTP/1.1{Environment.NewLine}");
    }

    [Fact]
    public async Task Target_WithAHost_IsThatHosts()
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend, proxy: "routes.r { cluster = web, hosts = [other.com] }");
        (await AskForAsync(proxy, "http://other.com/abs")).ShouldStartWith("HTTP/1.1 200 ");
        backend.Heads.Single().ShouldContain("X-Forwarded-Host: other.com");
        (await AskForAsync(proxy, "/abs")).ShouldStartWith("HTTP/1.1 404 ");
    }

    /// <summary>Whom it reaches would be the server's to say, behind whatever route it came.</summary>
    [Theory]
    [InlineData("/open/..%2fsecret")]
    [InlineData("/open%5C..%5csecret")]
    [InlineData("/open/..\\secret")]
    [InlineData("/open/%2e%2E;/secret")]
    [InlineData("/open/../open/%2e%2f")]
    [InlineData("http://x/open/..%2fsecret")]
    [InlineData("/open/%00")]
    [InlineData("http://x/open/%00")]
    public async Task Target_ThatServersSeeDifferently_Is400(string target)
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        (await AskForAsync(proxy, target)).ShouldStartWith("HTTP/1.1 400 ");
        backend.Heads.ShouldBeEmpty();
    }

    /// <summary>What is routed is what is sent.</summary>
    [Fact]
    public async Task Target_IsRoutedByWhatItDecodesTo()
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            backend, proxy: "routes.r { cluster = web, path = \"/open/{**rest}\" }");
        foreach (string outside in (string[])
            [
                "/open/../secret", "/open/x/%2e%2e/%2E./secret", "/open%2Fx", "/openx/../secret", "http://x/open/../secret",
                "http://x/open%2Fx", "http://x",
            ])
        {
            (await AskForAsync(proxy, outside)).ShouldStartWith("HTTP/1.1 404 ");
        }
        (await AskForAsync(proxy, "/%6Fpen/x%2Fy")).ShouldStartWith("HTTP/1.1 200 ");
        (await AskForAsync(proxy, "/secret/../open/z")).ShouldStartWith("HTTP/1.1 200 ");
        (await AskForAsync(proxy, "http://x/%6Fpen/%252e%252e/secret")).ShouldStartWith("HTTP/1.1 200 ");
        backend.Heads.Select(head => head.Split(' ')[1]).ShouldBe(["/%6Fpen/x%2Fy", "/open/z", "/%6Fpen/%252e%252e/secret"]);
    }

    [Fact]
    public async Task Target_OfHttp2_ReachesTheServerAsItCame()
    {
        await using Backend backend = await Backend.StartAsync("a", HttpProtocols.Http2);
        backend.Handle = context => context.Response.WriteAsync(context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend], "forward.version = 2", proxy: "listeners.web.protocols = http2");
        const string Target = "/a%2Fb%2f%41//c?%2B+";
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(
            proxy.Server.Addresses[0].GetLeftPart(UriPartial.Authority) + Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage answer = await proxy.Http.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(Target);
    }

    private static Task<string> AskForAsync(RunningProxy proxy, string target) =>
        RawBackend.AskAsync(proxy.Server.Addresses[0], $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}
