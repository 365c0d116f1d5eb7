using Akka.Actor;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Live.Steering;
using AkkaLb.Live.Tests.Proxy;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaLb.Live.Tests.Steering;

public class SteeringRunTests
{
    /// <summary>Whatever brings an agent or a round down: the weights are not to stand still from then on.</summary>
    [Fact]
    public async Task Agent_HasADefectAndARoundToo_GoesOnSteering()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-steer-").FullName, file = Path.Combine(folder, "steer.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkalb.steer { state = "{{folder}}/state", balancers.web {
              kind = haproxy, period = 1ms, decide = 1ms, least-interval = 1ms, servers { fast {}, slow {} }
              haproxy { socket = "{{folder}}/none.sock", backend = web } } }
            """);
        SteerOptions options = SteerReader.Load(file, []);
        UnsoundBalancer balancer = new();
        await using (ServiceHost host = await ServiceHost.StartAsync(
            options.Resolved, "steer.conf", options.State, options.Keep, Serilog.Core.Logger.None, _ => { }, "state"))
        await using (SteeringRun run = new(host, options.Balancers[0], balancer, new LiveClock(TimeProvider.System), NullLogger.Instance))
        {
            IActorRef first = run.Agent;
            await Until.HoldsAsync(() => Task.FromResult(balancer.Weights is [> 1.2f, < 0.8f]));
            run.Agent.ShouldNotBe(first);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Tells first of an answer to no request, fails then, and tells from there on of one answer of each server a millisecond, the second
    /// of which takes four times as long.
    /// </summary>
    private sealed class UnsoundBalancer : ISteeredBalancer
    {
        private int _looks;

        public long Lag => 0;

        public IReadOnlyList<float> Weights { get; private set; } = [];

        public Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation)
        {
            long time = now - Ticks.FromSeconds(0.001);
            return ++_looks switch
            {
                1 => Task.FromResult<IReadOnlyList<Passage>>([new Passage(PassageKind.Answered, 0, -1, 1, now)]),
                2 => throw new InvalidOperationException("a defect"),
                _ => Task.FromResult<IReadOnlyList<Passage>>(
                [
                    new Passage(PassageKind.Started, 0, 0, 1, time), new Passage(PassageKind.Started, 1, 0, 2, time),
                    new Passage(PassageKind.Answered, 0, 1, 1, time + Ticks.FromSeconds(0.0002)),
                    new Passage(PassageKind.Answered, 1, 1, 2, time + Ticks.FromSeconds(0.0008)),
                ]),
            };
        }

        public Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation)
        {
            Weights = weights;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
