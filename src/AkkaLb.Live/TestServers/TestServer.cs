using System.Globalization;
using System.Net;
using AkkaLb.Domain;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.TestServers;

/// <summary>One server: a listener, slots with a bounded line before them, and what may go wrong.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>Answered at once, whatever waits: for health checks.</summary>
    public const string HealthPath = "/health";

    /// <summary>Tells balancers that ask how many requests are here, and how long recent ones took.</summary>
    public const string ProbePath = "/probe";

    private readonly TestServersOptions _options;
    private readonly int _index;
    private readonly IWork _work;
    private readonly TimeProvider _time;
    private readonly byte[] _body;
    private readonly SemaphoreSlim _starting = new(1);
    private readonly RecentTimes _recent = new();
    private Faults _faults;
    private SlotGate _gate;
    private Listener? _listener;
    private double _speed;
    private long _served, _refused, _faulty, _broken;
    private int _port;

    public TestServer(TestServersOptions options, int index, IWork work, TimeProvider time)
    {
        (_options, _index, _work, _time) = (options, index, work, time);
        _port = options.Port == 0 ? 0 : options.Port + index;
        _body = new byte[options.Body];
        Array.Fill(_body, (byte)'x');
        _speed = options.Speeds[index];
        _gate = NewGate();
        _faults = new Faults(options.Seed, index);
    }

    /// <summary>Where it listens; of one that was never started on a free port, port 0.</summary>
    public IPEndPoint Address => new(_options.Address, _port);

    public ServerStatus Status => new(
        _index, Address.ToString(), _options.Slots[_index], _listener is not null, _speed, _gate.Busy, _gate.Waiting,
        Interlocked.Read(ref _served), Interlocked.Read(ref _refused), Interlocked.Read(ref _faulty), Interlocked.Read(ref _broken));

    /// <summary>Listens; without effect on one that does.</summary>
    /// <exception cref="InvalidInputException">The port cannot be listened on.</exception>
    public async Task StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_listener is not null)
            {
                return;
            }
            _gate = NewGate();
            _listener = await Listener.StartAsync(_options.Address, _port, $"server {_index}", HandleAsync);
            // Of a free port: from now on the server's own, also when it comes back.
            _port = _listener.Port;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops at once: what is in service or waits is lost, and connections break.</summary>
    public async Task FailAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_listener is { } listener)
            {
                _listener = null;
                await listener.DisposeAsync();
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task ApplyAsync(ServerChange change)
    {
        switch (change.Kind)
        {
            case ServerChangeKind.Speed:
                SetSpeed(change.Value);
                return Task.CompletedTask;
            case ServerChangeKind.Fail:
                return FailAsync();
            case ServerChangeKind.Return or ServerChangeKind.Add:
                return StartAsync();
            default:
                _faults.Apply(change);
                return Task.CompletedTask;
        }
    }

    /// <summary>As it was at the start: its speed, without faults, listening or not, and nobody in it.</summary>
    public async Task ResetAsync(bool listening)
    {
        SetSpeed(_options.Speeds[_index]);
        _faults = new Faults(_options.Seed, _index);
        if (!listening)
        {
            await FailAsync();
            return;
        }
        if (_gate.Busy > 0)
        {
            await FailAsync();
        }
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await FailAsync();
        _starting.Dispose();
    }

    private SlotGate NewGate() => new(_options.Slots[_index], _options.Backlog);

    private void SetSpeed(double speed)
    {
        _speed = speed;
        _work.SetSpeed(speed);
    }

    private async Task HandleAsync(HttpContext context)
    {
        SlotGate gate = _gate;
        context.Response.Headers[RequestHeaders.Server] = _index.ToString(CultureInfo.InvariantCulture);
        (bool error, bool reset) = _faults.Draw();
        if (error || reset)
        {
            Interlocked.Increment(ref _faulty);
            if (reset)
            {
                context.Abort();
                return;
            }
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        if (context.Request.Path == HealthPath)
        {
            return;
        }
        if (context.Request.Path == ProbePath)
        {
            await context.Response.WriteAsJsonAsync(new { inFlight = gate.Busy + gate.Waiting, latency = _recent.Mean });
            return;
        }
        if (!RequestHeaders.TryReadWork(context.Request.Headers, _options.DefaultWork, out TimeSpan work))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        long arrived = _time.GetTimestamp();
        try
        {
            if (!await gate.EnterAsync(context.RequestAborted))
            {
                Interlocked.Increment(ref _refused);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            try
            {
                await _work.RunAsync(work, context.RequestAborted);
            }
            finally
            {
                gate.Leave();
            }
            if (_faults.Delay is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay, _time, context.RequestAborted);
            }
            context.Response.ContentLength = _body.Length;
            await context.Response.BodyWriter.WriteAsync(_body, context.RequestAborted);
            Interlocked.Increment(ref _served);
            _recent.Add(_time.GetElapsedTime(arrived).TotalSeconds);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _broken);
            context.Abort();
        }
    }
}
