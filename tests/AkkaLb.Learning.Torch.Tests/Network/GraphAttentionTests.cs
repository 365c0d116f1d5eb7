using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Tests.Network;
using AkkaLb.Learning.Torch.Network;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Tests.Network;

public class GraphAttentionTests : TorchTest
{
    private static readonly NetworkLearningOptions Small = new()
    {
        Architecture = ActorArchitecture.Attention, AttentionHeads = 3, AttentionWidth = 5, MessageIterations = 3,
        EpisodesPerUpdate = 5, Episodes = 10,
    };

    [SkippableTheory]
    [InlineData("4-node")]
    [InlineData("source")]
    public void Forward_SmallModel_IsTheFormulaAgentByAgent(string name)
    {
        Topology topology = name == "source" ? Episodes.WithSource() : TopologyLibrary.Get(name);
        var model = new NetworkModel(Small with { Readout = ReadoutMode.Shared }, topology);
        using var learner = new PpoLearner(model, 4, 1, backend: TorchBackend.Of(Exact));
        var net = new SamarohNet(model, CPU);
        new TorchNet(net, model.Parameters, Exact).Load(learner.Optimiser);
        EpisodeTrajectory episode = Episodes.MadeUp(model, 1);
        double[][] h = [.. Enumerable.Range(0, model.LinkCount).Select(link =>
            (double[])[episode.Observation(0, link)[0], episode.Observation(0, link)[1], .. new double[model.HiddenState - 2]])];
        for (int layer = 0; layer < model.AttentionLayers.Count; layer++)
        {
            h = Layer(learner, layer, h);
        }

        var attention = net.Actor.call(Exact.Of(episode.Observations[..(model.LinkCount * 2)], 1, model.LinkCount, 2));
        Tensor readout = net.Actor.named_children().Single(child => child.name == "readout").module is TorchSharp.Modules.Sequential head
            ? head.call(tensor(h.SelectMany(x => x).ToArray(), [1, model.LinkCount, model.HiddenState]))
            : throw new InvalidOperationException("no readout");
        (attention - readout).abs().max().item<double>().ShouldBeLessThan(1e-10);
        h.SelectMany(x => x).Count(x => x > 0).ShouldBeGreaterThan(0);
    }

    [SkippableFact]
    public void RunBlock_Attention_LearnsAndWritesItsOwnParameters()
    {
        NetworkScenario scenario = Scenarios.MadeUp("4-node");
        var schedule = new ScenarioSchedule(scenario);
        var model = new NetworkModel(Small, scenario.Topology);
        using var trainer = new NetworkTrainer(schedule, new PpoLearner(model, 3, 2, schedule, TorchBackend.Of(TorchTarget.Processor)));
        float[] before = trainer.Learner.Optimiser.Parameters.Span.ToArray();
        TrainingBlock block = trainer.RunBlock();
        // The rollout's log-probabilities are those of the net that learns: at the first minibatch all ratios are 1.
        block.Update!.Divergence.ShouldBeLessThan(0.05);
        float[] after = trainer.Learner.Optimiser.Parameters.Span.ToArray();
        foreach (ParameterTensor tensor in model.Parameters)
        {
            after.AsSpan(tensor.Offset, tensor.Count).SequenceEqual(before.AsSpan(tensor.Offset, tensor.Count)).ShouldBeFalse(tensor.Name);
        }

        model.Parameters.Select(t => t.Name).ShouldContain("actor.attention.0.linear.weight");
    }

    [SkippableFact]
    public void PpoLearner_AttentionWithoutBackend_SaysWhatIsMissing()
    {
        var model = new NetworkModel(Small, TopologyLibrary.Get("4-node"));
        Should.Throw<InvalidInputException>(() => new PpoLearner(model, 1, 1)).Message.ShouldContain("'akkalb.learning.backend' = torch");
    }

    private static double[][] Layer(PpoLearner learner, int index, double[][] h)
    {
        NetworkModel model = learner.Model;
        AttentionLayer shape = model.AttentionLayers[index];
        float[] Values(string name)
        {
            ParameterTensor tensor = model.Parameters.Single(t => t.Name == $"actor.attention.{index}.{name}");
            return learner.Optimiser.Parameters.Span.Slice(tensor.Offset, tensor.Count).ToArray();
        }

        float[] weight = Values("linear.weight"), bias = Values("linear.bias"), score = Values("score.weight");
        double scoreBias = Values("score.bias")[0];
        double[][] x = [.. h.Select(state => Enumerable.Range(0, shape.Outputs)
            .Select(o => bias[o] + state.Select((value, i) => value * weight[i * shape.Outputs + o]).Sum()).ToArray())];
        return [.. Enumerable.Range(0, h.Length).Select(receiver =>
        {
            int[] heard = [receiver, .. model.Predecessors(receiver)];
            double[] next = new double[shape.Outputs];
            for (int head = 0; head < shape.Heads; head++)
            {
                double[] attention = [.. heard.Select(sender => Math.Exp(Leaky(scoreBias + Enumerable.Range(0, shape.Features).Sum(f =>
                    score[f] * x[sender][head * shape.Features + f]
                    + score[shape.Features + f] * x[receiver][head * shape.Features + f]))))];
                for (int f = 0; f < shape.Features; f++)
                {
                    next[head * shape.Features + f] = Math.Max(
                        0, heard.Select((sender, i) => attention[i] / attention.Sum() * x[sender][head * shape.Features + f]).Sum());
                }
            }

            return next;
        })];
    }

    private static double Leaky(double x) => x > 0 ? x : 0.2 * x;
}
