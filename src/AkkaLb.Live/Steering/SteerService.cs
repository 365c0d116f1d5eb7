using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace AkkaLb.Live.Steering;

/// <summary>Steers balancers that others run, with an agent for each.</summary>
public sealed class SteerService : IAsyncDisposable
{
    private const string StateKey = "akkalb.steer.state";

    private readonly Logger _log;
    private readonly ServiceHost _host;
    private readonly List<SteeringRun> _runs = [];
    private readonly Microsoft.Extensions.Logging.ILogger _messages;

    private SteerService(Logger log, Microsoft.Extensions.Logging.ILogger messages, ServiceHost host) =>
        (_log, _messages, _host) = (log, messages, host);

    /// <summary>Starts to steer; what cannot be reached is tried again.</summary>
    /// <param name="notices">Gets a line for everything that an operator has to know.</param>
    /// <exception cref="Domain.InvalidInputException">A file or address cannot be used.</exception>
    public static async Task<SteerService> StartAsync(SteerOptions options, TextWriter notices, TimeProvider time)
    {
        Logger log = ProxyLogging.Create(options.State, notices, $"{options.Source}: '{StateKey}'");
        using SerilogLoggerFactory factory = new(log);
        Microsoft.Extensions.Logging.ILogger messages = factory.CreateLogger<SteerService>();
        ServiceHost? host = null;
        SteerService? service = null;
        try
        {
            host = await ServiceHost.StartAsync(
                options.Resolved, options.Source, options.State, options.Keep, log, messages.JournalFailed, StateKey);
            service = new SteerService(log, messages, host);
            LiveClock clock = new(time);
            foreach (SteeredOptions steered in options.Balancers)
            {
                service._runs.Add(new SteeringRun(host, steered, Create(steered, options.Source, time, messages), clock, messages));
            }
            foreach (string file in options.Absent)
            {
                messages.IncludeAbsent(options.Source, file);
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
        _messages.SteeringEnds();
        foreach (SteeringRun run in _runs)
        {
            await run.DisposeAsync();
        }
        await _host.DisposeAsync();
        await _log.DisposeAsync();
    }

    private static ISteeredBalancer Create(
        SteeredOptions options, string source, TimeProvider time, Microsoft.Extensions.Logging.ILogger log) => options.Target switch
    {
        HaproxyTarget haproxy => new HaproxyBalancer(
            haproxy, options.Servers, $"{source}: '{ProxyReader.Key(SteerReader.Balancers, options.Name, "haproxy.agent")}'", time,
            problem => Tell(options.Name, problem, log)),
        NginxTarget nginx => new NginxBalancer(nginx, options.Servers),
        EnvoyTarget envoy => new EnvoyBalancer(envoy, options.Servers),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Target, "unknown kind"),
    };

    private static void Tell(string balancer, string? problem, Microsoft.Extensions.Logging.ILogger log)
    {
        if (problem is null)
        {
            log.SteeredAgain(balancer);
        }
        else
        {
            log.NotSteered(balancer, problem);
        }
    }
}
