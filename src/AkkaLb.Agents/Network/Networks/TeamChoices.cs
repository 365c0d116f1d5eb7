using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>Where a decision needs several agents' logits (MAROH), the network makes it for the team.</summary>
internal sealed class TeamChoices
{
    private readonly NetworkModel _model;
    private readonly TeamDecision _team;
    private readonly HorizonDraws[] _draws;

    // [lane][link · A + action], [link][lane].
    private readonly float[][] _logits;
    private readonly int[][] _actions;

    public TeamChoices(NetworkModel model, ulong seed)
    {
        int lanes = NetworkLanes.Most(model);
        _model = model;
        _team = new TeamDecision(model);
        _draws = [.. Enumerable.Range(0, model.Decisions.Deciders).Select(d => NetworkDraws.Choice(seed, model, d))];
        _logits = [.. Enumerable.Range(0, lanes).Select(_ => new float[model.LinkCount * model.ActionCount])];
        _actions = [.. Enumerable.Range(0, model.LinkCount).Select(_ => new int[lanes])];
    }

    /// <param name="logits">Of an agent: A for every lane.</param>
    public void Take(LinkId link, ReadOnlySpan<float> logits)
    {
        int actions = _model.ActionCount;
        for (int lane = 0; lane < logits.Length / actions; lane++)
        {
            logits.Slice(lane * actions, actions).CopyTo(_logits[lane].AsSpan(link.Index * actions));
        }
    }

    /// <summary>Decides in every lane, and writes it down.</summary>
    /// <param name="sample">Whether to sample, in each lane.</param>
    /// <returns>Whom it concerns, and what to do in each lane.</returns>
    public IReadOnlyList<(LinkId Link, int[] Actions)> Decide(EpisodeTrajectory[] lanes, int horizon, bool[] sample)
    {
        foreach (int[] actions in _actions)
        {
            Array.Fill(actions, LinkAgentCommands.TakeActions.NoAction);
        }
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            for (int decider = 0; decider < _model.Decisions.Deciders; decider++)
            {
                Decision decision = _team.Decide(_logits[lane], decider, sample[lane], _draws[decider].At(lanes[lane].Episode, horizon));
                lanes[lane].Record(horizon, decider, decision);
                (int link, int action) = _model.Decisions.Target(decider, decision.Choice);
                _actions[link][lane] = action;
            }
        }
        List<(LinkId, int[])> told = [];
        for (int link = 0; link < _actions.Length; link++)
        {
            if (_actions[link].AsSpan(0, lanes.Length).ContainsAnyExcept(LinkAgentCommands.TakeActions.NoAction))
            {
                told.Add((new LinkId(link), _actions[link][..lanes.Length]));
            }
        }
        return told;
    }
}
