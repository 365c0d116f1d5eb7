using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// Nodes of a cluster on this machine, each a process of its own. They leave when their standard input ends, however this one ends.
/// </summary>
public sealed class LocalNodes : IAsyncDisposable
{
    /// <summary>Each is a process with a hundred megabytes, at least.</summary>
    public const int Most = 64;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Leave = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<string> _command;
    private readonly Func<int, IReadOnlyList<string>> _keys;
    private readonly string _folder, _database;
    private readonly List<Node> _nodes = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private LocalNodes(IReadOnlyList<string> command, string database, string folder, Func<int, IReadOnlyList<string>> keys) =>
        (_command, _database, _folder, _keys) = (command, database, folder, keys);

    /// <summary>All that were started, in the order of their numbers.</summary>
    public IReadOnlyList<LocalNode> Nodes => [.. _nodes.OrderBy(node => node.Number).Select(node => node.Public)];

    /// <summary>Starts nodes and waits until all are members of one cluster.</summary>
    /// <param name="command">Program and arguments that start <c>akkalb</c>.</param>
    /// <param name="folder">For their files.</param>
    /// <param name="keys"><c>key=value</c> for a node of a number, from 1.</param>
    /// <exception cref="RunFailedException">One ends, or they do not find each other.</exception>
    public static async Task<LocalNodes> StartAsync(
        IReadOnlyList<string> command, int count, string database, string folder, Func<int, IReadOnlyList<string>> keys,
        CancellationToken cancellation)
    {
        LocalNodes nodes = new(command, database, folder, keys);
        try
        {
            // The first one takes a free port, and is the others' seed.
            Node first = await nodes.StartNodeAsync(1, [], cancellation);
            await Task.WhenAll(Enumerable.Range(2, count - 1).Select(n => nodes.StartNodeAsync(n, [first.HostAndPort], cancellation)));
            await nodes.WaitUntilReadyAsync(cancellation);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster as one of the living nodes sees it; null when none answers.</summary>
    public async Task<ClusterStatus?> StatusAsync(CancellationToken cancellation)
    {
        foreach (Node node in Living().ToArray())
        {
            if (await AskAsync<ClusterStatus>(node.Http + NodeEndpoints.Status, cancellation) is { } status)
            {
                return status;
            }
        }
        return null;
    }

    /// <summary>The cluster as a node sees it; null when it does not answer.</summary>
    public Task<ClusterStatus?> StatusAsync(LocalNode node, CancellationToken cancellation) =>
        AskAsync<ClusterStatus>(node.Http + NodeEndpoints.Status, cancellation);

    /// <summary>Ends when all nodes that were started have ended.</summary>
    public Task WhenGoneAsync() => Task.WhenAll(_nodes.Select(node => node.Process.WaitForExitAsync()));

    /// <summary>Events that a node has stored since it started; null when it does not answer.</summary>
    public async Task<long?> EventsAsync(LocalNode node, CancellationToken cancellation) =>
        (await AskAsync<NodeCounts>(node.Http + NodeEndpoints.Counts, cancellation))?.EventsStored;

    /// <summary>Starts one more node.</summary>
    /// <exception cref="RunFailedException">It ends.</exception>
    public async Task<LocalNode> StartAnotherAsync(CancellationToken cancellation)
    {
        Node node = await StartNodeAsync(_nodes.Max(n => n.Number) + 1, [.. Living().Select(n => n.HostAndPort)], cancellation);
        return Nodes.Single(n => n.Number == node.Number);
    }

    /// <summary>Starts one that has ended again, under its address.</summary>
    /// <param name="seeds">That it is given; it may be one of them.</param>
    /// <exception cref="RunFailedException">It ends.</exception>
    public async Task<LocalNode> StartAgainAsync(LocalNode node, IEnumerable<LocalNode> seeds, CancellationToken cancellation)
    {
        Node ended = _nodes.Single(n => n.Number == node.Number);
        await ended.Process.WaitForExitAsync(cancellation);
        lock (_nodes)
        {
            _nodes.Remove(ended);
        }
        ended.Process.Dispose();
        int port = int.Parse(ended.HostAndPort[(ended.HostAndPort.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        return (await StartNodeAsync(node.Number, [.. seeds.Select(seed => Node.Of(seed.Address))], cancellation, port)).Public;
    }

    /// <summary>Asks a node to leave, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> LeaveAsync(int number, CancellationToken cancellation)
    {
        Process process = _nodes.Single(node => node.Number == number).Process;
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Whether a node may be given work.</summary>
    public async Task<bool> IsReadyAsync(LocalNode node, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(node.Http + NodeEndpoints.Ready, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The first one last: it holds most, and hands it to nobody when it is alone.
        foreach (Node node in _nodes.OrderByDescending(node => node.Number).Where(node => !node.Process.HasExited))
        {
            using CancellationTokenSource patience = new(Leave);
            try
            {
                await LeaveAsync(node.Number, patience.Token);
            }
            catch (OperationCanceledException)
            {
                node.Process.Kill();
            }
        }
        foreach (Node node in _nodes)
        {
            node.Process.Dispose();
        }
        _http.Dispose();
    }

    private async Task<Node> StartNodeAsync(int number, string[] seeds, CancellationToken cancellation, int port = 0)
    {
        string folder = Path.Combine(_folder, $"node-{number}");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "node.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            akkalb.node {
              port = {{port}}
              http.port = 0
              folder = "."
              seeds = [{{string.Join(", ", seeds.Select(seed => JsonSerializer.Serialize(seed)))}}]
              database = {{JsonSerializer.Serialize(_database)}}
            }

            """,
            cancellation);
        ProcessStartInfo start = new(_command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        IEnumerable<string> keys = _keys(number).SelectMany(key => (string[])["--set", key]);
        foreach (string argument in (string[])[.. _command.Skip(1), "node", file, "--until-input-ends", "--json", .. keys])
        {
            start.ArgumentList.Add(argument);
        }
        Process process = Process.Start(start)!;
        StringBuilder errors = new();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        string? started = await process.StandardOutput.ReadLineAsync(cancellation);
        if (started is null)
        {
            await process.WaitForExitAsync(cancellation);
            lock (errors)
            {
                throw new RunFailedException($"node {number} does not start: {errors.ToString().Trim().ReplaceLineEndings(" ")}");
            }
        }
        NodeStarted addresses = JsonSerializer.Deserialize<NodeStarted>(started, JsonSerializerOptions.Web)!;
        Node node = new(number, process, addresses.Address, addresses.Http);
        lock (_nodes)
        {
            _nodes.Add(node);
        }
        return node;
    }

    /// <summary>Waits until all living nodes may be given work.</summary>
    /// <exception cref="RunFailedException">One ends, or is not ready after a minute.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(Look);
        foreach (Node node in Living().ToArray())
        {
            while (!await IsReadyAsync(node.Public, cancellation))
            {
                if (node.Process.HasExited || TimeProvider.System.GetElapsedTime(begun) > Patience)
                {
                    string log = Path.Combine(_folder, $"node-{node.Number}", "node.log");
                    throw new RunFailedException($"node {node.Number} is not ready, see {log}");
                }
                await timer.WaitForNextTickAsync(cancellation);
            }
        }
    }

    private async Task<T?> AskAsync<T>(string url, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await _http.GetFromJsonAsync<T>(url, NodeEndpoints.Json, cancellation);
        }
        catch (Exception e) when (
            e is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private IEnumerable<Node> Living() => _nodes.Where(node => !node.Process.HasExited);

    private sealed record Node(int Number, Process Process, string Address, string Http)
    {
        public string HostAndPort => Of(Address);

        public static string Of(string address) => address[(address.IndexOf('@') + 1)..];

        public LocalNode Public => new(Number, Process.Id, Address, Http, !Process.HasExited);
    }
}

/// <summary>A node that is a process here.</summary>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="Http">Where it tells its status.</param>
public sealed record LocalNode(int Number, int ProcessId, string Address, string Http, bool IsAlive);

/// <summary>What <c>akkalb node --json</c> prints when it has started.</summary>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="Http">Where its health and status are asked for.</param>
public sealed record NodeStarted(string Address, string Http)
{
    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
