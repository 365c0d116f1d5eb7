using Microsoft.Extensions.Hosting;

namespace AkkaLb.Runtime.Hosting;

/// <summary>Of a host within a command: signals are the command's, which turns them into a stop of what it does.</summary>
public sealed class CommandLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
