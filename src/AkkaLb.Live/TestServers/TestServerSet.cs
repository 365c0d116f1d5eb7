using System.Net;
using System.Text.Json;
using AkkaLb.Domain;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.TestServers;

/// <summary>All test servers, their schedule of changes, and the listener that tells of them and takes changes.</summary>
public sealed class TestServerSet : IAsyncDisposable
{
    public const string StatusPath = "/status", ChangesPath = "/changes", ResetPath = "/reset";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly TestServersOptions _options;
    private readonly TimeProvider _time;
    private readonly TestServer[] _servers;
    private Listener? _control;

    public TestServerSet(TestServersOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        double pace = options.Service == ServiceKind.Processor ? ProcessorWork.Measure(time) : 0;
        _servers = [.. options.Slots.Select((_, i) => new TestServer(
            options,
            i,
            options.Service == ServiceKind.Timed ? new TimedWork(options.Speeds[i], time) : new ProcessorWork(options.Speeds[i], pace),
            time))];
    }

    /// <summary>Where changes are taken; null before the start.</summary>
    public Uri? Control { get; private set; }

    public IReadOnlyList<ServerStatus> Status => [.. _servers.Select(s => s.Status)];

    /// <summary>Starts all servers but those that are added later, and the control listener.</summary>
    /// <exception cref="InvalidInputException">An address cannot be listened on.</exception>
    public async Task StartAsync()
    {
        foreach (TestServer server in _servers)
        {
            // A port must be known before the server is there, so that balancers can be told of it.
            await server.StartAsync();
        }
        await ResetAsync(AbsentAtStart());
        _control = await Listener.StartAsync(
            IPAddress.Loopback, _options.ControlPort, $"'{TestServersReader.Section}.control-port'", HandleControlAsync);
        Control = new Uri($"http://127.0.0.1:{_control.Port}");
    }

    /// <summary>Applies the schedule until it was cancelled.</summary>
    /// <param name="happened">Is told of each change after it was made.</param>
    public async Task PlayAsync(Action<ServerChange> happened, CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        foreach (ServerChange change in _options.Changes)
        {
            TimeSpan wait = change.Time - _time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellation);
            }
            await ApplyAsync(change);
            happened(change);
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
    }

    public Task ApplyAsync(ServerChange change) => _servers[change.Server].ApplyAsync(change);

    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }
        foreach (TestServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private HashSet<int> AbsentAtStart() => [.. Enumerable.Range(0, _servers.Length).Where(_options.IsAbsentAtStart)];

    /// <summary>All servers as at the start, but for those that are to be absent.</summary>
    private Task ResetAsync(HashSet<int> absent) => Task.WhenAll(_servers.Select((s, i) => s.ResetAsync(!absent.Contains(i))));

    private async Task HandleControlAsync(HttpContext context)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", StatusPath):
                await context.Response.WriteAsJsonAsync(Status, Json);
                return;
            case ("POST", ChangesPath):
                await ChangeAsync(context);
                return;
            case ("POST", ResetPath):
                // The servers named in the body, one a line, are to be absent.
                await ResetAsync([.. (await ReadLinesAsync(context)).Select(line => int.TryParse(line, out int server) ? server : -1)]);
                return;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }
    }

    /// <summary>All changes of the body, or none when one is not understood.</summary>
    private async Task ChangeAsync(HttpContext context)
    {
        List<ServerChange> changes = [];
        foreach (string line in await ReadLinesAsync(context))
        {
            if (ServerChange.ParseUntimed(line, _servers.Length) is not { } change)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync(
                    $"found \"{line}\", expected a server from 0 to {_servers.Length - 1} and what it does, such as \"0 speed 0.5\"\n");
                return;
            }
            changes.Add(change);
        }
        foreach (ServerChange change in changes)
        {
            await ApplyAsync(change);
        }
    }

    private static async Task<string[]> ReadLinesAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        return (await reader.ReadToEndAsync(context.RequestAborted))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
