using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.DataCenter.Control;

public class ReservoirTests
{
    [Fact]
    public void Describe_TwoSamples_IsTheDefinitionsWithoutEmptySlots()
    {
        RandomStream random = new(1, "test");
        Reservoir reservoir = new(1000);
        float[] statistics = new float[LoadBalancerObservation.Statistics];
        reservoir.Describe(0, Math.Log(0.9), statistics);
        statistics.ShouldAllBe(s => s == 0);
        reservoir.Add(0, 1, random);
        reservoir.Add(Ticks.PerSecond, 3, random);
        reservoir.Count.ShouldBe(2);
        reservoir.Describe(Ticks.PerSecond, Math.Log(0.9), statistics);
        statistics.ShouldBe([2, 2.8f, 1, (0.9f + 3) / 2, (0.9f + 3) / 1.9f], 1e-5);
    }

    [Fact]
    public void Add_ManySamples_KeepsTheYoung()
    {
        RandomStream random = new(1, "test");
        Reservoir reservoir = new(16);
        for (int k = 0; k < 1000; k++)
        {
            reservoir.Add(k, k, random);
        }
        float[] statistics = new float[LoadBalancerObservation.Statistics];
        reservoir.Describe(1000, Math.Log(0.9), statistics);
        reservoir.Count.ShouldBe(16);
        statistics[0].ShouldBeGreaterThan(900);
    }
}
