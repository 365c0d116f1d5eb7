using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Steering;

/// <summary>One balancer that is steered, from start to end: its rounds, and its agent, which begins anew when it has ended.</summary>
internal sealed class SteeringRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceHost _host;
    private readonly SteeredOptions _options;
    private readonly ISteeredBalancer _balancer;
    private readonly WeightPlane _plane;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly SteeredLoop _loop;
    private readonly Task _running;
    private Task _agentEnded;

    public SteeringRun(ServiceHost host, SteeredOptions options, ISteeredBalancer balancer, LiveClock clock, ILogger log)
    {
        (_host, _options, _balancer, _log, _time) = (host, options, balancer, log, clock.Time);
        _plane = new WeightPlane(clock);
        IActorRef agent = StartAgent();
        _agentEnded = agent.WatchAsync();
        _loop = new SteeredLoop(options, balancer, clock, _plane, log) { Agent = agent };
        _running = RunAsync();
    }

    /// <summary>The agent of now.</summary>
    public IActorRef Agent => _loop.Agent;

    /// <summary>Stores what the agent knows. The balancer keeps its last weights.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        try
        {
            if (!_agentEnded.IsCompleted)
            {
                await Agent.Ask<LiveBalancerCommands.Settled>(new LiveBalancerCommands.Settle(_time.GetUtcNow()), Patience);
            }
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            // Its journal has failed, which was said when it did.
        }
        await _balancer.DisposeAsync();
        _stop.Dispose();
    }

    private IActorRef StartAgent()
    {
        IActorRef agent = _host.System.ActorOf(
            LiveBalancerActor.Props(_options.Name, new LiveBalancer(_options.Balance), _plane, _host.Agents));
        agent.Tell(new LiveBalancerCommands.SetServers([.. _options.Servers.Select(server => new LiveServer(server.Name, IsInUse: true))]));
        return agent;
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        string? failure = null;
        using PeriodicTimer timer = new(_options.Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    ReviveAgent();
                    await _loop.RoundAsync(_stop.Token);
                    failure = null;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // One round less is better than none from now on; what goes on failing is said once.
                    if (failure != e.Message)
                    {
                        _log.ControlFailed(_options.Name, e);
                    }
                    failure = e.Message;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private void ReviveAgent()
    {
        if (_agentEnded.IsCompleted)
        {
            _log.AgentRestarted(_options.Name);
            _loop.Agent = StartAgent();
            _agentEnded = _loop.Agent.WatchAsync();
        }
    }
}
