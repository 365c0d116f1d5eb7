using System.Net.Http;
using AkkaLb.Live.Proxy.Agents;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;
using AkkaLb.Live.Timing;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>What runs beside the requests of one cluster: its control, its health checks, its servers' names, its agent.</summary>
internal sealed class ControlLoops : IAsyncDisposable
{
    /// <summary>How often is looked whether the agent is alive; one that has died begins anew from its journal.</summary>
    public static readonly TimeSpan AgentPatience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterControl _control;
    private readonly Func<LiveAgent>? _startAgent;
    private LiveAgent? _agent;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Task _running;

    /// <param name="host">Of the agent; null where none of the clusters has one.</param>
    /// <param name="refreshNames">Asks DNS for the cluster's servers.</param>
    public ControlLoops(ClusterControl control, ProxyOptions proxy, ServiceHost? host, HttpMessageInvoker client, IClusterEvents events,
        Func<CancellationToken, Task> refreshNames, ILogger log)
    {
        (_control, _log) = (control, log);
        BalancedCluster cluster = control.Cluster;
        _time = cluster.Clock.Time;
        if (cluster.IsLearned && host is not null)
        {
            _startAgent = () => LiveAgent.Start(host, proxy, cluster, log);
            StartAgent();
        }
        HealthMonitor health = new(cluster, client, events);
        _running = Task.WhenAll(
            RepeatAsync(ClusterControl.Period, _ =>
            {
                control.Tick();
                return Task.CompletedTask;
            }),
            _agent is null ? Task.CompletedTask : RepeatAsync(AgentPatience, ReviveAsync),
            health.IsEnabled ? RepeatAsync(cluster.Options.Health.Interval, health.CheckAsync) : Task.CompletedTask,
            cluster.Options.Dns > TimeSpan.Zero
                ? Rounds.RepeatAsync(
                    cluster.Options.Dns, _time, refreshNames, failure => log.NamesNotResolved(cluster.Options.Name, failure.Message),
                    _stop.Token)
                : Task.CompletedTask);
    }

    /// <summary>Ends when the agent has read its journal, and what it remembers holds, or when it takes too long.</summary>
    public Task RecoveredAsync()
    {
        if (_agent is null)
        {
            return Task.CompletedTask;
        }
        _control.TellServers();
        return _agent.RecoveredAsync(_control.Cluster.Options.Learned.Silence);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }
        _stop.Dispose();
    }

    private void StartAgent()
    {
        _agent = _startAgent!();
        _control.Agent = _agent.Actor;
    }

    private async Task ReviveAsync(CancellationToken cancellation)
    {
        if (_agent!.HasDied)
        {
            await _agent.DisposeAsync();
            // May fail, as when the folder of its policy has gone, and is tried again.
            StartAgent();
            _log.AgentRestarted(_control.Cluster.Options.Name);
        }
    }

    private Task RepeatAsync(TimeSpan period, Func<CancellationToken, Task> round) =>
        Rounds.RepeatAsync(period, _time, round, failure => _log.ControlFailed(_control.Cluster.Options.Name, failure), _stop.Token);
}
