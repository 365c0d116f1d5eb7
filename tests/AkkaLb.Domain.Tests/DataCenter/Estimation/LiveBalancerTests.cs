using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.DataCenter.Estimation;

public class LiveBalancerTests
{
    private static readonly bool[] InUse = [true, true];

    [Fact]
    public void Decide_NothingKnown_StaysAsItIs()
    {
        LiveBalancer balancer = Balancer(new LiveBalancerOptions());
        balancer.Decide(InUse, 0).ShouldBeNull();
        balancer.Weights.ShouldBe([1f, 1f]);
    }

    [Fact]
    public void Decide_OneServerFourTimesAsFast_GetsThereInBoundedSteps()
    {
        LiveBalancer balancer = Balancer(new LiveBalancerOptions { LargestStep = 1.2 });
        Serve(balancer, fast: 0.01, slow: 0.04);
        float before = 1;
        for (int k = 0; k < 10; k++)
        {
            if (balancer.Decide(InUse, Seconds(100)) is { } decided)
            {
                (decided.Weights[0] / before).ShouldBeLessThanOrEqualTo(1.2001f);
                before = decided.Weights[0];
            }
        }
        (balancer.Weights[0] / balancer.Weights[1]).ShouldBe(4, 0.5);
        balancer.Weights.Average().ShouldBe(1, 0.05);
    }

    [Fact]
    public void Decide_AServerThatIsMuchSlower_KeepsTheLeastWeight()
    {
        LiveBalancer balancer = Balancer(new LiveBalancerOptions { LargestStep = 100, LeastWeight = 0.1 });
        Serve(balancer, fast: 0.001, slow: 1);
        balancer.Decide(InUse, Seconds(300))!.Value.Weights[1].ShouldBe(0.1f);
    }

    [Fact]
    public void Decide_NothingNew_DecidesNothing()
    {
        LiveBalancer balancer = Balancer(new LiveBalancerOptions { LargestStep = 100 });
        Serve(balancer, fast: 0.01, slow: 0.02);
        balancer.Decide(InUse, Seconds(100)).ShouldNotBeNull();
        balancer.Decide(InUse, Seconds(100)).ShouldBeNull();
    }

    [Fact]
    public void Decide_WithAPolicy_IsModulatedByItsShare()
    {
        TrafficTwin twin = new(2, new SamplingOptions(), new RandomStream(1, "twin"));
        Fixed policy = new([1, 4]);
        LiveBalancer balancer = new(new LiveBalancerOptions { LargestStep = 100, PolicyShare = 0.5 }, policy, twin);
        balancer.Grow(2);
        Serve(balancer, fast: 0.01, slow: 0.01);
        float[] weights = balancer.Decide(InUse, Seconds(100))!.Value.Weights;
        // The square root of 4.
        (weights[1] / weights[0]).ShouldBe(2, 0.2);
        policy.Ongoing.ShouldBe([0f, 0f]);
        policy.MeanCompletion.ShouldBe(0.01f, 0.001f);
    }

    /// <summary>It is given the weights in force, 1 at the start, and need not write any.</summary>
    [Fact]
    public void Decide_WithAPolicyThatLeavesWeightsAsTheyAre_FollowsTheCapacities()
    {
        TrafficTwin twin = new(2, new SamplingOptions(), new RandomStream(1, "twin"));
        LiveBalancer balancer = new(new LiveBalancerOptions { LargestStep = 100 }, new Fixed([]), twin);
        balancer.Grow(2);
        Serve(balancer, fast: 0.01, slow: 0.02);
        float[] weights = balancer.Decide(InUse, Seconds(100))!.Value.Weights;
        (weights[0] / weights[1]).ShouldBe(2, 0.2);
    }

    private static LiveBalancer Balancer(LiveBalancerOptions options)
    {
        LiveBalancer balancer = new(options);
        balancer.Grow(2);
        return balancer;
    }

    /// <summary>Two servers that take so long for a request, one after the other, two at a time.</summary>
    private static void Serve(LiveBalancer balancer, double fast, double slow)
    {
        for (int server = 0; server < 2; server++)
        {
            double seconds = server == 0 ? fast : slow, now = 0;
            for (int n = 0; n < 200; n++)
            {
                balancer.Observe(new Passage(PassageKind.Started, server, 0, n + 1000 * server, Seconds(now)));
                now += seconds;
                balancer.Observe(new Passage(PassageKind.Answered, server, 1, n + 1000 * server, Seconds(now), Seconds(seconds)));
            }
        }
    }

    private static long Seconds(double seconds) => Ticks.FromSeconds(seconds);

    private sealed class Fixed(float[] weights) : ILoadBalancerController
    {
        public float[] Ongoing { get; private set; } = [];

        public float MeanCompletion { get; private set; }

        public void Observe(LoadBalancerObservation observation)
        {
            Ongoing = [observation.Ongoing(0), observation.Ongoing(1)];
            MeanCompletion = observation.Completions(0)[(int)SampleStatistic.Average];
        }

        public void Decide(Span<float> target) => weights.CopyTo(target);
    }
}
