using System.Diagnostics;
using System.Globalization;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;
using Xunit.Abstractions;

namespace AkkaLb.Cluster.Tests;

/// <summary>A run on nodes that are processes, while something happens to them. Logs of the nodes are kept when the test fails.</summary>
public abstract class FaultTest(ITestOutputHelper output) : ClusterTest
{
    /// <summary>Whether the long half is run too: <c>bench/cluster-faults</c> says so.</summary>
    protected static bool RunsAll => Environment.GetEnvironmentVariable("AKKALB_FAULTS") == "all";

    private readonly Stopwatch _recovery = new();

    protected LocalNodes Nodes { get; private set; } = null!;

    private string NodeFolder => Path.Combine(Folder, "nodes");

    protected static void RequireAll() => Skip.IfNot(RunsAll, "one of the long half: bench/cluster-faults runs it");

    /// <summary>Runs an experiment on nodes while something happens, and compares.</summary>
    /// <param name="at">Episodes after which it happens.</param>
    /// <param name="happen">Ends when the fault is over; what comes after it is recovery.</param>
    protected async Task ShouldSurviveAsync(
        int nodes, string method, int episodes, int at, Func<Task> happen, string more = "", params string[] keys)
    {
        RequirePostgres();
        string experiment = Experiment(method, episodes, more);
        string alone = await RunAloneAsync(experiment);
        await OnNodesAsync(nodes, keys, async () =>
        {
            DateTimeOffset fault = default;
            Observer observer = new Observer().After(at, async () =>
            {
                _recovery.Start();
                fault = TimeProvider.System.GetUtcNow();
                await happen();
            }).After(episodes - 1, () =>
            {
                _recovery.Stop();
                return Task.CompletedTask;
            });
            using CancellationTokenSource over = new();
            Task<int> watching = MostAgentsAsync(over.Token);
            RunResult run = await RunOnClusterAsync(experiment, "cluster", observer);
            await observer.Done;
            await over.CancelAsync();
            // No agent lives twice, whatever has happened; that each lives once, its journal says.
            (await watching).ShouldBeInRange(1, TopologyLibrary.Get(Topology).LinkCount);
            ShouldBeUndisturbed(run, alone);
            observer.Episodes.ShouldBe(episodes);
            output.WriteLine(
                $"placed again {string.Join(", ", PlacedAfter(fault).Select(after => $"{after.TotalSeconds:0.0}"))} s after the fault; "
                    + $"longest gap between episodes {observer.LongestGap.TotalSeconds:0.0} s; from the fault to the end of the run "
                + $"{_recovery.Elapsed.TotalSeconds:0.0} s; {((RunSummary)run.Summary).Cluster}");
        });
    }

    /// <summary>Does something while nodes are there, and keeps their logs when it fails.</summary>
    protected async Task OnNodesAsync(int nodes, string[] keys, Func<Task> act)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "akkalb.dll");
        Directory.CreateDirectory(NodeFolder);
        bool passed = false;
        try
        {
            Nodes = await LocalNodes.StartAsync(
                ["dotnet", "exec", program], nodes, Database, NodeFolder,
                n => ["node.failure-detection=fast", $"node.nodes-to-begin={nodes}", .. keys, .. Keys(n)], Deadline);
            await using (Nodes)
            {
                await act();
            }
            passed = true;
        }
        finally
        {
            if (!passed)
            {
                string kept = Path.Combine(Path.GetTempPath(), $"akkalb-faults-{GetType().Name}-{Path.GetRandomFileName()}");
                Directory.Move(NodeFolder, kept);
                output.WriteLine($"logs of the nodes: {kept}");
            }
        }
    }

    /// <summary>When all agents were placed again, as the logs of the nodes say.</summary>
    private IEnumerable<TimeSpan> PlacedAfter(DateTimeOffset fault) => Directory
        .EnumerateFiles(NodeFolder, "node.log", SearchOption.AllDirectories)
        .SelectMany(file => File.ReadLines(file))
        .Where(line => line.Contains("/placement Placement ", StringComparison.Ordinal) && line.Contains(
            " agents on ", StringComparison.Ordinal))
        .Select(line => DateTimeOffset.Parse(line[..line.IndexOf(' ')], CultureInfo.InvariantCulture) - fault)
        .Where(after => after > TimeSpan.Zero)
        .Order();

    /// <summary>Keys of a node of a number.</summary>
    protected virtual IEnumerable<string> Keys(int number) => [];

    /// <summary>The node that holds the run, or one that does not.</summary>
    protected async Task<LocalNode> NodeAsync(bool holdsRun)
    {
        ClusterStatus status = (await Nodes.StatusAsync(Deadline)).ShouldNotBeNull();
        return Nodes.Nodes.First(node => node.IsAlive && (node.Address == status.Singleton) == holdsRun);
    }

    /// <summary>How many agents lived at once at most, on all nodes that could be asked.</summary>
    private async Task<int> MostAgentsAsync(CancellationToken over)
    {
        int most = 0;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, (await Nodes.StatusAsync(Deadline))?.Agents.Total ?? 0);
            await timer.WaitForNextTickAsync(Deadline);
        }
        return most;
    }

    protected static void Signal(LocalNode node, string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{node.ProcessId}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends after a time of the machine's: what happens to processes has none of our own.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        using PeriodicTimer timer = new(time);
        await timer.WaitForNextTickAsync(Deadline);
    }
}
