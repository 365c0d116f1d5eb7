using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Rewards;

namespace AkkaLb.Learning.Tests.DataCenter.Learners;

public class PerServerAgentTests
{
    private static readonly DataCenterLearningOptions Small = new()
    {
        Net = BalancingNet.PerServer, RewardStandardisation = RewardStandardisation.Running, Episodes = 40, WarmUpEpisodes = 5,
        UpdatesPerEpisode = 15, Batch = 8, SequenceLength = 6, BurnIn = 3, Hidden = 16, Discount = 0.5, LearningRate = 3e-3,
        TargetShare = 0.05, TargetEntropy = 0.1, ReplayEpisodes = 200,
    };

    [Fact]
    public void Training_UnequalServers_FindsTheWeightsThatEqualiseDurations()
    {
        using DataCenterTrainer trainer = Trained(40);
        var servers = new FluidDataCenter(20, 1, 2, 1);
        double untrained = trainer.Evaluate(servers.Play, 1000, ActionMode.Random);
        trainer.Evaluate(servers.Play, 1000, ActionMode.Greedy).ShouldBeLessThan(0.25 + 0.35 * (untrained - 0.25));
    }

    [Fact]
    public void Decide_ServersInAnotherOrder_HaveTheSameWeightsInThatOrder()
    {
        using DataCenterTrainer trainer = Trained(8);
        int[] order = [2, 0, 4, 1, 3];
        float[] straight = Decide(trainer, [0, 1, 2, 3, 4]), permuted = Decide(trainer, order);
        straight.Distinct().Count().ShouldBe(5);
        for (int j = 0; j < order.Length; j++)
        {
            permuted[j].ShouldBe(straight[order[j]], 1e-4f * straight[order[j]]);
        }
    }

    [Fact]
    public void Evaluate_MoreServersAndFewerLoadBalancersThanInTraining_Works()
    {
        using DataCenterTrainer trainer = Trained(8);
        var many = new FluidDataCenter(20, 1, 2, 1, 3, 1, 2, 1, 1, 4, 1, 2);
        double time = trainer.Evaluate(
            (episode, controllers) => many.Play(episode, [.. controllers.Take(1)]), 1000, ActionMode.Greedy);
        double.IsFinite(time).ShouldBeTrue();
    }

    [Fact]
    public void Restore_HalfWay_GoesOnWithTheSameBits()
    {
        using DataCenterTrainer straight = Trained(12), half = Trained(7), restored = Trained(0);
        DataCenterCheckpoint.Restore(restored, "folder", file => new MemoryStream(Bytes(half, file switch
        {
            DataCenterCheckpoint.WeightsFile => DataCenterCheckpoint.WriteWeights,
            DataCenterCheckpoint.OptimiserFile => DataCenterCheckpoint.WriteOptimiser,
            _ => DataCenterCheckpoint.WriteReplay,
        })));

        Play(restored, 7, 12);
        Bytes(restored, DataCenterCheckpoint.WriteWeights).ShouldBe(Bytes(straight, DataCenterCheckpoint.WriteWeights));
        Bytes(restored, DataCenterCheckpoint.WriteOptimiser).ShouldBe(Bytes(straight, DataCenterCheckpoint.WriteOptimiser));
        Bytes(restored, DataCenterCheckpoint.WriteReplay).ShouldBe(Bytes(straight, DataCenterCheckpoint.WriteReplay));
    }

    [Fact]
    public void Reward_AnotherScaleOrTheServersTwice_StaysAsItIs()
    {
        float[] once = Reward(1, 2, 4), scaled = Reward(10, 20, 40), twice = Reward(1, 2, 4, 1, 2, 4);
        double mean = 7.0 / 3;
        once[2].ShouldBe((float)-Math.Pow(Math.Log(4 / mean), 2), 1e-6f);
        for (int j = 0; j < 3; j++)
        {
            scaled[j].ShouldBe(once[j], 1e-6f);
            twice[j].ShouldBe(once[j], 1e-6f);
        }

        Reward(0, 2, 2).ShouldBe([0, 0, 0]);
    }

    private static float[] Reward(params float[] durations)
    {
        var observation = new LoadBalancerObservation(new LoadBalancerId(0), durations.Length);
        observation.Available.Fill(true);
        for (int j = 0; j < durations.Length; j++)
        {
            observation.Durations(j).Fill(durations[j]);
        }

        float[] rewards = new float[durations.Length];
        ServerReward.Fill(observation, SampleStatistic.DecayedAverage, rewards);
        return rewards;
    }

    private static float[] Decide(DataCenterTrainer trainer, int[] order)
    {
        ILoadBalancerController controller = trainer.Controllers(1, ActionMode.Greedy)[0];
        var observation = new LoadBalancerObservation(new LoadBalancerId(0), order.Length);
        observation.Available.Fill(true);
        float[] weights = new float[order.Length];
        for (int moment = 0; moment < 4; moment++)
        {
            observation.Moment = moment;
            for (int j = 0; j < order.Length; j++)
            {
                observation.Ongoing(j) = order[j] + moment;
                observation.Durations(j).Fill(0.3f + 0.4f * order[j] * moment);
                observation.Capacities[j] = new Capacity(1 + order[j], 2 + order[j], 1);
            }

            controller.Observe(observation);
            controller.Decide(weights);
        }

        return weights;
    }

    private static byte[] Bytes(DataCenterTrainer trainer, Action<DataCenterTrainer, Stream> write)
    {
        using var stream = new MemoryStream();
        write(trainer, stream);
        return stream.ToArray();
    }

    private static DataCenterTrainer Trained(int episodes)
    {
        var trainer = new DataCenterTrainer(Small, 2, 3, 20, seed: 7, threads: 1);
        Play(trainer, 0, episodes);
        return trainer;
    }

    /// <summary>Every other episode has another number of servers.</summary>
    private static void Play(DataCenterTrainer trainer, int from, int to)
    {
        FluidDataCenter three = new(20, 1, 2, 1), four = new(20, 2, 1, 1, 2);
        for (int episode = from; episode < to; episode++)
        {
            trainer.RunEpisode(episode % 2 == 0 ? three.Play : four.Play);
        }
    }
}
