using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Tests.DataCenter;

namespace AkkaLb.Learning.Torch.Tests.DataCenter;

/// <summary>Whole trainings of a few episodes: the same decisions at random, the same batches, each backend's own arithmetic.</summary>
public class DataCenterTrainingTests : TorchTest
{
    /// <summary>
    /// How far apart parameters may be after 12 steps of at most 7e-4 each, as long as no decision has come out differently.
    /// </summary>
    private const double Distance = 5e-5;

    private const int Steps = 12, WarmUp = 3, Updates = 4;

    public static TheoryData<DataCenterMethod> Methods => [.. Enum.GetValues<DataCenterMethod>()];

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void RunEpisode_SameDraws_StaysBesideTheKernels(DataCenterMethod method)
    {
        using DataCenterTrainer native = Trainer(method, null), torch = Trainer(method, TorchBackend.Of(TorchTarget.Processor));
        float[] start = Parameters(native);
        for (int i = 0; i < WarmUp + 3; i++)
        {
            TrainingEpisode expected = native.RunEpisode(Play), actual = torch.RunEpisode(Play);
            if (expected.Learning is { } learnt)
            {
                actual.Learning!.CriticLoss.ShouldBe(learnt.CriticLoss, 1e-3 * (1 + learnt.CriticLoss));
                actual.Learning.Updates.ShouldBe(Updates);
                actual.Learning.Entropy.ShouldBe(learnt.Entropy, 1e-3);
                actual.Learning.Temperature.ShouldBe(learnt.Temperature, 1e-5);
                actual.Learning.GradientNorm.ShouldBe(learnt.GradientNorm, 2e-3 * (1e-2 + learnt.GradientNorm));
            }
        }

        torch.Updates.ShouldBe(native.Updates);
        Apart(Parameters(torch), Parameters(native)).ShouldBeLessThan(Distance);
        Apart(Parameters(native), start).ShouldBeGreaterThan(20 * Distance);
    }

    [SkippableTheory]
    [InlineData(DataCenterMethod.DistrLb, true)]
    [InlineData(DataCenterMethod.DistrLb, false)]
    [InlineData(DataCenterMethod.QMixLb, true)]
    [InlineData(DataCenterMethod.RlbSac, false)]
    public void Restore_CheckpointOfTheOtherBackend_GoesOnWithItsMomentsAndTargets(DataCenterMethod method, bool torchFirst)
    {
        TorchBackend backend = TorchBackend.Of(TorchTarget.Processor);
        using DataCenterTrainer first = Trainer(method, torchFirst ? backend : null);
        for (int i = 0; i < WarmUp + 1; i++)
        {
            first.RunEpisode(Play);
        }

        var files = new Dictionary<string, byte[]>
        {
            [DataCenterCheckpoint.WeightsFile] = Written(stream => DataCenterCheckpoint.WriteWeights(first, stream)),
            [DataCenterCheckpoint.OptimiserFile] = Written(stream => DataCenterCheckpoint.WriteOptimiser(first, stream)),
            [DataCenterCheckpoint.ReplayFile] = Written(stream => DataCenterCheckpoint.WriteReplay(first, stream)),
        };
        using DataCenterTrainer second = Trainer(method, torchFirst ? null : backend);
        DataCenterCheckpoint.Restore(second, "folder", file => new MemoryStream(files[file]));
        Parameters(second).ShouldBe(Parameters(first));
        first.RunEpisode(Play);
        second.RunEpisode(Play);
        Apart(Parameters(second), Parameters(first)).ShouldBeLessThan(Distance);
    }

    private static double Play(long episode, IReadOnlyList<Domain.DataCenter.Control.ILoadBalancerController> controllers) =>
        new FluidDataCenter(Steps, 1, 2, 3).Play(episode, controllers);

    private static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static DataCenterTrainer Trainer(DataCenterMethod method, TorchBackend? backend)
    {
        var options = new DataCenterLearningOptions
        {
            Method = method, Episodes = 20, WarmUpEpisodes = WarmUp, UpdatesPerEpisode = Updates, Batch = 4, SequenceLength = 5, BurnIn = 2,
            Hidden = 16,
        };
        return new DataCenterTrainer(options, 2, 3, Steps, 5, 2, backend);
    }

    /// <summary>Of all nets and targets.</summary>
    private static float[] Parameters(DataCenterTrainer trainer) =>
        [.. trainer.Agents.SelectMany(agent => agent.Nets).SelectMany(net =>
            net.Optimiser.Parameters.Span.ToArray().Concat(net.Target is null ? [] : net.Target.Span.ToArray()))];

    private static double Apart(float[] a, float[] b) => a.Zip(b).Max(pair => Math.Abs((double)pair.First - pair.Second));
}
