using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Agents;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Live.Timing;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Steering;

/// <summary>One balancer that is steered, from start to end: its rounds, and its agent, which begins anew when it has ended.</summary>
internal sealed class SteeringRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SteeredOptions _options;
    private readonly ISteeredBalancer _balancer;
    private readonly ILogger _log;
    private readonly SteeredLoop _loop;
    private readonly Func<LiveAgent> _startAgent;
    private readonly Task _running;
    private LiveAgent _agent;

    public SteeringRun(ServiceHost host, SteeredOptions options, ISteeredBalancer balancer, LiveClock clock, ILogger log)
    {
        (_options, _balancer, _log) = (options, balancer, log);
        WeightPlane plane = new(clock);
        _startAgent = () => LiveAgent.Start(host, options.Name, new LiveBalancer(options.Balance), plane, clock.Time);
        _agent = StartAgent();
        _loop = new SteeredLoop(options, balancer, clock, plane, log) { Agent = _agent.Actor };
        _running = Rounds.RepeatAsync(
            options.Period, clock.Time, RoundAsync, failure => log.ControlFailed(options.Name, failure), _stop.Token);
    }

    /// <summary>The agent of now.</summary>
    public IActorRef Agent => _loop.Agent;

    /// <summary>Stores what the agent knows. The balancer keeps its last weights.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _agent.DisposeAsync();
        await _balancer.DisposeAsync();
        _stop.Dispose();
    }

    private LiveAgent StartAgent()
    {
        LiveAgent agent = _startAgent();
        agent.Actor.Tell(
            new LiveBalancerCommands.SetServers([.. _options.Servers.Select(server => new LiveServer(server.Name, IsInUse: true))]));
        return agent;
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        if (_agent.HasDied)
        {
            _log.AgentRestarted(_options.Name);
            await _agent.DisposeAsync();
            _agent = StartAgent();
            _loop.Agent = _agent.Actor;
        }
        await _loop.RoundAsync(cancellation);
    }
}
