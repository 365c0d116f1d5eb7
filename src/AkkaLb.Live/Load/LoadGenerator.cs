using System.Globalization;
using System.Runtime.ExceptionServices;
using AkkaLb.Live.TestServers;
using AkkaLb.Live.Timing;

namespace AkkaLb.Live.Load;

/// <summary>
/// Sends requests when they are due, whatever became of those before (an open loop), so that a slow server does not slow its own load
/// down. An object runs once.
/// </summary>
internal sealed class LoadGenerator(
    IReadOnlyList<PlannedRequest> plan, IReadOnlyList<Uri> targets, HttpMessageInvoker client, TimeSpan timeout, TimeProvider time)
{
    private const long NanosecondsPerTick = 1_000_000_000 / TimeSpan.TicksPerSecond;

    private readonly RequestOutcome[] _outcomes = new RequestOutcome[plan.Count];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;

    // Requests without an end, and the sender itself.
    private int _open = 1;
    private Exception? _defect;

    /// <summary>Requests that have come to their end.</summary>
    public int Finished => _finished;

    private int _finished;

    /// <summary>A client with as many connections as it takes, that does nothing by itself.</summary>
    public static HttpMessageInvoker CreateClient(TimeSpan timeout) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = timeout,
        // Longer than any pause of a run: a new connection would count as latency.
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
    });

    /// <param name="sending">Is told the number of each request before it is sent.</param>
    /// <returns>By the request's number; those that were not sent when it was cancelled are unfinished.</returns>
    /// <exception cref="Exception">A request failed in a way that none fails in: all have ended then.</exception>
    public async Task<RequestOutcome[]> RunAsync(Action<int>? sending, CancellationToken cancellation)
    {
        _started = time.GetTimestamp();
        for (int number = 0; number < plan.Count && !cancellation.IsCancellationRequested; number++)
        {
            while (plan[number].Due - Elapsed() is > 0 and var left && !cancellation.IsCancellationRequested)
            {
                await time.WaitAsync(TimeSpan.FromTicks((left + NanosecondsPerTick - 1) / NanosecondsPerTick), cancellation);
            }
            if (cancellation.IsCancellationRequested)
            {
                break;
            }
            sending?.Invoke(number);
            Interlocked.Increment(ref _open);
            _ = EndAsync(number, cancellation);
        }
        Close();
        await _over.Task;
        if (_defect is not null)
        {
            ExceptionDispatchInfo.Throw(_defect);
        }
        return _outcomes;
    }

    /// <summary>Whatever happens to the request, who waits for all is not kept waiting.</summary>
    private async Task EndAsync(int number, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(number, cancellation);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _defect, e, null);
        }
        Interlocked.Increment(ref _finished);
        Close();
    }

    private async Task SendAsync(int number, CancellationToken cancellation)
    {
        PlannedRequest planned = plan[number];
        long late = Elapsed() - planned.Due;
        short status, server = -1;
        using CancellationTokenSource limit = new(timeout, time);
        await using CancellationTokenRegistration stop = cancellation.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, targets[planned.Target]);
            request.Headers.TryAddWithoutValidation(
                RequestHeaders.Work, Math.Min(planned.Work / 1000, RequestHeaders.MostWork).ToString(CultureInfo.InvariantCulture));
            using HttpResponseMessage response = await client.SendAsync(request, limit.Token);
            await response.Content.CopyToAsync(Stream.Null, limit.Token);
            status = (short)response.StatusCode;
            server = ServerOf(response);
        }
        catch (OperationCanceledException)
        {
            status = cancellation.IsCancellationRequested ? RequestOutcome.Unfinished : RequestOutcome.TimedOut;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            status = RequestOutcome.Broken;
        }
        _outcomes[number] = new RequestOutcome(late, Elapsed() - planned.Due, status, server);
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _over.TrySetResult();
        }
    }

    /// <summary>Nanoseconds since the start.</summary>
    private long Elapsed() => time.GetElapsedTime(_started).Ticks * NanosecondsPerTick;

    private static short ServerOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(RequestHeaders.Server, out var values)
        && short.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out short server)
            ? server
            : (short)-1;
}
