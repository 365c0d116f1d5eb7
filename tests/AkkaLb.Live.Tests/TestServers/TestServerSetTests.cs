using System.Net;
using System.Net.Http.Json;
using AkkaLb.Domain;
using AkkaLb.Live.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Live.Tests.TestServers;

public sealed class TestServerSetTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _client = new();
    private TestServerSet _servers = null!;

    public async Task InitializeAsync() => _servers = await StartAsync();

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _servers.DisposeAsync();
    }

    private async Task<TestServerSet> StartAsync(params string[] changes)
    {
        TestServerSet servers = new(
            new TestServersOptions
            {
                Slots = [1, 2], Speeds = [1, 1], Backlog = 1, Body = 5, Changes = [.. changes.Select(c => ServerChange.Parse(c, 2)!)],
            },
            _time);
        await servers.StartAsync();
        return servers;
    }

    private Uri Address(int server, string path = "/") => new($"http://{_servers.Status[server].Address}{path}");

    private Task<HttpResponseMessage> GetAsync(int server, string work)
    {
        HttpRequestMessage request = new(HttpMethod.Get, Address(server));
        request.Headers.Add(RequestHeaders.Work, work);
        return _client.SendAsync(request);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _client.PostAsync(new Uri(_servers.Control!, path), new StringContent(body));

    /// <summary>Lets time go on until an answer is there: its timer may be set a little after the request is in service.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(Task<HttpResponseMessage> answer)
    {
        await Eventually.BecomesTrue(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                return answer.IsCompleted;
            },
            "the request is answered");
        return await answer;
    }

    [Fact]
    public async Task Get_WithWork_IsAnsweredWhenItIsDone()
    {
        Task<HttpResponseMessage> answer = GetAsync(1, "50000");
        await Eventually.BecomesTrue(() => _servers.Status[1].Busy == 1, "the request is in service");
        answer.IsCompleted.ShouldBeFalse();

        using HttpResponseMessage response = await AnswerAsync(answer);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues(RequestHeaders.Server).ShouldBe(["1"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe("xxxxx");
        _servers.Status[1].Served.ShouldBe(1);
    }

    [Fact]
    public async Task Get_SlotsAndLineFull_Is503AtOnce()
    {
        Task<HttpResponseMessage> served = GetAsync(0, "1000"), waits = GetAsync(0, "1000");
        await Eventually.BecomesTrue(() => _servers.Status[0] is { Busy: 1, Waiting: 1 }, "one is served and one waits");

        using HttpResponseMessage refused = await GetAsync(0, "1000");
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.GetValues(RequestHeaders.Server).ShouldBe(["0"]);

        (await AnswerAsync(served)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AnswerAsync(waits)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _servers.Status[0].Refused.ShouldBe(1);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("3600000001")]
    public async Task Get_WorkThatIsNone_Is400(string work) =>
        (await GetAsync(0, work)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Get_HealthAndProbe_AreAnsweredWhileRequestsWait()
    {
        _ = GetAsync(0, "1000000");
        await Eventually.BecomesTrue(() => _servers.Status[0].Busy == 1, "the request is in service");

        (await _client.GetAsync(Address(0, TestServer.HealthPath))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.GetStringAsync(Address(0, TestServer.ProbePath))).ShouldBe("{\"inFlight\":1,\"latency\":0}");
    }

    [Fact]
    public async Task Fail_RequestInService_IsLostAndNewOnesAreRefusedUntilItReturns()
    {
        Task<HttpResponseMessage> lost = GetAsync(0, "1000000");
        await Eventually.BecomesTrue(() => _servers.Status[0].Busy == 1, "the request is in service");

        (await PostAsync(TestServerSet.ChangesPath, "0 fail")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Should.ThrowAsync<HttpRequestException>(lost);
        await Should.ThrowAsync<HttpRequestException>(GetAsync(0, "0"));
        Uri before = Address(0);
        await PostAsync(TestServerSet.ChangesPath, "0 return");
        Address(0).ShouldBe(before);
        (await GetAsync(0, "0")).StatusCode.ShouldBe(HttpStatusCode.OK);
        _servers.Status[0].Busy.ShouldBe(0);
    }

    [Fact]
    public async Task Changes_ErrorsAndResets_AreWhatClientsSee()
    {
        await PostAsync(TestServerSet.ChangesPath, "0 errors 1\n1 resets 1");

        (await GetAsync(0, "0")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await Should.ThrowAsync<HttpRequestException>(GetAsync(1, "0"));
        await PostAsync(TestServerSet.ResetPath, "");
        (await GetAsync(0, "0")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(1, "0")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Changes_OneNotUnderstood_NoneIsMade()
    {
        using HttpResponseMessage response = await PostAsync(TestServerSet.ChangesPath, "0 speed 0.5\n2 fail");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("2 fail");
        _servers.Status[0].Speed.ShouldBe(1);
    }

    [Fact]
    public async Task Status_OverHttp_IsThatOfTheServers() =>
        (await _client.GetFromJsonAsync<ServerStatus[]>(new Uri(_servers.Control!, TestServerSet.StatusPath)))!.ShouldBe(_servers.Status);

    [Fact]
    public async Task Control_UnknownPath_Is404() =>
        (await _client.GetAsync(new Uri(_servers.Control!, "/stat"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Play_Schedule_HappensInItsTime()
    {
        await using TestServerSet servers = await StartAsync("1s 0 speed 0.5", "2s 1 add");
        servers.Status.Select(s => s.Up).ShouldBe([true, false]);
        servers.Status[1].Address.ShouldNotEndWith(":0");
        using CancellationTokenSource stop = new();
        List<ServerChange> happened = [];
        Task playing = servers.PlayAsync(happened.Add, stop.Token);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.BecomesTrue(() => happened.Count == 1, "the first change was made");
        servers.Status[0].Speed.ShouldBe(0.5);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.BecomesTrue(() => happened.Count == 2, "the second change was made");
        servers.Status[1].Up.ShouldBeTrue();

        stop.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(playing);
    }

    [Fact]
    public async Task Start_PortInUse_NamesIt()
    {
        int port = int.Parse(_servers.Status[0].Address.Split(':')[1]);
        await using TestServerSet second = new(new TestServersOptions { Slots = [1], Speeds = [1], Port = port }, _time);
        (await Should.ThrowAsync<InvalidInputException>(second.StartAsync())).Message.ShouldStartWith(
            $"server 0: expected an address that is free to listen on, found 127.0.0.1:{port}");
    }
}
