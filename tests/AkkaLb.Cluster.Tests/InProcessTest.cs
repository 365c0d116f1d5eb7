using System.Net.Http.Json;
using System.Text.Json;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cluster.Tests;

/// <summary>Nodes in this process, over real remoting. They share its logger, so one test of them goes on at a time.</summary>
[Collection("nodes in this process")]
public abstract class InProcessTest : ClusterTest
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // For a line of a log, and for what a node says.
    private const int MaxLooks = 300;

    private readonly List<ClusterNode> _nodes = [];

    protected IReadOnlyList<ClusterNode> Nodes => _nodes;

    protected HttpClient Http { get; } = new();

    public override async Task DisposeAsync()
    {
        await Task.WhenAll(_nodes.ToArray().Select(LeaveAsync));
        Http.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Writes the file of a node on free ports.</summary>
    /// <param name="seed">Null: it begins a cluster.</param>
    /// <param name="more">Of its section.</param>
    protected string NodeFile(string name, ClusterNode? seed, string more = "")
    {
        string file = Path.Combine(Folder, $"{name}.conf");
        File.WriteAllText(
            file,
            $$"""
            akkalb.node {
              port = 0, http.port = 0, folder = {{name}}, database = "{{Database}}"
              seeds = [{{(seed is null ? "" : $"\"{seed.Address[(seed.Address.IndexOf('@') + 1)..]}\"")}}]
              {{more}}
            }
            """);
        return file;
    }

    protected async Task<ClusterNode> StartNodeAsync(string name, ClusterNode? seed, string more = "", params string[] keys)
    {
        ClusterNode node = await ClusterNode.StartAsync(NodeOptions.Read(NodeFile(name, seed, more), keys), Deadline);
        _nodes.Add(node);
        return node;
    }

    protected async Task LeaveAsync(ClusterNode node)
    {
        using CancellationTokenSource leave = new();
        await leave.CancelAsync();
        await node.RunAsync(leave.Token);
        await node.DisposeAsync();
        lock (_nodes)
        {
            _nodes.Remove(node);
        }
    }

    /// <summary>Waits until a node knows so many members that are up.</summary>
    protected async Task MembersShouldBeUpAsync(ClusterNode node, int members)
    {
        using PeriodicTimer timer = new(Look);
        while (await StatusAsync(node) is var status && status.Members.Count(member => member.Status == "Up") != members)
        {
            await timer.WaitForNextTickAsync(Deadline);
        }
    }

    /// <summary>Waits until a node says of its readiness what it should.</summary>
    /// <param name="meanwhile">Done before every look.</param>
    protected async Task ReadyShouldBeAsync(ClusterNode node, string answer, Func<Task>? meanwhile = null)
    {
        using PeriodicTimer timer = new(Look);
        string last = "";
        for (int looks = 0; last != answer; looks++)
        {
            looks.ShouldBeLessThan(MaxLooks, $"expected '{answer}', found '{last}'");
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            await timer.WaitForNextTickAsync(Deadline);
            last = (await (await Http.GetAsync($"{node.HttpAddress}/health/ready", Deadline)).Content.ReadAsStringAsync(Deadline)).Trim();
        }
    }

    protected async Task<ClusterStatus> StatusAsync(ClusterNode node) =>
        (await Http.GetFromJsonAsync<ClusterStatus>(node.HttpAddress + "/status", JsonSerializerOptions.Web, Deadline)).ShouldNotBeNull();

    /// <summary>Waits until the log of a node has something to tell.</summary>
    /// <returns>The lines that have the text.</returns>
    protected async Task<IReadOnlyList<string>> LoggedAsync(string name, string text)
    {
        using PeriodicTimer timer = new(Look);
        string[] lines = [];
        for (int looks = 0; lines.Length == 0; looks++)
        {
            looks.ShouldBeLessThan(MaxLooks, $"'{text}' is not in the log of {name}:\n{string.Join('\n', Log(name))}");
            await timer.WaitForNextTickAsync(Deadline);
            lines = [.. Log(name).Where(line => line.Contains(text, StringComparison.Ordinal))];
        }
        return lines;
    }

    protected IReadOnlyList<string> Log(string name)
    {
        using FileStream stream = new(Path.Combine(Folder, name, "node.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
