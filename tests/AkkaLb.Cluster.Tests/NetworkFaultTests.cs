using System.Globalization;
using AkkaLb.Runtime.Cluster;
using Xunit.Abstractions;

namespace AkkaLb.Cluster.Tests;

/// <summary>Nodes that live and do not hear each other, or not in time.</summary>
public sealed class NetworkFaultTests(ITestOutputHelper output) : FaultTest(output)
{
    // What waits for a node beyond it waits in Akka.Remote.
    private const string SmallBuffer = "akka.remote.dot-netty.tcp.send-buffer-size=4096b";

    private readonly Dictionary<int, CutProxy> _proxies = [];

    public override async Task DisposeAsync()
    {
        foreach (CutProxy proxy in _proxies.Values)
        {
            proxy.Dispose();
        }
        await base.DisposeAsync();
    }

    /// <summary>Each of the two reaches the database: the lease there lets one live, and the other one ends itself.</summary>
    [SkippableFact]
    public Task TwoNodes_AreCutFromEachOther_OneGoesOn()
    {
        RequireAll();
        foreach (int number in (int[])[1, 2])
        {
            _proxies[number] = CutProxy.Start();
        }
        return ShouldSurviveAsync(2, "samaroh", 60, at: 25, async () =>
        {
            foreach (CutProxy proxy in _proxies.Values)
            {
                proxy.Cut();
            }
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
            while (Nodes.Nodes.All(node => node.IsAlive))
            {
                await timer.WaitForNextTickAsync(Deadline);
            }
        });
    }

    /// <summary>What it is sent meanwhile waits, and counts no longer when it comes.</summary>
    [SkippableFact]
    public Task Node_StopsTooShortToBeDead_RunIsUndisturbed()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh", 400, at: 25, async () =>
        {
            LocalNode node = await NodeAsync(holdsRun: false);
            for (int i = 0; i < 3; i++)
            {
                Signal(node, "STOP");
                await PassAsync(TimeSpan.FromMilliseconds(2600));
                Signal(node, "CONT");
                await PassAsync(TimeSpan.FromSeconds(2));
            }
        }, "", "node.failure-detection=steady", "node.patience=500ms");
    }

    /// <summary>Senders wait, and lose nothing that counts.</summary>
    [SkippableFact]
    public Task SendBuffers_AreFull_RunIsUndisturbed()
    {
        RequireAll();
        Skip.IfNot(OperatingSystem.IsLinux(), "how much waits to be sent is read from /proc");
        _proxies[2] = CutProxy.Start();
        return ShouldSurviveAsync(
            3, "samaroh-2l", 400, at: 25,
            async () =>
            {
                for (int i = 0; i < 3; i++)
                {
                    _proxies[2].Stall();
                    await PassAsync(TimeSpan.FromMilliseconds(2600));
                    long waiting = BytesWaiting(_proxies[2].Port);
                    _proxies[2].GoOn();
                    waiting.ShouldBeGreaterThan(0, "nothing waited to be sent");
                    await PassAsync(TimeSpan.FromSeconds(2));
                }
            },
            "memory { deltas = [0.05], size = 8 }", "node.failure-detection=steady", "node.patience=500ms",
            // Else others speak to the node by connections that it has opened itself, past what stands before it.
            "akka.remote.use-passive-connections=off");
    }

    /// <summary>Bytes in the send buffers of those who speak to a port of this machine.</summary>
    private static long BytesWaiting(int port) => new[] { "/proc/net/tcp", "/proc/net/tcp6" }
        .SelectMany(file => File.ReadLines(file).Skip(1))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields[2].EndsWith($":{port:X4}", StringComparison.Ordinal))
        .Sum(fields => long.Parse(fields[4].Split(':')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    [SkippableFact]
    public Task Node_IsSlow_RunIsUndisturbed()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh-2l", 100, at: 25, async () =>
        {
            LocalNode node = await NodeAsync(holdsRun: false);
            for (int i = 0; i < 40; i++)
            {
                Signal(node, "STOP");
                await PassAsync(TimeSpan.FromMilliseconds(200));
                Signal(node, "CONT");
                await PassAsync(TimeSpan.FromMilliseconds(50));
            }
        }, "memory { deltas = [0.05], size = 8 }");
    }

    protected override IEnumerable<string> Keys(int number) => _proxies.TryGetValue(number, out CutProxy? proxy)
        ? [$"node.port={proxy.Port}", $"node.bind-port={proxy.Target}", SmallBuffer]
        : [SmallBuffer];
}
