using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Steering;

/// <summary>
/// One balancer with its agent: looks at what passes, has the agent decide, and sets the weights when that is due. When the agent or the
/// balancer cannot be reached the last weights stay.
/// </summary>
internal sealed class SteeredLoop(SteeredOptions options, ISteeredBalancer balancer, LiveClock clock, WeightPlane plane, ILogger log)
{
    private readonly ChangeLimiter _limiter = new(LiveClock.Of(options.LeastInterval), options.Hysteresis);
    private readonly long _decide = LiveClock.Of(options.Decide);
    private long _decided;
    private string? _problem;

    /// <summary>The agent of now.</summary>
    public required IActorRef Agent { get; set; }

    /// <summary>Weights that were set.</summary>
    public int Changes { get; private set; }

    /// <summary>One look.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        long now = clock.Now;
        try
        {
            IReadOnlyList<Passage> passages = await balancer.ObserveAsync(now, cancellation);
            if (balancer.HasBegunAnew)
            {
                _limiter.Forget();
            }
            if (passages.Count > 0)
            {
                Agent.Tell(new LiveBalancerCommands.Observe([.. passages]));
            }
            if (now - _decided >= _decide)
            {
                _decided = now;
                // The time since what was told last is not known yet: it would be counted with the occupancies of then.
                Agent.Tell(new LiveBalancerCommands.Decide(now - balancer.Lag, clock.TimeOfDay));
            }
            LiveDecision decision = plane.Decision;
            if (decision.Weights.Length == options.Servers.Count && _limiter.IsDue(decision.Weights, now))
            {
                await balancer.ApplyAsync(decision.Weights, cancellation);
                _limiter.Set(decision.Weights, now);
                Changes++;
                log.Steered(options.Name, decision.Number, Describe(decision));
            }
            Tell(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(e.Message);
        }
    }

    /// <summary>Once when it begins, and once when it is over.</summary>
    private void Tell(string? problem)
    {
        if (problem is not null && problem != _problem)
        {
            log.NotSteered(options.Name, problem);
        }
        else if (problem is null && _problem is not null)
        {
            log.SteeredAgain(options.Name);
        }
        _problem = problem;
    }

    private string Describe(LiveDecision decision) => string.Join(
        ", ", options.Servers.Select((server, j) => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{server.Name} {decision.Weights[j]:0.##}")));
}
