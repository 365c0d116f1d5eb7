using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Steering;

/// <summary>nginx: observed by an access log, steered by the file of an upstream and a graceful reload.</summary>
internal sealed class NginxBalancer : ISteeredBalancer
{
    // Of the mean server; nginx takes any number, but its round robin counts up to it.
    private const int Mean = 20, Most = 1000;

    private readonly NginxTarget _target;
    private readonly IReadOnlyList<SteeredServer> _servers;
    private readonly GrowingFile _file;
    private readonly long _lag;
    private readonly AccessLog _log;

    public NginxBalancer(NginxTarget target, IReadOnlyList<SteeredServer> servers)
    {
        (_target, _servers) = (target, servers);
        _file = new GrowingFile(target.Log);
        _lag = LiveClock.Of(target.Lag);
        _log = new AccessLog(servers, _lag);
    }

    long ISteeredBalancer.Lag => _lag;

    public async Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation)
    {
        foreach (string line in await ReadAsync("log", _target.Log, "the access log that nginx writes", _file.ReadAsync(cancellation)))
        {
            _log.Add(line, now);
        }
        return _log.Until(now);
    }

    public async Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation)
    {
        int pid = await ProcessAsync(cancellation);
        await WholeFile.WriteAsync(_target.Upstream, Upstream(_target, _servers, weights), cancellation);
        if (Signals.HangUp(pid) is { } problem)
        {
            throw new IOException($"{_target.Pid}: nginx is not reloaded: {problem}");
        }
    }

    /// <exception cref="IOException">It cannot be read; the message names the key where the file is not there.</exception>
    private static async Task<T> ReadAsync<T>(string key, string path, string expected, Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"'nginx.{key}' is '{path}', expected {expected}; it is not there", e);
        }
    }

    /// <summary>The file may be of an nginx that has gone, and its number another process's by now, which a signal would end.</summary>
    private async Task<int> ProcessAsync(CancellationToken cancellation)
    {
        string text = (await ReadAsync(
            "pid", _target.Pid, "the file with the number of nginx's process", File.ReadAllTextAsync(_target.Pid, cancellation))).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid == 0)
        {
            throw new IOException($"{_target.Pid}: expected the number of nginx's process, found '{text}'");
        }
        try
        {
            using Process process = Process.GetProcessById(pid);
            return process.ProcessName == "nginx"
                ? pid
                : throw new IOException($"{_target.Pid}: expected nginx's process, found {process.ProcessName} ({pid})");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new IOException($"{_target.Pid}: expected nginx's process, {pid} is none that runs", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The upstream's text.</summary>
    internal static string Upstream(NginxTarget target, IReadOnlyList<SteeredServer> servers, IReadOnlyList<float> weights)
    {
        int[] whole = WholeWeights.Of(weights, Mean, Most);
        StringBuilder text = new("# Written by 'akkalb steer'.\n");
        text.Append(CultureInfo.InvariantCulture, $"upstream {target.Name} {{\n");
        // How it balances comes first, keepalive after: nginx wants it so.
        IEnumerable<string> lines = target.Lines;
        foreach (string line in lines.Where(line => !line.StartsWith("keepalive", StringComparison.Ordinal)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {line};\n");
        }
        for (int j = 0; j < servers.Count; j++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  server {servers[j].Address} weight={whole[j]};\n");
        }
        foreach (string line in lines.Where(line => line.StartsWith("keepalive", StringComparison.Ordinal)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {line};\n");
        }
        return text.Append("}\n").ToString();
    }
}
