using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.DataCenter.Learners;

/// <summary>The learners' losses as a whole against finite differences: sampling, gathering and the way through several nets.</summary>
public class LearnerGradientTests
{
    private const int Servers = 2, Features = 4, Steps = 6;

    // No burn-in, through which no gradient goes but differences do.
    private readonly DataCenterLearningOptions _options = new()
    {
        Batch = 4, SequenceLength = 3, BurnIn = 0, Hidden = 6, Levels = [1, 2], Lambda = 0.5,
        RewardStandardisation = RewardStandardisation.None,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void QMix_AgentAndMixer_MatchFiniteDifferences(bool reference)
    {
        const int Members = 2;
        var learner = new QMixLearner(
            _options with { Reference = reference }, "team", Members, Features, Servers, Steps, 1, new WorkerTeam(1), Kernel.Best);
        Fill(learner.Agent, "agent");
        Fill(learner.Mixer, "mixer");
        (EpisodeReplay replay, FeatureNormaliser normaliser) = Replay(Members);
        foreach (TrainedNet net in new[] { learner.Agent, learner.Mixer })
        {
            Check(net, () => learner.Gradients(replay, normaliser, 3));
        }
    }

    [Fact]
    public void RlbSac_Actor_MatchesFiniteDifferences()
    {
        var learner = new RlbSacLearner(_options, "agent", Features, Servers, Steps, 1, new WorkerTeam(1), Kernel.Best);
        Fill(learner.Actor, "actor");
        Fill(learner.Critics[0], "first");
        Fill(learner.Critics[1], "second");
        (EpisodeReplay replay, FeatureNormaliser normaliser) = Replay(1);
        learner.Draw(replay, normaliser, 3);
        Check(learner.Actor, () => learner.DifferentiateActor().Loss);
    }

    private static (EpisodeReplay Replay, FeatureNormaliser Normaliser) Replay(int members)
    {
        var replay = new EpisodeReplay(4, RewardStandardisation.None);
        for (int i = 0; i < 2; i++)
        {
            float[] actions = Numbers.Gaussian(Steps * members * Servers, $"actions {i}").Span.ToArray();
            replay.Add(new EpisodeRecord(
                Steps, Numbers.Gaussian((Steps + 1) * members * Features, $"features {i}").Span.ToArray(),
                [.. actions.Select(a => a > 0 ? 1f : 0f)],
                Numbers.Gaussian(Steps, $"rewards {i}").Span.ToArray()));
        }

        return (replay, new FeatureNormaliser(Features, enabled: false));
    }

    /// <summary>Parameters large enough that all parts matter.</summary>
    private static void Fill(TrainedNet net, string name)
    {
        float[] numbers = Numbers.Gaussian(net.Layout.Length, name).Span.ToArray();
        for (int i = 0; i < numbers.Length; i++)
        {
            net.Optimiser.Parameters.Span[i] = 0.5f * numbers[i];
        }

        net.ParametersChanged();
        net.CopyToTarget();
    }

    private static void Check(TrainedNet net, Func<double> loss)
    {
        loss();
        float[] gradient = net.Gradient.Span.ToArray();
        int wrong = 0, checkedOnes = 0;
        foreach (ParameterTensor tensor in net.Layout.Tensors)
        {
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i += 5)
            {
                const float H = 1e-3f;
                float kept = net.Optimiser.Parameters.Span[i];
                net.Optimiser.Parameters.Span[i] = kept + H;
                net.ParametersChanged();
                double high = loss();
                net.Optimiser.Parameters.Span[i] = kept - H;
                net.ParametersChanged();
                double low = loss();
                net.Optimiser.Parameters.Span[i] = kept;
                double slope = (high - low) / (2 * H);
                checkedOnes++;
                wrong += Math.Abs(gradient[i] - slope) > 0.01 + 0.02 * Math.Abs(slope) ? 1 : 0;
            }
        }

        // A step may cross a kink (ReLU, |·|, a minimum, another best level); a wrong formula spoils nearly all.
        gradient.Count(g => g != 0).ShouldBeGreaterThan(gradient.Length / 4);
        wrong.ShouldBeLessThanOrEqualTo(checkedOnes / 20, $"{wrong} of {checkedOnes} slopes of {net.Name}");
    }
}
