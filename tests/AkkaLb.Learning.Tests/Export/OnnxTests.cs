using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Export;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Tests.DataCenter;
using AkkaLb.Learning.Tests.Kernels;
using AkkaLb.Learning.Tests.Network;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AkkaLb.Learning.Tests.Export;

/// <summary>Exported policies, run by Microsoft's runtime, against the kernels.</summary>
public unsafe class OnnxTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<NetworkMethod, ReadoutMode, string> Policies => new()
    {
        { NetworkMethod.Samaroh, ReadoutMode.PerAgent, "4-node" },
        { NetworkMethod.Samaroh, ReadoutMode.PerAgent, "abilene" },
        { NetworkMethod.Samaroh, ReadoutMode.Shared, "source" },
        { NetworkMethod.Samaroh, ReadoutMode.Reference, "4-node" },
        { NetworkMethod.Maroh, ReadoutMode.Shared, "abilene" },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Network_Policy_GivesTheKernelsLogits(NetworkMethod method, ReadoutMode readout, string topology)
    {
        const int Batch = 3;
        var model = new NetworkModel(
            new NetworkLearningOptions { Method = method, Readout = readout, Horizons = Batch },
            topology == "source" ? Episodes.WithSource() : TopologyLibrary.Get(topology));
        AlignedBuffer parameters = Numbers.Gaussian(model.Layout.Length, "parameters", 0.15);
        var policy = new PolicySnapshot(model, 7, parameters.Span);
        EpisodeTrajectory episode = Episodes.MadeUp(model, 1);
        var pass = new ActorPass(model, Kernel.Best, Batch, training: false);
        for (int step = 0; step < Batch; step++)
        {
            TransitionBatch.Observe(pass.Messages, episode, step, step, Batch, model.LinkCount);
        }

        pass.Forward(policy.Parameters, Batch);

        using var session = new InferenceSession(NetworkPolicyOnnx.Write(model, policy));
        session.ModelMetadata.CustomMetadataMap["links"].Split('\n').Length.ShouldBe(model.LinkCount);
        float[] observed = episode.Observations[..(Batch * model.LinkCount * 2)].ToArray();
        var observations = new DenseTensor<float>(observed, [Batch, model.LinkCount, 2]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("observations", observations)]);
        Tensor<float> logits = results.Single().AsTensor<float>();
        logits.Dimensions.ToArray().ShouldBe([Batch, model.Decisions.Deciders, model.Decisions.Choices]);
        for (int sample = 0; sample < Batch; sample++)
        {
            for (int decider = 0; decider < model.Decisions.Deciders; decider++)
            {
                for (int choice = 0; choice < model.Decisions.Choices; choice++)
                {
                    float expected = pass.Logit(model.Decisions.LogitOf(decider, choice), sample, Batch);
                    ((double)logits[sample, decider, choice]).ShouldBe(expected, Tolerance);
                }
            }
        }
    }

    [Fact]
    public void Network_Attention_IsRefused()
    {
        var model = new NetworkModel(
            new NetworkLearningOptions { Architecture = ActorArchitecture.Attention }, TopologyLibrary.Get("4-node"));
        var policy = new PolicySnapshot(model, 0, new float[model.Layout.Length]);
        Should.Throw<InvalidInputException>(() => NetworkPolicyOnnx.Write(model, policy)).Message.ShouldContain("message-passing");
    }

    [Theory]
    [InlineData(DataCenterMethod.DistrLb, 2)]
    [InlineData(DataCenterMethod.CentrLb, 1)]
    [InlineData(DataCenterMethod.QMixLb, 1)]
    public void DataCenter_RecurrentPolicy_StepsAsTheAgentDoes(DataCenterMethod method, int agents)
    {
        using DataCenterTrainer trainer = Trained(method);
        (string Name, byte[] Content)[] files = [.. DataCenterPolicyOnnx.Write(trainer)];
        files.Length.ShouldBe(agents);
        BalancingAgent agent = trainer.Agents[0];
        TrainedNet net = agent.Nets[0];
        int features = agent.Normaliser.Mean.Length, levels = trainer.Options.Levels.Count, width = trainer.Options.Hidden;
        RecurrentNet shape = agent is SacGruAgent sac ? sac.Learner.ActorNet : ((QMixAgent)agent).Learner.Net;
        int heads = shape.Outputs / levels;
        var kernels = new RecurrentPolicy(shape, Kernel.Best, 1, features, levels);
        kernels.Reset();
        using var session = new InferenceSession(files[0].Content);
        var state = new DenseTensor<float>([1, width]);
        var last = new DenseTensor<float>([1, heads * levels]);
        var random = new RandomStream(3, "steps");
        for (int step = 0; step < 4; step++)
        {
            float[] raw = [.. Enumerable.Range(0, features).Select(_ => (float)random.NextGaussian())];
            kernels.Step(net.Parameters, raw, agent.Normaliser);
            using var results = session.Run(
            [
                NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(raw, [1, features])),
                NamedOnnxValue.CreateFromTensor("last", last),
                NamedOnnxValue.CreateFromTensor("state", state),
            ]);
            float[] logits = [.. results.Single(r => r.Name == "logits").AsTensor<float>()];
            for (int i = 0; i < logits.Length; i++)
            {
                ((double)logits[i]).ShouldBe(kernels.Outputs(0)[i], Tolerance, $"step {step}");
            }

            state = new DenseTensor<float>(results.Single(r => r.Name == "next").AsTensor<float>().ToArray(), [1, width]);
            float[] actions = [.. Enumerable.Range(0, heads).Select(_ => (float)random.NextInt32(levels))];
            kernels.Remember(actions);
            last = new DenseTensor<float>([1, heads * levels]);
            for (int head = 0; head < heads; head++)
            {
                last[0, head * levels + (int)actions[head]] = 1;
            }
        }

        state.ToArray().Count(x => x != 0).ShouldBeGreaterThan(width / 2);
    }

    [Fact]
    public void DataCenter_RlbSac_GivesTheAgentsMeansAndDeviations()
    {
        using DataCenterTrainer trainer = Trained(DataCenterMethod.RlbSac);
        var agent = (RlbSacAgent)trainer.Agents[1];
        int features = agent.Normaliser.Mean.Length;
        float[] raw = [.. Enumerable.Range(0, features).Select(i => 0.1f * i)], normalised = new float[features];
        agent.Normaliser.Normalise(raw, normalised);
        AlignedBuffer input = new(features), hidden = new(agent.Learner.HiddenWidth), expected = new(2 * agent.Servers);
        normalised.CopyTo(input.Span);
        agent.Learner.Policy(input.Pointer, hidden.Pointer, expected.Pointer);
        using var session = new InferenceSession(DataCenterPolicyOnnx.Write(trainer).ElementAt(1).Content);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(raw, [1, features]))]);
        float[] policy = [.. results.Single().AsTensor<float>()];
        for (int i = 0; i < policy.Length; i++)
        {
            ((double)policy[i]).ShouldBe(expected.Span[i], Tolerance);
        }
    }

    private static DataCenterTrainer Trained(DataCenterMethod method)
    {
        var options = new DataCenterLearningOptions
        {
            Method = method, Episodes = 10, WarmUpEpisodes = 2, UpdatesPerEpisode = 5, Batch = 4, SequenceLength = 5, Hidden = 16,
            LearningRate = 0.01,
        };
        var trainer = new DataCenterTrainer(options, 2, 3, 12, 5, 1);
        for (int i = 0; i < 4; i++)
        {
            trainer.RunEpisode((episode, controllers) => new FluidDataCenter(12, 1, 2, 3).Play(episode, controllers));
        }

        return trainer;
    }
}
