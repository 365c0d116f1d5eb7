using AkkaLb.Domain.Network;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;

namespace AkkaLb.Learning.Network.Rollouts;

/// <summary>
/// Plays the episodes of a block in lockstep: one batched pass per horizon decides for all agents of many episodes. Each episode
/// draws from its own substreams and a row's result does not depend on its batch, so an episode comes out as link agents play it.
/// </summary>
/// <param name="backend">Computes logits of architectures that the kernels do not have.</param>
internal sealed class BatchedRollout(
    NetworkModel model, ScenarioSchedule scenarios, ulong seed, WorkerTeam team, Kernel kernel, LearningBackend? backend = null)
    : IRollout, IParallelWork
{
    private const int Parts = 4;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part(model, scenarios, seed, kernel, backend))];
    private PolicySnapshot? _policy;
    private EpisodeTrajectory[] _episodes = [];
    private CancellationToken _cancellation;

    /// <summary>Plays episodes first … first + count − 1.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<EpisodeTrajectory> Run(PolicySnapshot policy, long first, int count, CancellationToken cancellation)
    {
        (_policy, _cancellation) = (policy, cancellation);
        _episodes = new EpisodeTrajectory[count];
        for (int i = 0; i < count; i++)
        {
            _episodes[i] = new EpisodeTrajectory(model, first + i, policy.Version);
        }

        team.Run(this, Parts);
        cancellation.ThrowIfCancellationRequested();
        return _episodes;
    }

    void IParallelWork.Execute(int part)
    {
        int first = _episodes.Length * part / Parts, end = _episodes.Length * (part + 1) / Parts;
        // Of a block of a few episodes some parts have none.
        if (first < end)
        {
            _parts[part].Play(_policy!, _episodes.AsSpan(first, end - first), _cancellation);
        }
    }

    /// <summary>The memory of one part: environments and agents' states of its episodes, and a pass for all of them.</summary>
    private sealed class Part
    {
        private readonly NetworkModel _model;
        private readonly ScenarioSchedule _scenarios;
        private readonly IActorForward _pass;
        private readonly NetworkEnvironment?[] _environments;
        private readonly LinkAgentState[] _agents;
        private readonly double[] _weights, _logProbabilities;
        private readonly float[] _logits;
        private readonly HorizonDraws _exploration;
        private readonly HorizonDraws[] _choices;

        public Part(NetworkModel model, ScenarioSchedule scenarios, ulong seed, Kernel kernel, LearningBackend? backend)
        {
            int capacity = (model.Options.EpisodesPerUpdate + Parts - 1) / Parts;
            _model = model;
            _scenarios = scenarios;
            _pass = model.HasKernels
                ? new KernelActorForward(model, kernel, capacity)
                : (backend ?? throw NetworkModel.NeedsBackend()).Actor(model, capacity);
            _environments = new NetworkEnvironment?[capacity];
            _agents = new LinkAgentState[capacity * model.LinkCount];
            _weights = new double[model.LinkCount];
            _logits = new float[model.Decisions.Choices];
            _logProbabilities = new double[model.Decisions.Choices];
            _exploration = NetworkDraws.Exploration(seed);
            _choices = [.. Enumerable.Range(0, model.Decisions.Deciders).Select(decider => NetworkDraws.Choice(seed, model, decider))];
        }

        public void Play(PolicySnapshot policy, ReadOnlySpan<EpisodeTrajectory> episodes, CancellationToken cancellation)
        {
            for (int e = 0; e < episodes.Length; e++)
            {
                NetworkScenario scenario = _scenarios.At(episodes[e].Episode, cancellation);
                NetworkEnvironment environment = _environments[e] ??= new NetworkEnvironment(scenario);
                environment.Reset(scenario);
                for (int link = 0; link < _model.LinkCount; link++)
                {
                    Agents(e)[link] = LinkAgentCore.Start(environment.Weights[link]);
                }

                Observe(episodes[e], e, 0);
            }

            for (int step = 0; step < _model.Options.Horizons && !cancellation.IsCancellationRequested; step++)
            {
                for (int e = 0; e < episodes.Length; e++)
                {
                    _pass.Observe(episodes[e], step, e, episodes.Length);
                }

                _pass.Forward(policy, episodes.Length);
                for (int e = 0; e < episodes.Length; e++)
                {
                    Act(episodes[e], e, episodes.Length, step);
                    Observe(episodes[e], e, step + 1);
                }
            }

            for (int e = 0; e < episodes.Length; e++)
            {
                _environments[e]!.Weights.CopyTo(episodes[e].FinalWeights);
                episodes[e].TeamExchanges = (long)_model.Options.Horizons * _model.MessageIterations;
                episodes[e].MessagesSent = episodes[e].TeamExchanges * _model.MessagesPerExchange;
            }
        }

        private Span<LinkAgentState> Agents(int e) => _agents.AsSpan(e * _model.LinkCount, _model.LinkCount);

        private void Observe(EpisodeTrajectory episode, int e, int step)
        {
            NetworkEnvironment environment = _environments[e]!;
            Span<LinkAgentState> agents = Agents(e);
            for (int link = 0; link < agents.Length; link++)
            {
                agents[link] = LinkAgentCore.Observe(
                    _model.Options, agents[link], environment.Utilisation[link], episode.Observation(step, link));
            }

            episode.Objective[step] = environment.Phi;
            episode.Measure[step] = RewardMeasures.Compute(_model.Options.RewardMeasure, environment.Phi, environment.UpUtilisation);
        }

        private void Act(EpisodeTrajectory episode, int e, int batch, int step)
        {
            DecisionLayout decisions = _model.Decisions;
            bool sample = _exploration.At(episode.Episode, step) <= _model.Options.SampleShare;
            Span<LinkAgentState> agents = Agents(e);
            for (int decider = 0; decider < decisions.Deciders; decider++)
            {
                for (int choice = 0; choice < _logits.Length; choice++)
                {
                    _logits[choice] = _pass.Logit(decisions.LogitOf(decider, choice), e, batch);
                }

                double draw = sample ? _choices[decider].At(episode.Episode, step) : 0;
                Decision decision = Categorical.Decide(_logits, sample, draw, _logProbabilities);
                episode.Record(step, decider, decision);
                (int link, int action) = decisions.Target(decider, decision.Choice);
                agents[link] = LinkAgentCore.Apply(_model.Options, agents[link], action, step);
            }

            for (int link = 0; link < agents.Length; link++)
            {
                _weights[link] = agents[link].Weight;
            }

            _environments[e]!.Step(_weights);
        }
    }
}
