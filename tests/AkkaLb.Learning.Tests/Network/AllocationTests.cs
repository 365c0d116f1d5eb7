using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Learning.Tests.Network;

public class AllocationTests
{
    [Theory]
    [InlineData(NetworkMethod.Samaroh)]
    [InlineData(NetworkMethod.Maroh)]
    public void OptimiserStep_AllocatesNothing(NetworkMethod method)
    {
        var model = new NetworkModel(new NetworkLearningOptions { Method = method, Horizons = 10 }, TopologyLibrary.Get("abilene"));
        using var learner = new PpoLearner(model, 1, threads: 1);
        learner.Load([.. Enumerable.Range(0, 3).Select(number => Episodes.MadeUp(model, number))]);
        Allocations.Of(() =>
        {
            learner.Minibatch.Compute(learner.Team, learner.Transitions, 0, 25);
            learner.Optimiser.Step(learner.Minibatch.Gradients, 1);
        }).ShouldBe(0);
    }

    [Fact]
    public void LinkAgent_Horizon_AllocatesNothing()
    {
        var model = new NetworkModel(new NetworkLearningOptions(), TopologyLibrary.Get("abilene"));
        using var learner = new PpoLearner(model, 1, threads: 1);
        var agent = new LinkAgentCore(model, 4);
        var draws = new HorizonDraws(1, "agent/4");
        LinkAgentState state = LinkAgentCore.Start(1);
        PolicySnapshot policy = learner.Policy;
        float[] observation = new float[2], hidden = new float[16], incoming = new float[agent.PredecessorCount * 16],
            logits = new float[2];
        Allocations.Of(() =>
        {
            state = agent.Observe(state, 0.5, observation);
            agent.Encode(observation, hidden);
            agent.Iterate(policy, hidden, incoming, hidden);
            agent.Logits(policy, hidden, logits);
            state = agent.Apply(state, agent.Decide(logits, sample: true, draws.At(3, 2)).Choice, horizon: 0);
        }).ShouldBe(0);
    }
}
