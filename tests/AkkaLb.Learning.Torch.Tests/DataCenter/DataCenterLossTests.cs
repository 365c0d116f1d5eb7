using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.DataCenter.Rewards;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Tests.Kernels;
using AkkaLb.Learning.Torch.DataCenter;
using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Tests.DataCenter;

/// <summary>Every loss of the data-centre learners, native against autograd, for drawn shapes.</summary>
public unsafe class DataCenterLossTests : TorchTest
{
    private const int Steps = 9;

    private static readonly WorkerTeam Single = new(1);

    public static TheoryData<int, bool> Draws
    {
        get
        {
            TheoryData<int, bool> data = [];
            for (int draw = 0; draw < 8; draw++)
            {
                data.Add(draw, draw % 3 == 2);
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Draws))]
    public void SacGru_AllThreeNets_AgreeWithAutograd(int draw, bool reference)
    {
        Shape shape = Shape.Draw(draw, reference);
        SacGruLearner native = Learner(), twin = Learner();
        LearnerSums sums = default, oracle = default;
        var torch = new TorchSacGru(twin, Exact);
        torch.Load();
        torch.Differentiate(ref oracle);
        native.Step(ref sums);
        // The native step is made by now; what it was made with is still there.
        ShouldAgree([native.Actor, .. native.Critics], torch.Nets, 0.8);
        oracle.Critic.ShouldBe(sums.Critic, ValueTolerance * (1 + Math.Abs(sums.Critic)));
        oracle.Actor.ShouldBe(sums.Actor, ValueTolerance * (1 + Math.Abs(sums.Actor)));
        oracle.Entropy.ShouldBe(sums.Entropy, ValueTolerance);
        oracle.Value.ShouldBe(sums.Value, ValueTolerance * (1 + Math.Abs(sums.Value)));
        twin.Temperature.Value.ShouldBe(native.Temperature.Value, 1e-6);

        SacGruLearner Learner()
        {
            var learner = new SacGruLearner(shape.Options, "agent", shape.Features, shape.Servers, Steps, 1, Single, Kernel.Best);
            Fill([learner.Actor, .. learner.Critics], draw);
            (EpisodeReplay replay, FeatureNormaliser normaliser) = shape.Replay(1);
            learner.Random.MoveTo((ulong)draw);
            learner.Batch.Draw(replay, normaliser, learner.Random);
            return learner;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Draws))]
    public void QMix_AgentAndMixer_AgreeWithAutograd(int draw, bool reference)
    {
        const int Members = 2;
        Shape shape = Shape.Draw(draw, reference);
        QMixLearner native = Learner(out EpisodeReplay replay, out FeatureNormaliser normaliser), twin = Learner(out _, out _);
        double loss = native.Gradients(replay, normaliser, draw);
        twin.Gradients(replay, normaliser, draw);
        var torch = new TorchQMix(twin, Exact);
        torch.Load();
        LearnerSums oracle = default;
        torch.Differentiate(ref oracle);
        oracle.Critic.ShouldBe(loss, ValueTolerance * (1 + loss));
        ShouldAgree([native.Agent, native.Mixer], torch.Nets, 0.8);

        QMixLearner Learner(out EpisodeReplay replay, out FeatureNormaliser normaliser)
        {
            var learner = new QMixLearner(shape.Options, "team", Members, shape.Features, shape.Servers, Steps, 1, Single, Kernel.Best);
            Fill([learner.Agent, learner.Mixer], draw);
            (replay, normaliser) = shape.Replay(Members);
            return learner;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Draws))]
    public void RlbSac_CriticsAndActor_AgreeWithAutograd(int draw, bool _)
    {
        Shape shape = Shape.Draw(draw, reference: false);
        RlbSacLearner native = Learner(), twin = Learner();
        var torch = new TorchRlbSac(twin, Exact);
        torch.Load();
        LearnerSums oracle = default, sums = default;
        (double actorLoss, double entropy) = native.DifferentiateActor();
        (double actorOracle, double entropyOracle) = torch.DifferentiateActor();
        actorOracle.ShouldBe(actorLoss, ValueTolerance * (1 + Math.Abs(actorLoss)));
        entropyOracle.ShouldBe(entropy, ValueTolerance * (1 + Math.Abs(entropy)));
        ShouldAgree([native.Actor], [torch.Nets[0]], 0.8);

        double criticOracle = torch.DifferentiateCritics(ref oracle);
        native.Step(1, ref sums);
        criticOracle.ShouldBe(sums.Critic, ValueTolerance * (1 + sums.Critic));
        oracle.Value.ShouldBe(sums.Value, ValueTolerance * (1 + Math.Abs(sums.Value)));
        ShouldAgree(native.Critics, [torch.Nets[1], torch.Nets[2]], 0.8);

        RlbSacLearner Learner()
        {
            var learner = new RlbSacLearner(shape.Options, "agent", shape.Features, shape.Servers, Steps, 1, Single, Kernel.Best);
            Fill([learner.Actor, .. learner.Critics], draw);
            (EpisodeReplay replay, FeatureNormaliser normaliser) = shape.Replay(1);
            learner.Draw(replay, normaliser, draw);
            return learner;
        }
    }

    [SkippableTheory]
    [InlineData(3, 5, 0)]
    [InlineData(1, 17, 2)]
    [InlineData(6, 64, 3)]
    public void RecurrentNet_DrawnSequences_GivesTheKernelsValues(int batch, int width, int burnIn)
    {
        const int Inputs = 7, Outputs = 4;
        var layout = new ParameterLayout();
        var net = new Layers.RecurrentNet(layout, "net", Inputs, width, Outputs, lastGain: 1);
        AlignedBuffer parameters = Numbers.Gaussian(layout.Length, "parameters", 1.5 / Math.Sqrt(width));
        AlignedBuffer x = Numbers.Gaussian(Steps * batch * Inputs, "x");
        int[] starts = [.. Enumerable.Range(0, batch).Select(b => b % (burnIn + 1))];
        var pass = new RecurrentPass(net, Kernel.Best, Steps * batch, batch, training: false);
        pass.InitialStates(batch).Clear();
        pass.Forward(parameters.Pointer, x.Pointer, Steps, batch, burnIn, starts);

        var module = new Torch.DataCenter.RecurrentNet(Inputs, width, Outputs);
        new TorchNet(new Named<Torch.DataCenter.RecurrentNet>("net", module), layout.Tensors, TorchTarget.Processor).Load(parameters);
        float[] keeps = [.. Enumerable.Range(0, (burnIn + 1) * batch).Select(i => starts[i % batch] == i / batch ? 0f : 1f)];
        using Tensor outputs = module.Run(
            TorchTarget.Processor.Of(x.Span, Steps, batch, Inputs), burnIn, TorchTarget.Processor.Of(keeps, burnIn + 1, batch));
        float[] actual = outputs.contiguous().data<float>().ToArray();
        for (int i = 0; i < actual.Length; i++)
        {
            ((double)actual[i]).ShouldBe(pass.Output[burnIn * batch * Outputs + i], ValueTolerance);
        }
    }

    [SkippableFact]
    public void PublishedActorLoss_ExpectationOverDraws_HasNoGradientButTheExactLossHas()
    {
        const int Levels = 3;
        Tensor logits = tensor(Gaussian("logits", 4 * 5 * 2 * Levels), [4, 5, 2, Levels]).requires_grad_();
        Tensor advantages = tensor(Gaussian("advantages", 4 * 5 * 2 * Levels), [4, 5, 2, Levels]);
        Tensor logProbabilities = nn.functional.log_softmax(logits, -1);
        // Heads are independent, so it is enough to let all of them draw the same level, each weighted by its own probability.
        Tensor expected = zeros_like(logits);
        for (int level = 0; level < Levels; level++)
        {
            Tensor drawn = full([4, 5, 2], level, ScalarType.Int64);
            Tensor loss = SacGru.PublishedActorLoss(logProbabilities, advantages, drawn, 0.3);
            Tensor gradient = autograd.grad([loss], [logits], retain_graph: true)[0];
            gradient.abs().max().item<double>().ShouldBeGreaterThan(1e-3);
            expected += gradient * logProbabilities.detach().exp().narrow(3, level, 1);
        }

        expected.abs().max().item<double>().ShouldBeLessThan(1e-12);
        Tensor exact = autograd.grad([SacGru.ActorLoss(logProbabilities, advantages, 0.3)], [logits])[0];
        exact.abs().max().item<double>().ShouldBeGreaterThan(1e-3);
    }

    [SkippableFact]
    public void Lambda_DrawnRewards_GivesTheNativeReturns()
    {
        const int Length = 7, Rows = 3;
        double[] rewards = Gaussian("r", Length * Rows), values = Gaussian("v", Length * Rows), bonuses = Gaussian("b", Length * Rows);
        double[] expected = new double[Length * Rows];
        LambdaReturns.Fill(rewards, values, bonuses, Rows, 0.9, 0.7, expected);
        Tensor returns = Returns.Lambda(
            Exact.Of(rewards, Length, Rows), Exact.Of(values, Length, Rows), Exact.Of(bonuses, Length, Rows), 0.9, 0.7);
        double[] actual = returns.data<double>().ToArray();
        for (int i = 0; i < expected.Length; i++)
        {
            actual[i].ShouldBe(expected[i], 1e-12);
        }
    }

    private static double[] Gaussian(string name, int count)
    {
        var random = new RandomStream(8, name);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }

    private static void ShouldAgree(IReadOnlyList<TrainedNet> native, IReadOnlyList<DataCenterNet> torch, double movingShare)
    {
        foreach ((TrainedNet net, DataCenterNet oracleNet) in native.Zip(torch))
        {
            var oracle = new AlignedBuffer(net.Layout.Length);
            oracleNet.StoreGradients(oracle);
            int moving = ShouldAgree(net.Layout.Tensors, net.Gradient, oracle, net.Name);
            moving.ShouldBeGreaterThanOrEqualTo((int)(movingShare * net.Layout.Tensors.Count), net.Name);
        }
    }

    /// <summary>Parameters of the size that trained nets have, targets apart from them, and no biases at zero.</summary>
    private static void Fill(IReadOnlyList<TrainedNet> nets, int draw)
    {
        foreach (TrainedNet net in nets)
        {
            AlignedBuffer noise = Numbers.Gaussian(net.Layout.Length, $"{net.Name} {draw}", 0.2);
            foreach (ParameterTensor tensor in net.Layout.Tensors)
            {
                for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
                {
                    net.Optimiser.Parameters.Span[i] += noise.Span[i];
                    if (net.Target is not null)
                    {
                        net.Target.Span[i] -= noise.Span[i];
                    }
                }
            }

            net.ParametersChanged();
        }
    }

    /// <summary>Sizes and options of a drawn learner.</summary>
    private sealed record Shape(DataCenterLearningOptions Options, int Features, int Servers)
    {
        public static Shape Draw(int draw, bool reference)
        {
            var random = new RandomStream(23, "shapes", (ulong)draw);
            return new Shape(
                new DataCenterLearningOptions
                {
                    Batch = 3 + random.NextInt32(3),
                    SequenceLength = draw == 0 ? 0 : 3 + random.NextInt32(3),
                    BurnIn = draw % 2 * (1 + random.NextInt32(3)),
                    Hidden = 5 + random.NextInt32(30),
                    Levels = [.. Enumerable.Range(1, 2 + random.NextInt32(2)).Select(level => (double)level)],
                    Lambda = random.NextDouble(),
                    GradientNorm = 1e6,
                    RewardStandardisation = RewardStandardisation.Running,
                    Reference = reference,
                },
                2 + random.NextInt32(4),
                2 + random.NextInt32(3));
        }

        public (EpisodeReplay Replay, FeatureNormaliser Normaliser) Replay(int members)
        {
            var replay = new EpisodeReplay(4, Options.RewardStandardisation);
            for (int i = 0; i < 3; i++)
            {
                var random = new RandomStream(29, $"episode {i}");
                replay.Add(new EpisodeRecord(
                    Steps,
                    [.. Enumerable.Range(0, (Steps + 1) * members * Features).Select(_ => (float)random.NextGaussian())],
                    [.. Enumerable.Range(0, Steps * members * Servers).Select(_ => (float)random.NextInt32(Options.Levels.Count))],
                    [.. Enumerable.Range(0, Steps).Select(_ => (float)random.NextGaussian())]));
            }

            return (replay, new FeatureNormaliser(Features, enabled: false));
        }
    }
}
