using System.Net.Sockets;
using System.Text;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Runtime.Tests.Hosting;

/// <summary>What systemd hears, on a datagram socket as it has one. The environment is the process's:
/// nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(ServiceManagerTests), DisableParallelization = true)]
[Collection(nameof(ServiceManagerTests))]
public sealed class ServiceManagerTests : IDisposable
{
    private static readonly string[] Variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-notify-").FullName;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
    private readonly FakeTimeProvider _time = new();

    public ServiceManagerTests() => _systemd.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "notify")));

    public void Dispose()
    {
        Set(_before);
        _systemd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Service_Watched_SaysReadyAliveAndStopping()
    {
        bool alive = true;
        Set(Path.Combine(_folder, "notify"), "60000000", $"{Environment.ProcessId}");
        await using ServiceManager service = ServiceManager.Begin(() => alive, _time);
        Heard().ShouldBe("READY=1");
        Heard().ShouldBe("WATCHDOG=1");
        _time.Advance(TimeSpan.FromSeconds(30));
        Heard().ShouldBe("WATCHDOG=1");
        alive = false;
        _time.Advance(TimeSpan.FromSeconds(30));
        service.Stopping();
        // Of a service that is not alive nothing is heard but that it ends.
        Heard().ShouldBe("STOPPING=1");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("60000000", "1")]
    [InlineData("never", null)]
    public async Task Service_NotWatched_SaysReadyAndStoppingOnly(string? interval, string? process)
    {
        Set(Path.Combine(_folder, "notify"), interval, process);
        await using ServiceManager service = ServiceManager.Begin(() => true, _time);
        _time.Advance(TimeSpan.FromHours(1));
        service.Stopping();
        Heard().ShouldBe("READY=1");
        Heard().ShouldBe("STOPPING=1");
        _systemd.Available.ShouldBe(0);
    }

    [Fact]
    public async Task Service_NotOfSystemd_SaysNothing()
    {
        Set(null, "60000000", null);
        await using ServiceManager service = ServiceManager.Begin(() => throw new InvalidOperationException("asked by nobody"), _time);
        _time.Advance(TimeSpan.FromHours(1));
        service.Stopping();
        _systemd.Available.ShouldBe(0);
    }

    private string Heard()
    {
        byte[] message = new byte[256];
        return Encoding.UTF8.GetString(message, 0, _systemd.Receive(message));
    }

    private static void Set(params string?[] values)
    {
        foreach ((string variable, string? value) in Variables.Zip(values))
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }
}
