using AkkaLb.Domain.DataCenter;
using AkkaLb.Live.Load;
using AkkaLb.Live.TestServers;
using AkkaLb.Live.Timing;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Live.Testbed;

/// <summary>Makes single runs: starts the balancers, sends the load, lets happen what is to happen, and stops the balancers.</summary>
/// <param name="folder">Absolute; balancers have their files under it.</param>
internal sealed class CellRunner(TestbedOptions options, ServersProcess servers, string folder, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <exception cref="RunFailedException">A balancer does not start.</exception>
    public async Task<LoadRun> RunAsync(TestbedCell cell, CancellationToken cancellation)
    {
        await servers.ResetAsync(cancellation);
        IReadOnlyList<int> ports = FreePorts.Take(cell.Proxies);
        List<ChildProcess> balancers = [];
        try
        {
            for (int i = 0; i < cell.Proxies; i++)
            {
                balancers.Add(Start(cell, i, ports[i]));
            }
            IReadOnlyList<Uri> targets = [.. ports.Select(p => new Uri($"http://127.0.0.1:{p}/"))];
            using HttpClient client = new();
            await Task.WhenAll(targets.Select((target, i) => balancers[i].UntilAsync(
                ReadyAsync(client, target, cancellation), options.ReadyWithin, time, cancellation)));
            return await LoadAsync(cell, targets, cancellation);
        }
        finally
        {
            await Task.WhenAll(balancers.Select(b => b.DisposeAsync().AsTask()));
        }
    }

    /// <summary>The load of a cell: that of the file, scaled to what the servers can do.</summary>
    public static LoadOptions LoadOf(TestbedOptions options, TestbedCell cell)
    {
        double capacity = options.Servers.Slots.Select((s, i) => options.IsAbsentAtStart(i) ? 0 : s * options.Servers.Speeds[i]).Sum();
        return options.Load with { Seed = cell.Seed, Traffic = LoadScale.To(options.Load.Traffic, cell.Load, capacity) };
    }

    private ChildProcess Start(TestbedCell cell, int index, int port)
    {
        string own = Path.Combine(folder, $"{index}");
        if (Directory.Exists(own))
        {
            Directory.Delete(own, recursive: true);
        }
        Directory.CreateDirectory(own);
        BalancerPlace place = new(own, index, port, servers.Addresses, cell.Contender.WeightsOf(options.Servers.Slots), cell.Seed);
        BalancerStart start = Balancers.Of(cell.Contender, options).Prepare(place);
        foreach ((string name, string content) in start.Files)
        {
            File.WriteAllText(place.FileIn(name), content);
        }
        return new ChildProcess(start.Program, start.Arguments, place.FileIn("stderr.log"), environment: start.Environment);
    }

    /// <summary>A balancer is ready when a request through it is answered.</summary>
    private async Task<bool> ReadyAsync(HttpClient client, Uri target, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri(target, TestServer.HealthPath), cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Not there yet.
            }
            await time.WaitAsync(Look, cancellation);
        }
        return false;
    }

    private async Task<LoadRun> LoadAsync(TestbedCell cell, IReadOnlyList<Uri> targets, CancellationToken cancellation)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task events = Task.CompletedTask;
        LoadRun run = await LoadRun.RunAsync(
            LoadOf(options, cell), targets, time, () => events = PlayEventsAsync(over.Token), cancellation);
        await over.CancelAsync();
        await events;
        return run;
    }

    private async Task PlayEventsAsync(CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        foreach (ServerChange change in options.Events)
        {
            await time.WaitAsync(change.Time - time.GetElapsedTime(started), cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }
            await servers.ApplyAsync(change, CancellationToken.None);
        }
    }
}
