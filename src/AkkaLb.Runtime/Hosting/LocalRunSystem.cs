using Akka;
using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Serialization;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace AkkaLb.Runtime.Hosting;

/// <summary>A system of the run's own, on the generic host; started when it is first asked for.</summary>
/// <remarks>
/// A stop goes through CoordinatedShutdown: first the actors at play end what they have begun, then the run closes its folder, then the
/// system ends.
/// </remarks>
internal sealed class LocalRunSystem : IRunSystem
{
    private readonly JournalLocation? _journal;
    private readonly Lazy<Task<IHost>> _starting;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of the actor at play: of those that have played nothing is kept.
    private volatile Func<Task> _stop = () => Task.CompletedTask;

    /// <param name="resolved">Its section <c>akka</c> reaches the system, and wins over our defaults.</param>
    /// <param name="journal">Where the run stores; null: nowhere.</param>
    /// <param name="failed">Called with one line when it does not start.</param>
    public LocalRunSystem(Config resolved, JournalLocation? journal, ILogger log, Action<string> failed)
    {
        _journal = journal;
        _starting = new(() => Task.Run(() => StartAsync(resolved, journal, log, failed)));
    }

    public async Task<ActorSystem> StartAsync() => (await _starting.Value).Services.GetRequiredService<ActorSystem>();

    public void Play(Func<Task> stop) => _stop = stop;

    public void StopPlaying() => _ = StopHost();

    public async ValueTask DisposeAsync()
    {
        if (!_starting.IsValueCreated || await Started() is not { } host)
        {
            return;
        }
        _closed.TrySetResult();
        await host.StopAsync();
        host.Dispose();
        if (_journal is not null)
        {
            await JournalDatabase.CloseAsync(_journal);
        }

        async Task<IHost?> Started()
        {
            try
            {
                return await _starting.Value;
            }
            catch (RunFailedException)
            {
                // Whoever needed it has said so.
                return null;
            }
        }
    }

    private async Task StopHost() => await (await _starting.Value).StopAsync(CancellationToken.None);

    private async Task<IHost> StartAsync(Config resolved, JournalLocation? journal, ILogger log, Action<string> failed)
    {
        IHost host = ActorSystemComposition.Build(resolved, journal, log);
        try
        {
            await host.StartAsync();
        }
        catch (Exception e)
        {
            host.Dispose();
            string reason = $"the actor system does not start: {e.Message.ReplaceLineEndings(" ")}";
            failed(reason);
            throw new RunFailedException(reason, e);
        }
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        ActorSystemComposition.Check(system, hasJournal: journal is not null);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-playing", async () =>
        {
            await _stop();
            return Done.Instance;
        });
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "close-run-folder", async () =>
        {
            await _closed.Task;
            return Done.Instance;
        });
        return host;
    }
}
