using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace AkkaLb.Runtime.Hosting;

/// <summary>
/// Tells systemd how a service is, where it was started by systemd with <c>Type=notify</c> (sd_notify(3)): that it is up, that it is alive
/// as often as <c>WatchdogSec</c> asks, and that it ends. Elsewhere it does nothing.
/// </summary>
public sealed class ServiceManager : IAsyncDisposable
{
    private const string Interval = "WATCHDOG_USEC", Process = "WATCHDOG_PID";

    private static readonly ServiceState Alive = new("WATCHDOG=1");

    private readonly SystemdNotifier _notifier = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _watch;

    private ServiceManager(Func<bool> isAlive, TimeProvider time)
    {
        _notifier.Notify(ServiceState.Ready);
        _watch = _notifier.IsEnabled && Period() is { } period ? WatchAsync(isAlive, period, time) : Task.CompletedTask;
    }

    /// <summary>The service is up from now on.</summary>
    /// <param name="isAlive">
    /// Whether it need not be ended and started again: a service that waits for its database, its cluster or its servers is alive.
    /// </param>
    public static ServiceManager Begin(Func<bool> isAlive, TimeProvider time) => new(isAlive, time);

    /// <summary>The service ends: it is watched until it has, but may take as long as <c>TimeoutStopSec</c> says.</summary>
    public void Stopping() => _notifier.Notify(ServiceState.Stopping);

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _watch;
        _ends.Dispose();
    }

    /// <summary>Half of what systemd waits, as it recommends; null where it does not watch this process.</summary>
    private static TimeSpan? Period() =>
        long.TryParse(Environment.GetEnvironmentVariable(Interval), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
        && microseconds > 1
        && Environment.GetEnvironmentVariable(Process) is var process
        && (string.IsNullOrEmpty(process) || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(microseconds / 2.0)
            : null;

    private async Task WatchAsync(Func<bool> isAlive, TimeSpan period, TimeProvider time)
    {
        using PeriodicTimer timer = new(period, time);
        try
        {
            do
            {
                if (isAlive())
                {
                    _notifier.Notify(Alive);
                }
            }
            while (await timer.WaitForNextTickAsync(_ends.Token));
        }
        catch (OperationCanceledException)
        {
            // The service has ended.
        }
    }
}
