using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.DataCenter.Rewards;

namespace AkkaLb.Learning.Tests.DataCenter.Rewards;

public class RewardFunctionTests
{
    /// <summary>Variance of 2 and 4: of the first balancer's servers, and of the means of both.</summary>
    [Fact]
    public void Of_AServerThatNoBalancerMayUse_DoesNotCount()
    {
        RewardFunction reward = new(new RewardOptions(), servers: 3);
        LoadBalancerObservation first = Seen([2, 4, 90], [true, true, false]), second = Seen([2, 4, 70], [true, true, false]);
        reward.Of(first).ShouldBe(-1);
        reward.Of([first, second]).ShouldBe(-1);
    }

    /// <summary>The third server's load is what the second balancer sees of it, whichever of them is asked first.</summary>
    [Fact]
    public void Of_AServerThatOnlySomeMayUse_CountsAsThoseSeeIt()
    {
        RewardFunction reward = new(new RewardOptions(), servers: 3);
        LoadBalancerObservation first = Seen([2, 3, 90], [true, true, false]), second = Seen([4, 3, 9], [true, true, true]);
        reward.Of([first, second]).ShouldBe(-8);
        reward.Of([second, first]).ShouldBe(-8);
    }

    private static LoadBalancerObservation Seen(float[] loads, bool[] available)
    {
        LoadBalancerObservation observation = new(new LoadBalancerId(0), loads.Length);
        for (int server = 0; server < loads.Length; server++)
        {
            observation.Durations(server)[(int)SampleStatistic.DecayedAverage] = loads[server];
            observation.Available[server] = available[server];
        }
        return observation;
    }
}
