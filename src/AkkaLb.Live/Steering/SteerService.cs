using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace AkkaLb.Live.Steering;

/// <summary>Steers balancers that others run, with an agent for each.</summary>
public sealed class SteerService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Logger _log;
    private readonly ServiceHost _host;
    private readonly List<(ISteeredBalancer Balancer, IActorRef Agent, Task Running)> _steered = [];
    private readonly TimeProvider _time;

    private readonly Microsoft.Extensions.Logging.ILogger _messages;

    private SteerService(Logger log, Microsoft.Extensions.Logging.ILogger messages, ServiceHost host, TimeProvider time) =>
        (_log, _messages, _host, _time) = (log, messages, host, time);

    /// <summary>Starts to steer; what cannot be reached is tried again.</summary>
    /// <param name="notices">Gets a line for everything that an operator has to know.</param>
    /// <exception cref="Domain.InvalidInputException">A file or address cannot be used.</exception>
    public static async Task<SteerService> StartAsync(SteerOptions options, TextWriter notices, TimeProvider time)
    {
        Logger log = ProxyLogging.Create(options.State, notices, options.Source);
        using SerilogLoggerFactory factory = new(log);
        Microsoft.Extensions.Logging.ILogger messages = factory.CreateLogger<SteerService>();
        ServiceHost? host = null;
        SteerService? service = null;
        try
        {
            host = await ServiceHost.StartAsync(options.Resolved, options.Source, options.State, log, messages.JournalFailed);
            service = new SteerService(log, messages, host, time);
            LiveClock clock = new(time);
            foreach (SteeredOptions steered in options.Balancers)
            {
                service.Add(steered, clock, messages);
            }
            messages.SteeringBegun(string.Join(", ", options.Balancers.Select(balancer => balancer.Name)), options.State);
            return service;
        }
        catch
        {
            await (service?.DisposeAsync() ?? host?.DisposeAsync() ?? ValueTask.CompletedTask);
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stores what agents know. The balancers keep their last weights.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _messages.SteeringEnds();
        foreach ((ISteeredBalancer balancer, IActorRef agent, Task running) in _steered)
        {
            await running;
            try
            {
                await agent.Ask<LiveBalancerCommands.Settled>(new LiveBalancerCommands.Settle(_time.GetUtcNow()), Patience);
            }
            catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
            {
                // Its journal has failed, which was said when it did.
            }
            await balancer.DisposeAsync();
        }
        await _host.DisposeAsync();
        await _log.DisposeAsync();
        _stop.Dispose();
    }

    internal static ISteeredBalancer Create(SteeredOptions options) => options.Target switch
    {
        HaproxyTarget haproxy => new HaproxyBalancer(haproxy, options.Servers),
        NginxTarget nginx => new NginxBalancer(nginx, options.Servers),
        EnvoyTarget envoy => new EnvoyBalancer(envoy, options.Servers),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Target, "unknown kind"),
    };

    private void Add(SteeredOptions options, LiveClock clock, Microsoft.Extensions.Logging.ILogger messages)
    {
        ISteeredBalancer balancer = Create(options);
        WeightPlane plane = new(clock);
        IActorRef agent = _host.System.ActorOf(LiveBalancerActor.Props(options.Name, new LiveBalancer(options.Balance), plane,
            _host.Agents));
        agent.Tell(new LiveBalancerCommands.SetServers([.. options.Servers.Select(server => new LiveServer(server.Name, IsInUse: true))]));
        SteeredLoop loop = new(options, balancer, clock, plane, agent, messages);
        _steered.Add((balancer, agent, RunAsync(loop, options.Period)));
    }

    private async Task RunAsync(SteeredLoop loop, TimeSpan period)
    {
        await Task.Yield();
        using PeriodicTimer timer = new(period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await loop.RoundAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }
}
