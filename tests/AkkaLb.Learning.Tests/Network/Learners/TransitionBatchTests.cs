using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network.Learners;

/// <summary>What a block becomes before the first optimiser step, written down plainly from the specification's section 4.</summary>
public class TransitionBatchTests
{
    [Theory]
    [InlineData(ReadoutMode.Reference, 1)]
    [InlineData(ReadoutMode.PerAgent, 100)]
    public void Load_Block_ValuesTheLastStateAndNormalisesPerEpisode(ReadoutMode readout, double rewardScale)
    {
        var options = new NetworkLearningOptions { Readout = readout, RewardScale = rewardScale, Horizons = 5, MessageIterations = 2 };
        var model = new NetworkModel(options, TopologyLibrary.Get("4-node"));
        using var learner = new PpoLearner(model, 3, 1, Kernel.Best);
        EpisodeTrajectory[] block = [.. Enumerable.Range(0, 3).Select(number => Episodes.MadeUp(model, number))];

        learner.Load(block);

        var plain = new ReferenceNetwork(model, [.. learner.Optimiser.Parameters.Span.ToArray().Select(x => (double)x)]);
        for (int e = 0; e < block.Length; e++)
        {
            double[] values =
            [
                .. Enumerable.Range(0, options.Horizons + 1).Select(step =>
                    plain.Value(block[e].Observations.Slice(step * model.LinkCount * 2, model.LinkCount * 2))),
            ];
            var advantages = new double[options.Horizons];
            double next = 0;
            for (int t = options.Horizons - 1; t >= 0; t--)
            {
                double reward = rewardScale * (block[e].Objective[t] - block[e].Objective[t + 1]);
                next = reward + 0.9 * values[t + 1] - values[t] + 0.9 * 0.95 * next;
                advantages[t] = next;
            }

            double mean = advantages.Average(), deviation = Math.Sqrt(advantages.Average(a => (a - mean) * (a - mean)));
            for (int t = 0; t < options.Horizons; t++)
            {
                int transition = e * options.Horizons + t;
                learner.Transitions.Returns[transition].ShouldBe(values[t] + advantages[t], 2e-5);
                learner.Transitions.Advantage(transition, 0).ShouldBe((advantages[t] - mean) / (deviation + 1e-8), 2e-5);
                learner.Transitions.Advantage(transition, 7).ShouldBe(learner.Transitions.Advantage(transition, 0));
            }
        }
    }

    [Fact]
    public void Learner_Start_HasThePublishedGains()
    {
        var model = new NetworkModel(
            new NetworkLearningOptions { Readout = ReadoutMode.Reference }, TopologyLibrary.Get("4-node"));
        using var learner = new PpoLearner(model, 4, 1, Kernel.Best);
        foreach (ParameterTensor tensor in model.Parameters)
        {
            double squares = 0;
            foreach (float value in learner.Optimiser.Parameters.Span.Slice(tensor.Offset, tensor.Count))
            {
                squares += (double)value * value;
            }

            double gain = tensor.Name switch
            {
                "actor.readout.4.weight" => 0.01,
                "critic.head.4.weight" => 1,
                _ => Math.Sqrt(2),
            };
            // The shorter side is orthonormal times the gain.
            double expected = tensor.IsBias ? 0 : gain * gain * Math.Min(tensor.Inputs, tensor.Outputs);
            squares.ShouldBe(expected, 1e-5 * expected, tensor.Name);
        }
    }
}
