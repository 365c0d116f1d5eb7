using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Tests.Network.Models;

public class NetworkModelTests
{
    [Theory]
    [InlineData("4-node", 16, 2)]
    [InlineData("abilene", 60, 3)]
    [InlineData("symm16", 288, 5)]
    [InlineData("geant2009", 374, 7)]
    public void Model_SharedReadout_HasThePublishedSizes(string topology, int messages, int diameter)
    {
        var model = new NetworkModel(
            new NetworkLearningOptions { Readout = ReadoutMode.Shared, MessageIterations = 0 }, TopologyLibrary.Get(topology));
        model.ActorParameterCount.ShouldBe(29_282);
        model.CriticParameterCount.ShouldBe(35_361);
        model.MessagesPerExchange.ShouldBe(messages);
        model.MessageIterations.ShouldBe(diameter);
    }

    /// <summary>Section 12: hidden states sent in an episode of inference.</summary>
    [Theory]
    [InlineData("4-node", NetworkMethod.Samaroh, 2, 20, 640)]
    [InlineData("4-node", NetworkMethod.Maroh, 2, 100, 3_200)]
    [InlineData("abilene", NetworkMethod.Samaroh, 3, 50, 9_000)]
    [InlineData("abilene", NetworkMethod.Maroh, 3, 250, 45_000)]
    [InlineData("symm16", NetworkMethod.Samaroh, 5, 100, 144_000)]
    [InlineData("geant2009", NetworkMethod.Samaroh, 5, 150, 280_500)]
    public void Model_OfThePublishedConfigurations_SendsThePublishedMessages(
        string topology, NetworkMethod method, int iterations, int horizons, long messages) =>
        new NetworkModel(
            new NetworkLearningOptions { Method = method, MessageIterations = iterations, Horizons = horizons },
            TopologyLibrary.Get(topology)).MessagesPerEpisode.ShouldBe(messages);

    [Fact]
    public void Model_PerAgentReadout_HasOnePerLink()
    {
        var model = new NetworkModel(new NetworkLearningOptions(), TopologyLibrary.Get("4-node"));
        model.ActorParameterCount.ShouldBe(3_152 + 15_568 + 8 * (10_432 + 65 * 2));
        model.Parameters.Select(tensor => tensor.Name).ShouldContain("actor.readout.7.4.weight");
        model.Parameters.Select(tensor => tensor.Name).ShouldBeUnique();
    }

    [Fact]
    public void Model_ThreeActions_HasThePublishedSize() => new NetworkModel(
        new NetworkLearningOptions
        {
            Readout = ReadoutMode.Shared, Actions = [.. ChannelWeights.PublishedActions, new WeightAction(WeightChange.Add, 1)],
        },
        TopologyLibrary.Get("4-node")).ActorParameterCount.ShouldBe(29_347);

    [Fact]
    public void Options_SeveralOutOfRange_AreAllNamedInOneLine()
    {
        var options = new NetworkLearningOptions { Horizons = 0, Clip = -1, Actions = [], RewardScale = 0 };
        string message = Should.Throw<InvalidInputException>(() => new NetworkModel(options, TopologyLibrary.Get("4-node"))).Message;
        message.ShouldContain("horizons is 0, expected 1 or more");
        message.ShouldContain("clip is -1, expected more than 0");
        message.ShouldContain("actions: expected at least one");
        message.ShouldContain("reward scale is 0, expected more than 0");
        message.ShouldNotContain("\n");
    }

    [Fact]
    public void InitialWeights_Range_AreTheSameEveryTimeAndWithinIt()
    {
        var options = new NetworkLearningOptions { MinInitialWeight = 2, MaxInitialWeight = 5 };
        Topology topology = TopologyLibrary.Get("abilene");
        double[] weights = options.InitialWeights(topology);
        weights.ShouldBe(options.InitialWeights(topology));
        weights.ShouldAllBe(w => w >= 2 && w <= 5 && w == Math.Floor(w));
        weights.Distinct().Count().ShouldBeGreaterThan(1);
        new NetworkLearningOptions().InitialWeights(topology).ShouldAllBe(w => w == 1);
    }

    [Fact]
    public void Decisions_Reference_ReadsTheOutputsOfTheUntransposedReshape()
    {
        // [N, A] = [[0, 1], [2, 3], … [14, 15]] reshaped row-major to [A, N]: agent l compares elements l and N + l.
        DecisionLayout decisions = Layout(NetworkMethod.Samaroh, ReadoutMode.Reference);
        float[] all = [.. Enumerable.Range(0, 16).Select(i => (float)i)], own = new float[2];
        for (int agent = 0; agent < 8; agent++)
        {
            decisions.Gather(all, agent, own);
            own.ShouldBe([agent, 8 + agent]);
            // The specification's words: output (l mod 2) of agent ⌊l/2⌋ with output (l mod 2) of agent N/2 + ⌊l/2⌋.
            decisions.LogitOf(agent, 0).ShouldBe(agent / 2 * 2 + agent % 2);
            decisions.LogitOf(agent, 1).ShouldBe((4 + agent / 2) * 2 + agent % 2);
            decisions.Target(agent, 1).ShouldBe((agent, 1));
        }

        decisions.IsLocal.ShouldBeFalse();
    }

    [Fact]
    public void Decisions_LocalSamaroh_ReadsTheAgentsOwnOutputs()
    {
        DecisionLayout decisions = Layout(NetworkMethod.Samaroh, ReadoutMode.PerAgent);
        decisions.IsLocal.ShouldBeTrue();
        (decisions.Deciders, decisions.Choices).ShouldBe((8, 2));
        decisions.LogitOf(5, 1).ShouldBe(11);
        decisions.Target(5, 1).ShouldBe((5, 1));
    }

    [Fact]
    public void Decisions_Maroh_IsOneChoiceOverAllPairs()
    {
        DecisionLayout decisions = Layout(NetworkMethod.Maroh, ReadoutMode.Reference);
        (decisions.Deciders, decisions.Choices, decisions.IsLocal).ShouldBe((1, 16, false));
        decisions.LogitOf(0, 11).ShouldBe(11);
        decisions.Target(0, 11).ShouldBe((5, 1));
    }

    private static DecisionLayout Layout(NetworkMethod method, ReadoutMode readout) =>
        new NetworkModel(new NetworkLearningOptions { Method = method, Readout = readout }, TopologyLibrary.Get("4-node")).Decisions;
}
