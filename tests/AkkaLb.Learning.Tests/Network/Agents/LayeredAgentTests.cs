using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Tests.Network.Agents;

public class LayeredAgentTests
{
    [Fact]
    public void Horizon_SameStateAgain_IsAnsweredFromMemoryWithTheSameStatesAndLogits()
    {
        var model = new NetworkModel(new NetworkLearningOptions { MessageIterations = 3 }, TopologyLibrary.Get("4-node"));
        using var learner = new PpoLearner(model, 1, threads: 1);
        var core = new LinkAgentCore(model, 0);
        var agent = new LayeredAgent(model, core, new AgentExperience(new ExperienceOptions(), 3, model.HiddenState, 0, 1));
        float[] incoming = [.. Enumerable.Range(0, core.PredecessorCount * model.HiddenState).Select(i => 0.01f * i)];
        float[] first = new float[model.ActionCount], second = new float[model.ActionCount];

        agent.Open(learner.Policy, [0.4f, 0.3f]);
        while (!agent.IsComplete)
        {
            agent.Recognises().ShouldBeFalse();
            Should.Throw<ArgumentOutOfRangeException>(() => agent.State(agent.Known + 1).Length);
            agent.Exchange(incoming);
        }

        agent.Exchanges.ShouldBe(3);
        float[] states = [.. Enumerable.Range(0, 4).SelectMany(l => agent.State(l).ToArray())];
        agent.Logits(first);
        agent.Remember(0);

        agent.Open(learner.Policy, [0.4f, 0.3f]);
        agent.Recognises().ShouldBeTrue();
        agent.Answer();
        (agent.IsComplete, agent.Exchanges).ShouldBe((true, 0));
        Enumerable.Range(0, 4).SelectMany(l => agent.State(l).ToArray()).ShouldBe(states);
        agent.Logits(second);
        second.ShouldBe(first);

        agent.Open(learner.Policy, [0.9f, 0.3f]);
        agent.Recognises().ShouldBeFalse();
    }
}
