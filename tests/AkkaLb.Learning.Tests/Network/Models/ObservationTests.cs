using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;

namespace AkkaLb.Learning.Tests.Network.Models;

public class ObservationTests
{
    [Fact]
    public void Normaliser_SpecificationExample()
    {
        ObservationNormaliser normaliser = ObservationNormaliser.Start.Observe(0.9, 1 / 3.0, out float load, out float weight);
        (load, weight).ShouldBe((0.9f, (float)(1 / 3.0)));
        normaliser = normaliser.Observe(0.6, 0.6, out load, out weight);
        normaliser.LoadMean.ShouldBe(0.3);
        normaliser.LoadSpread.ShouldBe(1.09, 1e-12);
        normaliser.Count.ShouldBe(3);
        ((double)load).ShouldBe(0.4977, 5e-5);
        weight.ShouldBe(load);
    }

    [Fact]
    public void Normaliser_LaterObservations_FollowTheRecurrence()
    {
        ObservationNormaliser normaliser = ObservationNormaliser.Start.Observe(1, 1, out _, out _);
        double mean = 0, spread = 1;
        double[] loads = [0.4, 0.7, 0.1, 2.5];
        for (int i = 0; i < loads.Length; i++)
        {
            normaliser = normaliser.Observe(loads[i], 1, out float load, out _);
            mean += (loads[i] - mean) / (i + 2);
            spread += (loads[i] - mean) * (loads[i] - mean);
            load.ShouldBe((float)((loads[i] - mean) / Math.Sqrt(spread / (i + 3))));
        }
    }

    [Fact]
    public void Observe_Raw_GivesUtilisationAndScaledWeight()
    {
        var model = new NetworkModel(
            new NetworkLearningOptions { NormaliseObservations = false, MaxInitialWeight = 2 }, TopologyLibrary.Get("4-node"));
        var agent = new LinkAgentCore(model, 3);
        float[] observation = new float[2];
        agent.Observe(LinkAgentCore.Start(12), 0.75, observation);
        observation.ShouldBe([0.75f, 2f]);
    }

    [Theory]
    [InlineData(RewardMeasure.Phi, 0.5)]
    [InlineData(RewardMeasure.MaxUtilisation, 0.8)]
    [InlineData(RewardMeasure.UtilisationRange, 0.6)]
    [InlineData(RewardMeasure.MeanUtilisation, 0.5)]
    [InlineData(RewardMeasure.UtilisationDeviation, 0.3)]
    [InlineData(RewardMeasure.MeanTimesDeviation, 0.15)]
    public void RewardMeasure_OfKnownLoads(RewardMeasure measure, double expected) =>
        RewardMeasures.Compute(measure, 0.5, [0.2, 0.8, 0.2, 0.8]).ShouldBe(expected, 1e-12);

    [Fact]
    public void Reward_OfEveryComputation()
    {
        RewardMeasures.Reward(RewardComputation.Change, 0.05, 0.03).ShouldBe(0.02, 1e-12);
        RewardMeasures.Reward(RewardComputation.Value, 0.05, 0.03).ShouldBe(-0.03, 1e-12);
        RewardMeasures.Reward(RewardComputation.ChangeWithBonus, 0.05, 0.03).ShouldBe(0.02 + 0.07 / 0.13, 1e-12);
        RewardMeasures.Reward(RewardComputation.ChangeWithBonus, 0.3, 0.2).ShouldBe(0.1, 1e-12);
        RewardMeasures.Reward(RewardComputation.ChangeWithBonus, 0.03, 0.05).ShouldBe(-0.02, 1e-12);
    }

    [Fact]
    public void HorizonDraws_AnyOrder_AreTheSame()
    {
        var draws = new HorizonDraws(9, "agent/3");
        double[] forward = [.. Enumerable.Range(0, 10).Select(horizon => draws.At(4, horizon))];
        double[] backward = [.. Enumerable.Range(0, 10).Reverse().Select(horizon => draws.At(4, horizon)).Reverse()];
        backward.ShouldBe(forward);
        forward.Distinct().Count().ShouldBe(10);
        draws.At(5, 0).ShouldNotBe(forward[0]);
    }
}
