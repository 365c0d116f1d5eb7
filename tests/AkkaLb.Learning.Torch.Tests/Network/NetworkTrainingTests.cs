using AkkaLb.Domain.Network;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Tests.Network;
using AkkaLb.Learning.Torch.Network;

namespace AkkaLb.Learning.Torch.Tests.Network;

/// <summary>Whole updates: the same episodes, the same order of minibatches, each backend's own arithmetic.</summary>
public class NetworkTrainingTests : TorchTest
{
    /// <summary>How far apart any parameter may come in the 20 steps of one epoch. Found: 4e-7.</summary>
    private const double Most = 1e-5;

    /// <summary>
    /// How far apart the two may come in three epochs, as a share of the way that both go (Euclidean). Gradients agree all along (the test
    /// below), but the critic's steps, whose gradient is clipped at almost each of them, let a difference of one rounding grow tenfold in
    /// ten steps. Found: 0.005, with the reference readout 0.043, without a critic 1e-5.
    /// </summary>
    private const double Share = 0.06;

    private static readonly NetworkLearningOptions Short = new() { EpisodesPerUpdate = 25, Episodes = 100, MinibatchSize = 25, Epochs = 3 };

    public static TheoryData<NetworkMethod, ReadoutMode, CreditAssignment> Methods => new()
    {
        { NetworkMethod.Samaroh, ReadoutMode.PerAgent, CreditAssignment.Team },
        { NetworkMethod.Samaroh, ReadoutMode.Reference, CreditAssignment.Team },
        { NetworkMethod.Maroh, ReadoutMode.Shared, CreditAssignment.Team },
        { NetworkMethod.Samaroh, ReadoutMode.PerAgent, CreditAssignment.Counterfactual },
    };

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void RunBlock_OneEpochOfTheSameDraws_MovesAsTheKernelsDo(NetworkMethod method, ReadoutMode readout, CreditAssignment credit)
    {
        NetworkLearningOptions options = Short with { Method = method, Readout = readout, Credit = credit, Epochs = 1 };
        using NetworkTrainer native = Trainer(options, null), torch = Trainer(options, TorchBackend.Of(TorchTarget.Processor));
        float[] start = Parameters(native);
        native.RunBlock();
        torch.RunBlock().Update!.Steps.ShouldBe(20);
        Apart(Parameters(torch), Parameters(native)).ShouldBeLessThan(Most);
        Apart(Parameters(native), start).ShouldBeGreaterThan(100 * Most);
    }

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void RunBlock_ThreeEpochsOfTheSameDraws_StaysBesideTheKernels(NetworkMethod method, ReadoutMode readout, CreditAssignment credit)
    {
        NetworkLearningOptions options = Short with { Method = method, Readout = readout, Credit = credit };
        using NetworkTrainer native = Trainer(options, null), torch = Trainer(options, TorchBackend.Of(TorchTarget.Processor));
        float[] start = Parameters(native);
        TrainingBlock expected = native.RunBlock(), actual = torch.RunBlock();
        actual.Episodes.Select(e => e.FinalObjective).ShouldBe(expected.Episodes.Select(e => e.FinalObjective));
        (actual.Update!.Steps, actual.Update.Version).ShouldBe((60, 1));
        actual.Update.PolicyLoss.ShouldBe(expected.Update!.PolicyLoss, 1e-4);
        actual.Update.CriticLoss.ShouldBe(expected.Update.CriticLoss, 1e-3 * (1 + expected.Update.CriticLoss));
        actual.Update.Entropy.ShouldBe(expected.Update.Entropy, 1e-4);
        actual.Update.GradientNorm.ShouldBe(expected.Update.GradientNorm, 1e-2 * expected.Update.GradientNorm);
        ShouldBeBeside(Parameters(torch), Parameters(native), start);
    }

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void Gradient_PlayedEpisodes_AgreesWithAutograd(NetworkMethod method, ReadoutMode readout, CreditAssignment credit)
    {
        NetworkLearningOptions options = Short with { Method = method, Readout = readout, Credit = credit };
        using NetworkTrainer trainer = Trainer(options, null), fresh = Trainer(options, null);
        IReadOnlyList<EpisodeTrajectory> episodes = trainer.RunBlock().Episodes;
        PpoLearner learner = fresh.Learner;
        learner.Load(episodes);
        var torch = new TorchPpo(learner, Exact);
        torch.Load();
        for (int first = 0; first < 500; first += 25)
        {
            learner.Minibatch.Compute(learner.Team, learner.Transitions, first, 25);
            AlignedBuffer gradient = learner.Minibatch.Gradients[0], oracle = new(learner.Model.Layout.Length);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient.Span[i] += learner.Minibatch.Gradients[1].Span[i];
            }

            torch.Differentiate(learner.Transitions, first, 25, options.EntropyCoefficient);
            torch.Parameters.StoreGradients(oracle);
            int tensors = credit == CreditAssignment.Team ? learner.Model.Parameters.Count : learner.Model.ActorTensors;
            ShouldAgree([.. learner.Model.Parameters.Take(tensors)], gradient, oracle, $"transitions from {first}");
        }
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Restore_CheckpointOfTheOtherBackend_GoesOnWithItsMoments(bool torchFirst)
    {
        TorchBackend backend = TorchBackend.Of(TorchTarget.Processor);
        using NetworkTrainer first = Trainer(Short, torchFirst ? backend : null);
        first.RunBlock();
        using var weights = new MemoryStream();
        using var optimiser = new MemoryStream();
        PpoCheckpoint.WriteWeights(first.Learner, weights);
        PpoCheckpoint.WriteOptimiser(first.Learner, optimiser);
        weights.Position = optimiser.Position = 0;

        using NetworkTrainer second = Trainer(Short, torchFirst ? null : backend);
        PpoCheckpoint.Restore(second.Learner, weights, "weights", optimiser, "optimiser");
        Parameters(second).ShouldBe(Parameters(first));
        float[] between = Parameters(first);
        first.RunBlock();
        second.RunBlock();
        second.Learner.Optimiser.Steps.ShouldBe(120);
        ShouldBeBeside(Parameters(second), Parameters(first), between);
    }

    [SkippableFact]
    public void Restore_OwnCheckpoint_EndsWithTheSameParameters()
    {
        TorchBackend backend = TorchBackend.Of(TorchTarget.Processor);
        using NetworkTrainer straight = Trainer(Short, backend), stopped = Trainer(Short, backend), resumed = Trainer(Short, backend);
        straight.RunBlock();
        straight.RunBlock();
        stopped.RunBlock();
        using var weights = new MemoryStream();
        using var optimiser = new MemoryStream();
        PpoCheckpoint.WriteWeights(stopped.Learner, weights);
        PpoCheckpoint.WriteOptimiser(stopped.Learner, optimiser);
        weights.Position = optimiser.Position = 0;
        PpoCheckpoint.Restore(resumed.Learner, weights, "weights", optimiser, "optimiser");
        resumed.RunBlock();
        Parameters(resumed).ShouldBe(Parameters(straight));
    }

    [SkippableFact]
    public void Train_Cancelled_LeavesTheLearnerAsItWas()
    {
        using NetworkTrainer trainer = Trainer(Short, TorchBackend.Of(TorchTarget.Processor));
        TrainingBlock block = trainer.RunBlock();
        float[] before = Parameters(trainer);
        var learner = trainer.Learner;
        var episodes = new[] { Episodes.MadeUp(learner.Model, 0, version: 1) };
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => learner.Train(episodes, cancelled.Token));
        Parameters(trainer).ShouldBe(before);
        learner.Train(episodes).Version.ShouldBe(block.Update!.Version + 1);
        Parameters(trainer).ShouldNotBe(before);
    }

    private static NetworkTrainer Trainer(NetworkLearningOptions options, TorchBackend? backend)
    {
        NetworkScenario scenario = Scenarios.MadeUp("4-node");
        var schedule = new ScenarioSchedule(scenario);
        return new NetworkTrainer(schedule, new PpoLearner(new NetworkModel(options, scenario.Topology), 3, 1, schedule, backend));
    }

    private static float[] Parameters(NetworkTrainer trainer) => trainer.Learner.Optimiser.Parameters.Span.ToArray();

    private static double Apart(float[] a, float[] b) => a.Zip(b).Max(pair => Math.Abs((double)pair.First - pair.Second));

    private static void ShouldBeBeside(float[] torch, float[] native, float[] start)
    {
        double apart = 0, way = 0;
        for (int i = 0; i < start.Length; i++)
        {
            apart += Math.Pow(torch[i] - native[i], 2);
            way += Math.Pow(native[i] - start[i], 2);
        }

        way.ShouldBeGreaterThan(0.01);
        Math.Sqrt(apart / way).ShouldBeLessThan(Share);
    }
}
