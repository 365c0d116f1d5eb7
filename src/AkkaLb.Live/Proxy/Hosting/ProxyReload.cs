using System.Net.Sockets;
using System.Security.Cryptography;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Timing;
using AkkaLb.Runtime.Experiments;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// Takes a changed file over while requests go on. Routes, clusters and servers change; name, state and listeners are to stay, and what
/// else is other than at the start holds from the next one on. A file that is not valid changes nothing. The certificates that listeners
/// show are renewed even so: their files are not written by those who write that one.
/// </summary>
internal sealed class ProxyReload : IAsyncDisposable
{
    /// <summary>Looks in a row that do not find the file before that is told: a moment without it is how files are replaced.</summary>
    private const int Moment = 3;

    private readonly ProxyOptions _started;
    private readonly ProxyClusters _clusters;
    private readonly ListenerCertificates _certificates;
    private readonly Func<ProxyOptions> _reread;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly string[] _certificateFiles;
    private ProxyOptions _held;
    private IReadOnlyList<string> _files;
    private string _seen;
    private string? _problem;
    private int _gone;

    public ProxyReload(
        ProxyOptions started, ProxyClusters clusters, ListenerCertificates certificates, Func<ProxyOptions> reread, TimeProvider time,
        ILogger log)
    {
        (_started, _held, _clusters, _certificates, _reread, _log) = (started, started, clusters, certificates, reread, log);
        _files = started.Files;
        _certificateFiles =
        [
            .. started.Listeners.SelectMany(listener => new[] { listener.Certificate, listener.Key }).Where(file => file.Length > 0),
        ];
        _seen = Look() ?? "";
        _watching = started.Reload == TimeSpan.Zero
            ? Task.CompletedTask
            : Rounds.RepeatAsync(started.Reload, time, LookAgainAsync, failure => log.NotReloaded(failure.Message), _stop.Token);
    }

    /// <summary>Reads the file and the certificates anew; one after the other, so that what was read last holds.</summary>
    /// <returns>Null when it holds from now on; else what is wrong with it.</returns>
    public async Task<string?> ReloadAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return await ReadAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string?> ReadAsync()
    {
        // When it is there again it is read.
        _seen = Look() ?? "";
        try
        {
            _certificates.Read(_started);
            ProxyOptions options = _reread();
            // Where it includes others than before, it is read once more with the next look.
            _files = options.Files;
            string[] absent = [.. options.Absent.Except(_held.Absent)];
            if (absent.FirstOrDefault(_held.Files.Contains) is { } gone)
            {
                throw new InvalidInputException(
                    $"{options.Source}: includes {gone}, which is missing or empty, expected it as it was: "
                    + "to do without, take out the include");
            }
            if (options.Name != _started.Name || options.State != _started.State || options.Listeners.Count != _started.Listeners.Count
                || !options.Listeners.SequenceEqual(_started.Listeners))
            {
                throw new InvalidInputException(
                    $"{options.Source}: 'akkalb.proxy.name', '.state' and '.listeners' are those of the start, expected them unchanged: "
                    + "start the proxy anew");
            }
            await _clusters.ApplyAsync(options);
            (_held, _problem) = (options, null);
            foreach (string file in absent)
            {
                _log.IncludeAbsent(options.Source, file);
            }
            _log.Reloaded(options.Source, options.Clusters.Count, options.Clusters.Sum(cluster => cluster.Servers.Count), Later(options));
            return null;
        }
        catch (Exception e) when (e is InvalidInputException or RunFailedException)
        {
            if (e.InnerException is SocketException)
            {
                // DNS may know the name a moment later: the next look tries again.
                _seen = "";
            }
            if (_problem != e.Message)
            {
                _log.NotReloaded(e.Message);
            }
            return _problem = e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    /// <summary>What of it does not hold before the next start, for the log.</summary>
    private string Later(ProxyOptions now)
    {
        (string Key, bool IsOther)[] keys =
        [
            ("admin", now.Admin != _started.Admin), ("limits", now.Limits != _started.Limits), ("reload", now.Reload != _started.Reload),
            ("keep", now.Keep != _started.Keep), ("seed", now.Seed != _started.Seed), ("shutdown", now.Shutdown != _started.Shutdown),
            ("shutdown-notice", now.ShutdownNotice != _started.ShutdownNotice), ("akkalb.journal", IsOther("akkalb.journal")),
            ("akka", IsOther("akka")),
        ];
        string others = string.Join(", ", keys.Where(key => key.IsOther).Select(key => key.Key));
        return others.Length == 0 ? "" : $"; other than at the start, and in force from the next one on: {others}";

        bool IsOther(string section) => Text(now, section) != Text(_started, section);

        static string Text(ProxyOptions of, string section) => of.Resolved.GetValue(section) is { } value ? HoconWriter.Write(value) : "";
    }

    private Task LookAgainAsync(CancellationToken cancellation)
    {
        string? now = Look();
        _gone = now is null ? _gone + 1 : 0;
        return _gone == Moment || (now is not null && now != _seen) ? ReloadAsync() : Task.CompletedTask;
    }

    private string? Look() => Look([.. _files, .. _certificateFiles]);

    /// <summary>What the files hold, whatever links lead there; null while the first is not there.</summary>
    private static string? Look(IReadOnlyList<string> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            try
            {
                hash.AppendData(File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (file == files[0])
                {
                    return null;
                }
            }
            hash.AppendData([0]);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
