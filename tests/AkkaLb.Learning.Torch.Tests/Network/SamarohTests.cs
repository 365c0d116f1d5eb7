using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Tests.Kernels;
using AkkaLb.Learning.Tests.Network;
using AkkaLb.Learning.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Tests.Network;

public unsafe class SamarohTests : TorchTest
{
    private static readonly string[] Topologies = ["4-node", "abilene", "source", "drawn"];

    public static TheoryData<int> Draws => [.. Enumerable.Range(0, 12)];

    [SkippableTheory]
    [MemberData(nameof(Draws))]
    public void Forward_DrawnModel_GivesTheKernelsValues(int draw)
    {
        NetworkModel model = Model(draw, CreditAssignment.Team);
        using PpoLearner learner = Learner(model, (ulong)draw);
        var actor = new ActorPass(model, Kernel.Best, model.Options.Horizons, training: false);
        var critic = new CriticPass(model, Kernel.Best, model.Options.Horizons, training: false);
        EpisodeTrajectory episode = Episodes.MadeUp(model, draw);
        int batch = model.Options.Horizons, links = model.LinkCount;
        for (int step = 0; step < batch; step++)
        {
            TransitionBatch.Observe(actor.Messages, episode, step, step, batch, links);
            TransitionBatch.Observe(critic.Messages, episode, step, step, batch, links);
        }

        actor.Forward(learner.Optimiser.Parameters.Pointer, batch);
        critic.Forward(learner.Optimiser.Parameters.Pointer, batch);

        var net = new SamarohNet(model, CPU);
        new TorchNet(net, model.Parameters, TorchTarget.Processor).Load(learner.Optimiser);
        Tensor observations = TorchTarget.Processor.Of(episode.Observations[..(batch * links * 2)], batch, links, 2);
        Tensor decisions = Samaroh.Decisions(net.Actor.call(observations), model.Options), values = net.Critic.call(observations);
        for (int b = 0; b < batch; b++)
        {
            ((double)values[b].item<float>()).ShouldBe(critic.Values[b], ValueTolerance);
            for (int decider = 0; decider < model.Decisions.Deciders; decider++)
            {
                for (int choice = 0; choice < model.Decisions.Choices; choice++)
                {
                    float expected = actor.Logit(model.Decisions.LogitOf(decider, choice), b, batch);
                    double found = decisions[b, decider, choice].item<float>();
                    found.ShouldBe(expected, ValueTolerance, $"sample {b}, decider {decider}");
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Draws))]
    public void Gradient_WholeLoss_AgreesWithAutograd(int draw) => Compare(draw, CreditAssignment.Team);

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(4)]
    public void Gradient_CounterfactualCredit_AgreesWithAutograd(int draw) => Compare(draw, CreditAssignment.Counterfactual);

    private static void Compare(int draw, CreditAssignment credit)
    {
        NetworkModel model = Model(draw, credit);
        using PpoLearner learner = Learner(model, (ulong)draw);
        learner.Load([.. Enumerable.Range(0, 3).Select(number => Episodes.MadeUp(model, number, seed: (ulong)draw + 5))]);
        int count = Math.Min(model.Options.MinibatchSize, learner.Transitions.Count);
        PpoSums native = learner.Minibatch.Compute(learner.Team, learner.Transitions, 0, count);
        AlignedBuffer gradient = learner.Minibatch.Gradients[0];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient.Span[i] += learner.Minibatch.Gradients[1].Span[i];
        }

        var torch = new TorchPpo(learner, Exact);
        torch.Load();
        PpoSums sums = torch.Differentiate(learner.Transitions, 0, count, model.Options.EntropyCoefficient);
        var oracle = new AlignedBuffer(model.Layout.Length);
        torch.Parameters.StoreGradients(oracle);
        IReadOnlyList<ParameterTensor> learning =
            [.. model.Parameters.Take(credit == CreditAssignment.Team ? model.Parameters.Count : model.ActorTensors)];
        int moving = ShouldAgree(learning, gradient, oracle, $"{model.Options.Method} {model.Options.Readout}");
        moving.ShouldBeGreaterThan(learning.Count * 9 / 10);

        sums.Policy.ShouldBe(native.Policy, 1e-5 * native.Decisions);
        sums.Entropy.ShouldBe(native.Entropy, 1e-5 * native.Decisions);
        sums.Critic.ShouldBe(native.Critic, 1e-5 * (1 + native.Critic));
        sums.Divergence.ShouldBe(native.Divergence, 1e-5 * native.Decisions);
        (sums.Clipped, sums.Decisions, sums.Samples).ShouldBe((native.Clipped, native.Decisions, native.Samples));
        native.Clipped.ShouldBeGreaterThan(0);
    }

    /// <summary>A model of drawn widths, method, readout and topology.</summary>
    private static NetworkModel Model(int draw, CreditAssignment credit)
    {
        var random = new RandomStream(17, "models", (ulong)draw);
        bool maroh = credit == CreditAssignment.Team && draw % 4 == 1;
        var options = new NetworkLearningOptions
        {
            Method = maroh ? NetworkMethod.Maroh : NetworkMethod.Samaroh,
            Readout = (ReadoutMode)(draw % 3),
            Credit = credit,
            Horizons = 4,
            MinibatchSize = 9,
            MessageIterations = 1 + random.NextInt32(3),
            HiddenState = 2 + random.NextInt32(20),
            WideLayer = 3 + random.NextInt32(30),
            NarrowLayer = 3 + random.NextInt32(20),
            EntropyCoefficient = 0.1,
            RewardScale = 1,
        };
        return new NetworkModel(options, Network(Topologies[draw % Topologies.Length], random));
    }

    private static Topology Network(string name, RandomStream random) => name switch
    {
        "source" => Episodes.WithSource(),
        "drawn" => Drawn(random),
        _ => TopologyLibrary.Get(name),
    };

    /// <summary>A ring of 4 to 7 nodes in both directions, and one-way chords.</summary>
    private static Topology Drawn(RandomStream random)
    {
        int nodes = 4 + random.NextInt32(4);
        HashSet<(int From, int To)> links = [];
        for (int node = 0; node < nodes; node++)
        {
            links.Add((node, (node + 1) % nodes));
            links.Add(((node + 1) % nodes, node));
            links.Add((node, (node + 2) % nodes));
        }

        return new Topology(
            "drawn", [.. Enumerable.Range(1, nodes).Select(n => $"{n}")],
            [.. links.Select(link => new Link(new NodeId(link.From), new NodeId(link.To), 1e7))]);
    }

    /// <summary>A learner whose parameters are away from the start, where biases are zero and logits almost are.</summary>
    private static PpoLearner Learner(NetworkModel model, ulong seed)
    {
        ScenarioSchedule? scenarios = model.Options.Credit == CreditAssignment.Counterfactual
            ? new ScenarioSchedule(Scenarios.MadeUp("4-node"))
            : null;
        var learner = new PpoLearner(model, seed, 1, Kernel.Best, scenarios);
        AlignedBuffer noise = Numbers.Gaussian(model.Layout.Length, $"noise {seed}", 0.15);
        foreach (ParameterTensor tensor in model.Parameters)
        {
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
            {
                learner.Optimiser.Parameters.Span[i] += noise.Span[i];
            }
        }

        learner.Optimiser.ParametersChanged();
        return learner;
    }
}
