using System.Net;
using System.Net.Sockets;
using CliWrap;

namespace AkkaLb.Live.Tests.Steering;

/// <summary>A balancer of Debian's, as a process of its own in a temporary folder, on ports that were free a moment ago.</summary>
internal sealed class OtherBalancer : IAsyncDisposable
{
    private readonly Command _command;
    private CancellationTokenSource _stop = new();
    private CommandTask<CommandResult> _process;

    private OtherBalancer(string folder, Command command, int port)
    {
        (Folder, _command, Port) = (folder, command, port);
        _process = _command.ExecuteAsync(_stop.Token);
    }

    public string Folder { get; }

    public int Port { get; }

    /// <summary>Where a program is; null: it is not installed.</summary>
    public static string? Find(string program) =>
        new[] { "/usr/sbin", "/usr/bin", "/usr/local/sbin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="configuration">Of the folder and the port.</param>
    /// <param name="arguments">Of the configuration's path.</param>
    public static async Task<OtherBalancer> StartAsync(
        string program, Func<string, int, string> configuration, Func<string, IReadOnlyList<string>> arguments)
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-steer-").FullName, file = Path.Combine(folder, "balancer.conf");
        for (int attempt = 0; ; attempt++)
        {
            int port = FreePort();
            await File.WriteAllTextAsync(file, configuration(folder, port));
            OtherBalancer balancer = new(folder, Cli.Wrap(program).WithArguments(arguments(file)).WithWorkingDirectory(folder)
                .WithValidation(CommandResultValidation.None), port);
            if (await balancer.HasStartedAsync())
            {
                return balancer;
            }
            attempt.ShouldBeLessThan(5, $"{program} does not start");
        }
    }

    /// <summary>Ends its process, and starts another one of the same configuration.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        _stop = new CancellationTokenSource();
        _process = _command.ExecuteAsync(_stop.Token);
        (await HasStartedAsync()).ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> HasStartedAsync()
    {
        while (!_process.Task.IsCompleted)
        {
            if (await ListensAsync(Port))
            {
                return true;
            }
            await Task.Yield();
        }
        return false;
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _process;
        }
        catch (OperationCanceledException)
        {
            // It was killed.
        }
        _stop.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
