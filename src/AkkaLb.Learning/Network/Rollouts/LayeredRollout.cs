using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;

namespace AkkaLb.Learning.Network.Rollouts;

/// <summary>
/// Plays episodes of the two-layer methods, one after another, because every horizon's states are remembered before the next one. Agents
/// look their state up before each exchange; those that know it take everything later from memory, the others hear their predecessors'
/// states. A predecessor has either computed that state or found it in its own memory, so nobody exchanges for the sake of others.
/// </summary>
internal sealed class LayeredRollout : IRollout
{
    private readonly NetworkModel _model;
    private readonly ScenarioSchedule _scenarios;
    private readonly TeamExperience _experience;
    private readonly NetworkEnvironment _environment;
    private readonly LayeredAgent[] _agents;
    private readonly LinkAgentState[] _states;
    private readonly TeamDecision _team;
    private readonly HorizonDraws _exploration;
    private readonly HorizonDraws[] _choices;
    private readonly MemoryUse[] _uses;
    private readonly MemoryUse _teamUse;
    private readonly float[] _incoming, _logits;
    private readonly double[] _weights;
    private readonly bool[] _familiar;

    public LayeredRollout(NetworkModel model, ScenarioSchedule scenarios, ulong seed, TeamExperience experience)
    {
        (_model, _scenarios, _experience) = (model, scenarios, experience);
        int links = model.LinkCount;
        _environment = new NetworkEnvironment(scenarios.Of(0));
        _agents = [.. Enumerable.Range(0, links).Select(link => new LayeredAgent(model, new LinkAgentCore(model, link), experience[link]))];
        _states = new LinkAgentState[links];
        _team = new TeamDecision(model);
        _exploration = NetworkDraws.Exploration(seed);
        _choices = [.. Enumerable.Range(0, model.Decisions.Deciders).Select(decider => NetworkDraws.Choice(seed, model, decider))];
        _uses = [.. Enumerable.Range(0, links).Select(link => NetworkDraws.MemoryUse(seed, model, link))];
        _teamUse = NetworkDraws.TeamMemoryUse(seed, model);
        _incoming = new float[Enumerable.Range(0, links).Max(link => model.Predecessors(link).Length) * model.HiddenState];
        _logits = new float[links * model.ActionCount];
        _weights = new double[links];
        _familiar = new bool[links];
    }

    public IReadOnlyList<EpisodeTrajectory> Run(PolicySnapshot policy, long first, int count, CancellationToken cancellation)
    {
        var episodes = new EpisodeTrajectory[count];
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            episodes[i] = Play(policy, first + i, cancellation);
        }

        return episodes;
    }

    private EpisodeTrajectory Play(PolicySnapshot policy, long number, CancellationToken cancellation)
    {
        var episode = new EpisodeTrajectory(_model, number, policy.Version);
        _environment.Reset(_scenarios.At(number, cancellation));
        for (int link = 0; link < _states.Length; link++)
        {
            _states[link] = LinkAgentCore.Start(_environment.Weights[link]);
        }

        Observe(episode, 0);
        bool probe = AdaptiveThreshold.IsProbe(_experience.Options, number);
        for (int step = 0; step < _model.Options.Horizons; step++)
        {
            Exchange(policy, episode, step, probe);
            Act(episode, step);
            Observe(episode, step + 1);
        }

        _environment.Weights.CopyTo(episode.FinalWeights);
        long possible = (long)_model.Options.Horizons * _model.MessageIterations * _model.MessagesPerExchange;
        _experience.Threshold = _experience.Threshold.Observe(
            _experience.Options, number, episode.FinalObjective, episode.MessagesSent, possible);
        return episode;
    }

    /// <summary>Brings all agents to their final hidden state.</summary>
    /// <param name="probe">Nothing is answered from memory.</param>
    private void Exchange(PolicySnapshot policy, EpisodeTrajectory episode, int step, bool probe)
    {
        bool together = _experience.Options.Switching == LayerSwitching.Team;
        int exchanges = 0;
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Open(policy, episode.Observation(step, link), _experience.Threshold.Factor);
        }

        for (int l = 0; l < _model.MessageIterations; l++)
        {
            bool all = true;
            for (int link = 0; link < _agents.Length; link++)
            {
                _familiar[link] = _agents[link].Known == l && _agents[link].Recognises() && !probe
                    && (together || _uses[link].At(episode.Episode, step, l));
                all &= _familiar[link] || _agents[link].Known > l;
            }

            if (together && !(all && _teamUse.At(episode.Episode, step, l)))
            {
                Array.Clear(_familiar);
            }

            bool exchanged = false;
            for (int link = 0; link < _agents.Length; link++)
            {
                if (_familiar[link])
                {
                    _agents[link].Answer();
                }
            }

            for (int link = 0; link < _agents.Length; link++)
            {
                if (_agents[link].Known == l)
                {
                    Hear(link, l);
                    int heard = _model.Predecessors(link).Length;
                    episode.MessagesSent += heard;
                    episode.RequestsSent += together ? 0 : heard;
                    exchanged = true;
                }
            }

            exchanges += exchanged ? 1 : 0;
        }

        episode.TeamExchanges += exchanges;
        episode.Exchanges(step) = exchanges;
    }

    private void Hear(int link, int iteration)
    {
        ReadOnlySpan<int> predecessors = _model.Predecessors(link);
        int width = _model.HiddenState;
        for (int slot = 0; slot < predecessors.Length; slot++)
        {
            _agents[predecessors[slot]].State(iteration).CopyTo(_incoming.AsSpan(slot * width));
        }

        _agents[link].Exchange(_incoming.AsSpan(0, predecessors.Length * width));
    }

    private void Act(EpisodeTrajectory episode, int step)
    {
        DecisionLayout decisions = _model.Decisions;
        int actions = _model.ActionCount;
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Logits(_logits.AsSpan(link * actions, actions));
        }

        bool sample = _exploration.At(episode.Episode, step) <= _model.Options.SampleShare;
        for (int decider = 0; decider < decisions.Deciders; decider++)
        {
            double draw = sample ? _choices[decider].At(episode.Episode, step) : 0;
            Decision decision = _team.Decide(_logits, decider, sample, draw);
            episode.Record(step, decider, decision);
            (int link, int action) = decisions.Target(decider, decision.Choice);
            _states[link] = LinkAgentCore.Apply(_model.Options, _states[link], action, step);
        }

        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Remember(decisions.Deciders == 1 ? AgentExperience.NoAction : episode.Choices(step)[link]);
            _weights[link] = _states[link].Weight;
        }

        _environment.Step(_weights);
    }

    private void Observe(EpisodeTrajectory episode, int step)
    {
        for (int link = 0; link < _states.Length; link++)
        {
            _states[link] = LinkAgentCore.Observe(
                _model.Options, _states[link], _environment.Utilisation[link], episode.Observation(step, link));
        }

        episode.Objective[step] = _environment.Phi;
        episode.Measure[step] = RewardMeasures.Compute(_model.Options.RewardMeasure, _environment.Phi, _environment.UpUtilisation);
    }
}
