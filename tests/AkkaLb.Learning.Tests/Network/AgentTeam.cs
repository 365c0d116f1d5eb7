using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network;

/// <summary>Plays episodes agent by agent through the public core, as actors do: one link, one message, one decision at a time.</summary>
internal sealed class AgentTeam(NetworkModel model, NetworkScenario scenario, ulong seed)
{
    private readonly LinkAgentCore[] _agents = [.. Enumerable.Range(0, model.LinkCount).Select(link => new LinkAgentCore(model, link))];

    public EpisodeTrajectory Play(PolicySnapshot policy, long number)
    {
        var environment = new NetworkEnvironment(scenario);
        var trajectory = new EpisodeTrajectory(model, number, policy.Version);
        HorizonDraws exploration = NetworkDraws.Exploration(seed);
        LinkAgentState[] states = [.. Enumerable.Range(0, model.LinkCount).Select(link => LinkAgentCore.Start(environment.Weights[link]))];
        for (int step = 0; ; step++)
        {
            trajectory.Objective[step] = environment.Phi;
            trajectory.Measure[step] = RewardMeasures.Compute(model.Options.RewardMeasure, environment.Phi, environment.Utilisation);
            for (int link = 0; link < states.Length; link++)
            {
                states[link] = _agents[link].Observe(states[link], environment.Utilisation[link], trajectory.Observation(step, link));
            }

            if (step == model.Options.Horizons)
            {
                states.Select(state => state.Weight).ToArray().CopyTo(trajectory.FinalWeights, 0);
                return trajectory;
            }

            float[] logits = Logits(policy, trajectory, step);
            bool sample = exploration.At(number, step) <= model.Options.SampleShare;
            var team = new TeamDecision(model);
            for (int decider = 0; decider < model.Decisions.Deciders; decider++)
            {
                double draw = NetworkDraws.Choice(seed, model, decider).At(number, step);
                Decision decision = model.Decisions.IsLocal
                    ? _agents[decider].Decide(logits.AsSpan(decider * model.ActionCount, model.ActionCount), sample, draw)
                    : team.Decide(logits, decider, sample, draw);
                trajectory.Record(step, decider, decision);
                (int link, int action) = model.Decisions.Target(decider, decision.Choice);
                states[link] = _agents[link].Apply(states[link], action, step);
            }

            environment.Step([.. states.Select(state => state.Weight)]);
        }
    }

    private float[] Logits(PolicySnapshot policy, EpisodeTrajectory trajectory, int step)
    {
        float[][] hidden = new float[model.LinkCount][];
        for (int link = 0; link < hidden.Length; link++)
        {
            hidden[link] = new float[model.HiddenState];
            _agents[link].Encode(trajectory.Observation(step, link), hidden[link]);
        }

        for (int l = 0; l < model.MessageIterations; l++)
        {
            float[][] next = new float[hidden.Length][];
            for (int link = 0; link < hidden.Length; link++)
            {
                next[link] = new float[model.HiddenState];
                float[] incoming = [.. model.Predecessors(link).ToArray().SelectMany(sender => hidden[sender])];
                _agents[link].Iterate(policy, hidden[link], incoming, next[link]);
            }

            hidden = next;
        }

        float[] logits = new float[model.LinkCount * model.ActionCount];
        for (int link = 0; link < hidden.Length; link++)
        {
            _agents[link].Logits(policy, hidden[link], logits.AsSpan(link * model.ActionCount, model.ActionCount));
        }

        return logits;
    }
}
