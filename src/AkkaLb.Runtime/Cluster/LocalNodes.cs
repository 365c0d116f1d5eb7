using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Nodes of a cluster on this machine, each a process of its own. They leave when their standard input ends, however this one ends.</summary>
public sealed class LocalNodes : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromSeconds(60), Leave = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly List<Node> _nodes = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private LocalNodes(string folder) => _folder = folder;

    /// <summary>Addresses where nodes tell their status, those that live first.</summary>
    public IReadOnlyList<LocalNode> Nodes => [.. _nodes.Select(node => new LocalNode(node.Number, node.Process.Id, node.Address, node.Http, !node.Process.HasExited))];

    /// <summary>Starts nodes and waits until all are members of one cluster.</summary>
    /// <param name="command">Program and arguments that start <c>akkalb</c>.</param>
    /// <param name="folder">For their files.</param>
    /// <param name="keys"><c>key=value</c> for all nodes.</param>
    /// <exception cref="RunFailedException">One ends, or they do not find each other.</exception>
    public static async Task<LocalNodes> StartAsync(
        IReadOnlyList<string> command, int count, string database, string folder, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        LocalNodes nodes = new(folder);
        try
        {
            // The first one takes a free port, and is the others' seed.
            Node first = await nodes.StartNodeAsync(command, 1, database, [], keys, cancellation);
            string seed = first.Address[(first.Address.IndexOf('@') + 1)..];
            await Task.WhenAll(Enumerable.Range(2, count - 1).Select(n => nodes.StartNodeAsync(command, n, database, [seed], keys, cancellation)));
            nodes._nodes.Sort((a, b) => a.Number.CompareTo(b.Number));
            await nodes.WaitUntilFormedAsync(count, cancellation);
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
        foreach (Node node in _nodes.Where(node => !node.Process.HasExited).ToArray())
        {
            try
            {
                return await _http.GetFromJsonAsync<ClusterStatus>(node.Http + NodeEndpoints.Status, NodeEndpoints.Json, cancellation);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                // Another one may answer.
            }
        }
        return null;
    }

    /// <summary>Events that a node has stored since it started; null when it does not answer.</summary>
    public async Task<long?> EventsAsync(LocalNode node, CancellationToken cancellation)
    {
        try
        {
            return (await _http.GetFromJsonAsync<NodeCounts>(node.Http + NodeEndpoints.Counts, NodeEndpoints.Json, cancellation))?.EventsStored;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // One after the other: the last one has nobody to hand anything over to.
        foreach (Node node in _nodes)
        {
            node.Process.StandardInput.Close();
        }
        foreach (Node node in _nodes)
        {
            using CancellationTokenSource patience = new(Leave);
            try
            {
                await node.Process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                node.Process.Kill();
            }
            node.Process.Dispose();
        }
        _http.Dispose();
    }

    private async Task<Node> StartNodeAsync(
        IReadOnlyList<string> command, int number, string database, string[] seeds, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        string folder = Path.Combine(_folder, $"node-{number}");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "node.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            akkalb.node {
              port = 0
              http.port = 0
              folder = "."
              seeds = [{{string.Join(", ", seeds.Select(seed => JsonSerializer.Serialize(seed)))}}]
              database = {{JsonSerializer.Serialize(database)}}
            }

            """,
            cancellation);
        ProcessStartInfo start = new(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command.Skip(1).Concat(["node", file, "--until-input-ends", "--json"]).Concat(keys.SelectMany(k => (string[])["--set", k])))
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

    private async Task WaitUntilFormedAsync(int count, CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(Look);
        foreach (Node node in _nodes)
        {
            while (!await IsReadyAsync(node, cancellation))
            {
                if (node.Process.HasExited || TimeProvider.System.GetElapsedTime(begun) > Patience)
                {
                    throw new RunFailedException($"node {node.Number} of {count} is not ready, see {Path.Combine(_folder, $"node-{node.Number}", "node.log")}");
                }
                await timer.WaitForNextTickAsync(cancellation);
            }
        }
    }

    private async Task<bool> IsReadyAsync(Node node, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(node.Http + NodeEndpoints.Ready, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed record Node(int Number, Process Process, string Address, string Http);
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
