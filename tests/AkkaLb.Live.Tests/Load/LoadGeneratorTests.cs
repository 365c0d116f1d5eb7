using System.Collections.Concurrent;
using System.Net;
using AkkaLb.Live.Load;
using AkkaLb.Live.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Live.Tests.Load;

public class LoadGeneratorTests
{
    private static readonly Uri[] Targets = [new("http://a/"), new("http://b/")];

    private readonly FakeTimeProvider _time = new();
    private readonly Server _server = new();

    /// <summary>A server in memory: it answers when the test says so.</summary>
    private sealed class Server : HttpMessageHandler
    {
        public ConcurrentQueue<(HttpRequestMessage Request, TaskCompletionSource<HttpResponseMessage> Answer)> Requests { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            TaskCompletionSource<HttpResponseMessage> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
            Requests.Enqueue((request, answer));
            return answer.Task;
        }

        public void Answer(int number, HttpStatusCode status, string? server = null)
        {
            HttpResponseMessage response = new(status) { Content = new StringContent("ok") };
            if (server is not null)
            {
                response.Headers.Add(RequestHeaders.Server, server);
            }
            Requests.ElementAt(number).Answer.SetResult(response);
        }
    }

    private LoadGenerator Generator(params (int Milliseconds, int Target)[] plan) => new(
        [.. plan.Select(p => new PlannedRequest(p.Milliseconds * 1_000_000L, 50_000_000, p.Target, 0))], Targets,
        new HttpMessageInvoker(_server), TimeSpan.FromSeconds(1), _time);

    private async Task AdvanceAsync(int milliseconds, int sent)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await Eventually.BecomesTrue(() => _server.Requests.Count == sent, $"{sent} requests were sent");
    }

    [Fact]
    public async Task Run_NobodyAnswers_RequestsAreSentWhenDueAllTheSame()
    {
        LoadGenerator generator = Generator((10, 0), (20, 1), (20, 0));
        Task<RequestOutcome[]> run = generator.RunAsync(null, default);
        _server.Requests.ShouldBeEmpty();

        await AdvanceAsync(10, sent: 1);
        await AdvanceAsync(10, sent: 3);
        _server.Requests.Select(r => r.Request.RequestUri).ShouldBe([Targets[0], Targets[1], Targets[0]]);
        _server.Requests.ShouldAllBe(r => r.Request.Headers.GetValues(RequestHeaders.Work).Single() == "50000");

        foreach (int number in (int[])[2, 0, 1])
        {
            _server.Answer(number, HttpStatusCode.OK);
        }
        (await run).ShouldAllBe(o => o.IsSuccess);
        generator.Finished.ShouldBe(3);
    }

    [Fact]
    public async Task Run_SentLate_LatencyCountsFromWhenItWasDue()
    {
        Task<RequestOutcome[]> run = Generator((10, 0)).RunAsync(null, default);
        await AdvanceAsync(14, sent: 1);
        _time.Advance(TimeSpan.FromMilliseconds(6));
        _server.Answer(0, HttpStatusCode.OK, server: "3");

        (await run).ShouldBe([new RequestOutcome(4_000_000, 10_000_000, 200, 3)]);
    }

    [Fact]
    public async Task Run_NoAnswerInTime_TimesOut()
    {
        Task<RequestOutcome[]> run = Generator((0, 0)).RunAsync(null, default);
        await Eventually.BecomesTrue(() => _server.Requests.Count == 1, "the request was sent");
        _time.Advance(TimeSpan.FromSeconds(1));

        RequestOutcome outcome = (await run).ShouldHaveSingleItem();
        outcome.Status.ShouldBe(RequestOutcome.TimedOut);
        outcome.IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_ErrorsAndBrokenConnections_AreTold()
    {
        Task<RequestOutcome[]> run = Generator((0, 0), (0, 0)).RunAsync(null, default);
        await Eventually.BecomesTrue(() => _server.Requests.Count == 2, "both were sent");
        _server.Answer(0, HttpStatusCode.ServiceUnavailable, server: "not a number");
        _server.Requests.ElementAt(1).Answer.SetException(new HttpRequestException("reset"));

        (await run).Select(o => (o.Status, o.Server)).ShouldBe([((short)503, (short)-1), (RequestOutcome.Broken, (short)-1)]);
    }

    [Fact]
    public async Task Run_RequestFailsLikeNoOther_EndsWithThatWhenAllHaveEnded()
    {
        LoadGenerator generator = Generator((0, 0), (0, 0));
        Task<RequestOutcome[]> run = generator.RunAsync(null, default);
        await Eventually.BecomesTrue(() => _server.Requests.Count == 2, "both were sent");
        _server.Requests.ElementAt(0).Answer.SetException(new NotSupportedException("a defect"));
        _server.Answer(1, HttpStatusCode.OK);

        (await Should.ThrowAsync<NotSupportedException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)))).Message.ShouldBe("a defect");
        generator.Finished.ShouldBe(2);
    }

    [Fact]
    public async Task Run_Cancelled_SendsNoMoreAndWaitsForNobody()
    {
        using CancellationTokenSource stop = new();
        Task<RequestOutcome[]> run = Generator((0, 0), (1000, 0)).RunAsync(null, stop.Token);
        await Eventually.BecomesTrue(() => _server.Requests.Count == 1, "the first was sent");
        stop.Cancel();

        (await run).ShouldAllBe(o => o.Status == RequestOutcome.Unfinished);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_Sending_IsToldBeforeEachRequest()
    {
        List<int> told = [];
        Task<RequestOutcome[]> run = Generator((0, 0), (0, 1)).RunAsync(told.Add, default);
        await Eventually.BecomesTrue(() => _server.Requests.Count == 2, "both were sent");
        _server.Answer(0, HttpStatusCode.OK);
        _server.Answer(1, HttpStatusCode.OK);
        await run;
        told.ShouldBe([0, 1]);
    }
}
