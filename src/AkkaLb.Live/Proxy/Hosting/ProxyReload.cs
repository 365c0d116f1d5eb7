using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Experiments;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// Takes a changed file over while requests go on. Routes, clusters and servers change; listeners, limits, admin, name and state are those
/// of the start. A file that is not valid changes nothing.
/// </summary>
internal sealed class ProxyReload : IAsyncDisposable
{
    private readonly ProxyOptions _started;
    private readonly ProxyClusters _clusters;
    private readonly Func<ProxyOptions> _reread;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private (DateTime Written, long Length) _seen;

    public ProxyReload(ProxyOptions started, ProxyClusters clusters, Func<ProxyOptions> reread, TimeProvider time, ILogger log)
    {
        (_started, _clusters, _reread, _log) = (started, clusters, reread, log);
        _seen = Look();
        _watching = started.Reload > TimeSpan.Zero ? WatchAsync(new PeriodicTimer(started.Reload, time)) : Task.CompletedTask;
    }

    /// <summary>Reads the file anew.</summary>
    /// <returns>Null when it holds from now on; else what is wrong with it.</returns>
    public async Task<string?> ReloadAsync()
    {
        _seen = Look();
        try
        {
            ProxyOptions options = _reread();
            if (options.Name != _started.Name || options.State != _started.State || options.Listeners.Count != _started.Listeners.Count
                || !options.Listeners.SequenceEqual(_started.Listeners))
            {
                throw new InvalidInputException(
                    $"{options.Source}: 'akkalb.proxy.name', '.state' and '.listeners' are those of the start, expected them unchanged: "
                    + "start the proxy anew");
            }
            await _clusters.ApplyAsync(options);
            _log.Reloaded(options.Source, options.Clusters.Count, options.Clusters.Sum(cluster => cluster.Servers.Count));
            return null;
        }
        catch (Exception e) when (e is InvalidInputException or RunFailedException)
        {
            _log.NotReloaded(e.Message);
            return e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stop.Token))
                {
                    if (Look() != _seen)
                    {
                        await ReloadAsync();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The proxy ends.
            }
        }
    }

    private (DateTime Written, long Length) Look()
    {
        FileInfo file = new(_started.Source);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : _seen;
    }
}
