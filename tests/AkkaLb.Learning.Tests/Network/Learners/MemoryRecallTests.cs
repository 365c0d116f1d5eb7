using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network.Learners;

/// <summary>What a pass of the learner through decisions does that were answered from memory.</summary>
public sealed class MemoryRecallTests : IDisposable
{
    private const int Everything = 1000;

    private readonly PpoLearner _learner = Learner(delta: 1e-6);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Unfamiliar_ExchangesOnAndRemembersFromWhereItWasAnswered(int made)
    {
        Pass(_learner, made);

        EpisodeTrajectory episode = _learner.Transitions.Locate(0, out _);
        episode.RecallExchanges.ShouldBe(episode.Horizons * 2);
        AgentExperience memory = _learner.Experience![3];
        memory.Stores[0].Count.ShouldBe(made == 0 ? episode.Horizons : 0);
        memory.Stores[1].Count.ShouldBe(episode.Horizons);
    }

    [Fact]
    public void AllExchangesMade_LeavesTheMemoryAlone()
    {
        Pass(_learner, made: 2);

        _learner.Experience!.Count.ShouldBe(0);
        Length(_learner, 0).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Familiar_DecidesOnTheRememberedStateAndTeachesTheReadoutOnly()
    {
        using PpoLearner learner = Learner(Everything);
        NetworkModel model = learner.Model;
        float[][] remembered = Remember(learner);

        PpoSums sums = Pass(learner, made: 0, episode =>
        {
            // Old probabilities are those of the remembered states, so the ratio is 1 where the pass decides on them too.
            for (int decider = 0; decider < model.Decisions.Deciders; decider++)
            {
                float[] logits = new float[model.ActionCount];
                new LinkAgentCore(model, decider).Logits(learner.Policy, remembered[decider], logits);
                for (int step = 0; step < episode.Horizons; step++)
                {
                    int choice = episode.Choices(step)[decider];
                    episode.Record(step, decider, new Decision(choice, Log(logits, choice)));
                }
            }
        });

        (sums.Divergence / sums.Decisions).ShouldBeInRange(-1e-9, 1e-9);
        learner.Transitions.Locate(0, out _).RecallExchanges.ShouldBe(0);
        learner.Experience!.Count.ShouldBe(2 * model.LinkCount, "nothing new is remembered");
        for (int tensor = 0; tensor < model.ActorTensors; tensor++)
        {
            double length = Length(learner, tensor);
            if (model.Layout.Tensors[tensor].Name.Contains("readout", StringComparison.Ordinal))
            {
                length.ShouldBeGreaterThan(0, model.Layout.Tensors[tensor].Name);
            }
            else
            {
                length.ShouldBe(0, model.Layout.Tensors[tensor].Name);
            }
        }
    }

    [Fact]
    public void Options_RecallsFromAnotherMemoryThanThePublished_AreRefused() =>
        new ExperienceOptions { Recalls = MemoryRecalls.Memory }.Problems().ShouldHaveSingleItem().ShouldContain("reference");

    public void Dispose() => _learner.Dispose();

    /// <summary>One pass through a made-up episode whose decisions were answered after some exchanges.</summary>
    private static PpoSums Pass(PpoLearner learner, int made, Action<EpisodeTrajectory>? change = null)
    {
        EpisodeTrajectory episode = Episodes.MadeUp(learner.Model, 0);
        for (int step = 0; step < episode.Horizons; step++)
        {
            episode.Exchanges(step) = made;
        }

        change?.Invoke(episode);
        learner.Load([episode]);
        return learner.Minibatch.Compute(learner.Team, learner.Transitions, 0, episode.Horizons);
    }

    /// <summary>One case for every agent and exchange; returns the final hidden state of each agent's.</summary>
    private static float[][] Remember(PpoLearner learner)
    {
        int width = learner.Model.HiddenState;
        return [.. Enumerable.Range(0, learner.Model.LinkCount).Select(link =>
        {
            float[] outcome = [.. Enumerable.Range(0, 2 * width).Select(i => (float)Math.Sin(i + 7 * link))];
            learner.Experience![link].Open(0);
            learner.Experience[link].Remember(0, new float[width], outcome, AgentExperience.NoAction);
            learner.Experience[link].Remember(1, new float[width], outcome.AsSpan(width), AgentExperience.NoAction);
            return outcome[width..];
        })];
    }

    private static float Log(float[] logits, int choice) => (float)(logits[choice] - Math.Log(logits.Sum(l => Math.Exp(l))));

    /// <summary>Largest entry of a tensor's gradient.</summary>
    private static double Length(PpoLearner learner, int tensor)
    {
        ParameterTensor of = learner.Model.Layout.Tensors[tensor];
        return learner.Minibatch.Gradients.Max(g => g.Span.Slice(of.Offset, of.Count).ToArray().Max(Math.Abs));
    }

    private static PpoLearner Learner(double delta) => new(
        new NetworkModel(
            new NetworkLearningOptions
            {
                Horizons = 6, MessageIterations = 2,
                Memory = new ExperienceOptions
                {
                    Representatives = RepresentativeSelection.Reference, Switching = LayerSwitching.Team, Recalls = MemoryRecalls.Memory,
                    MaxPolicyAge = null, Deltas = [delta],
                },
            },
            Scenarios.MadeUp("4-node").Topology),
        seed: 4, threads: 1);
}
