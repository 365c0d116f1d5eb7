using Akka.TestKit.Xunit2;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Steering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Live.Tests.Steering;

public sealed class SteeredLoopTests : TestKit
{
    private const long Second = Ticks.PerSecond;

    /// <summary>
    /// What a balancer tells late must be decided on late: else the time since what was told last counts with the occupancies of then, and
    /// that of what comes afterwards not at all.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Round_BalancerThatTellsLate_DecidesOnWhatWasTold(int lag)
    {
        FakeTimeProvider time = new();
        LiveClock clock = new(time);
        LateBalancer balancer = new(lag * Second);
        SteeredOptions options = new(
            "web", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero, 0, new LiveBalancerOptions(),
            [new("s1", "127.0.0.1:1"), new("s2", "127.0.0.1:2")], new HaproxyTarget("", "", null));
        SteeredLoop loop = new(options, balancer, clock, new WeightPlane(clock), NullLogger.Instance) { Agent = TestActor };
        LiveBalancer agent = new(new LiveBalancerOptions());
        agent.Grow(2);
        float[] last = [];
        for (int round = 0; round < 60; round++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await loop.RoundAsync(default);
            while (HasMessages)
            {
                switch (await ReceiveOneAsync())
                {
                    case LiveBalancerCommands.Observe observe:
                        foreach (Passage passage in observe.Passages)
                        {
                            agent.Observe(passage);
                        }
                        break;
                    case LiveBalancerCommands.Decide decide:
                        last = agent.Decide([true, true], decide.Now)?.Weights ?? last;
                        break;
                }
            }
        }
        // Of one worker and of four, as fast as each other.
        last[0].ShouldBe(0.4f, 0.08f);
        last[1].ShouldBe(1.6f, 0.08f);
    }

    /// <summary>HAProxy that is restarted has the weights of its configuration: it is to get the last ones, whatever the limits.</summary>
    [Fact]
    public async Task Round_BalancerThatHasBegunAnew_GetsTheLastWeightsAgain()
    {
        LiveClock clock = new(new FakeTimeProvider());
        WeightPlane plane = new(clock);
        ForgetfulBalancer balancer = new();
        SteeredOptions options = new(
            "web", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), 0.5, new LiveBalancerOptions(),
            [new("s1", ""), new("s2", "")], new HaproxyTarget("", "", null));
        SteeredLoop loop = new(options, balancer, clock, plane, NullLogger.Instance) { Agent = TestActor };
        plane.Publish(LiveDecision.None with { Weights = [0.5f, 1.5f] });
        await loop.RoundAsync(default);
        await loop.RoundAsync(default);
        balancer.Applied.ShouldBe(1);
        balancer.HasBegunAnew = true;
        balancer.IsReady = false;
        await loop.RoundAsync(default);
        (balancer.HasBegunAnew, balancer.IsReady) = (false, true);
        await loop.RoundAsync(default);
        await loop.RoundAsync(default);
        balancer.Applied.ShouldBe(2);
    }

    private sealed class ForgetfulBalancer : ISteeredBalancer
    {
        public bool HasBegunAnew { get; set; }

        public bool IsReady { get; set; } = true;

        public int Applied { get; private set; }

        public Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Passage>>([]);

        public Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation)
        {
            Applied += IsReady ? 1 : throw new IOException("not yet");
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>One worker and four of 20 requests/s each: bursts that fill them and drain, told so much later.</summary>
    private sealed class LateBalancer(long lag) : ISteeredBalancer
    {
        private static readonly int[] Slots = [1, 4];

        private readonly Queue<Passage> _passages = new(Busy());

        public long Lag => lag;

        public Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation)
        {
            List<Passage> passed = [];
            while (_passages.TryPeek(out Passage next) && next.Time <= now - lag)
            {
                passed.Add(_passages.Dequeue());
            }
            return Task.FromResult<IReadOnlyList<Passage>>(passed);
        }

        public Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static IEnumerable<Passage> Busy() => Enumerable.Range(0, 2).SelectMany(Of).OrderBy(passage => passage.Time);

        private static IEnumerable<Passage> Of(int server)
        {
            const long Service = Second / 20;
            // Every 0.7 s, in no step with decisions, twice as many requests as there are workers.
            for (long burst = server; burst < 60 * Second; burst += 7 * Second / 10)
            {
                int inFlight = 0;
                for (; inFlight < 2 * Slots[server]; inFlight++)
                {
                    yield return new Passage(PassageKind.Started, server, inFlight, 0, burst);
                }
                for (long end = burst + Service; inFlight > 0; end += Service)
                {
                    for (int worker = 0; worker < Slots[server] && inFlight > 0; worker++, inFlight--)
                    {
                        yield return new Passage(PassageKind.Answered, server, inFlight, 0, end + worker, Service);
                    }
                }
            }
        }
    }
}
