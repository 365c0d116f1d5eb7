using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Network.Rewards;

/// <summary>
/// Each agent's own share in what came of its decisions. One agent's action at one step is replaced by another of its
/// actions while everybody's other actions stay as they were, and all flows are routed again at every later step.
/// </summary>
/// <remarks>
/// With rewards Φ_{t−1} − Φ_t and discount γ, the return that the action at step t would have lost is
/// G_t = (1 − γ) Δ_{t+1} + γ G_{t+1}, G_{H−1} = Δ_H, where Δ_s is how much higher Φ_s would have been. The credit is the mean of G
/// over the agent's actions, so it does not depend on which one it took but through its effect; the noise that all
/// other agents' choices put into the team's advantage is not in it. Weights are products, so replacing an action scales every later
/// weight of its link by one factor, and a state needs its <see cref="WeightMarginals"/> only: under the factors of all steps up to
/// it, where steps shrink over an episode. Credits are scaled to a root mean square of 1 over a block.
/// </remarks>
internal sealed class CounterfactualCredits : IParallelWork
{
    private const int Parts = 4;

    private readonly NetworkModel _model;
    private readonly WorkerTeam _team;
    private readonly ScenarioSchedule _scenarios;
    private readonly (NetworkScenario Scenario, WeightMarginals[] Marginals)?[] _marginals =
        new (NetworkScenario, WeightMarginals[])?[Parts];

    // By how often steps have been halved: the factor of each action; the ratios of factors there and before; of two actions, theirs.
    private readonly double[][] _factors;
    private readonly double[][] _ratios;
    private readonly int[][,] _ratioOf;
    private IReadOnlyList<EpisodeTrajectory> _episodes = [];
    private double[] _credits = [];

    public CounterfactualCredits(NetworkModel model, ScenarioSchedule scenarios, WorkerTeam team)
    {
        (_model, _team, _scenarios) = (model, team, scenarios);
        int phases = model.Options.Halvings(model.Options.Horizons - 1) + 1;
        (_factors, _ratios, _ratioOf) = (new double[phases][], new double[phases][], new int[phases][,]);
        var ratios = new List<double>();
        for (int phase = 0; phase < phases; phase++)
        {
            double[] factors = [.. model.Options.Actions.Select(action => action.Halved(phase).Apply(1))];
            var ratioOf = new int[factors.Length, factors.Length];
            for (int taken = 0; taken < factors.Length; taken++)
            {
                for (int other = 0; other < factors.Length; other++)
                {
                    double ratio = factors[other] / factors[taken];
                    if (!ratios.Contains(ratio))
                    {
                        ratios.Add(ratio);
                    }

                    ratioOf[taken, other] = ratios.IndexOf(ratio);
                }
            }

            (_factors[phase], _ratios[phase], _ratioOf[phase]) = (factors, [.. ratios], ratioOf);
        }
    }

    /// <summary>Credits of all decisions of a block, [episodes, H, N].</summary>
    public double[] Compute(IReadOnlyList<EpisodeTrajectory> episodes)
    {
        int count = episodes.Count * _model.Options.Horizons * _model.LinkCount;
        if (_credits.Length != count)
        {
            _credits = new double[count];
        }

        _episodes = episodes;
        _team.Run(this, Parts);
        double squares = 0;
        foreach (double credit in _credits)
        {
            squares += credit * credit;
        }

        double scale = squares == 0 ? 0 : 1 / Math.Sqrt(squares / count);
        foreach (ref double credit in _credits.AsSpan())
        {
            credit *= scale;
        }

        return _credits;
    }

    void IParallelWork.Execute(int part)
    {
        int first = _episodes.Count * part / Parts, end = _episodes.Count * (part + 1) / Parts;
        int perEpisode = _model.Options.Horizons * _model.LinkCount;
        var later = new double[_model.LinkCount * _ratios[^1].Length];
        var values = new double[later.Length];
        for (int e = first; e < end; e++)
        {
            NetworkScenario scenario = _scenarios.At(_episodes[e].Episode);
            double[][] weights = Replay(_episodes[e], scenario.InitialWeights);
            Compute(_episodes[e], weights, MarginalsOf(part, scenario), values, later, _credits.AsSpan(e * perEpisode, perEpisode));
        }
    }

    /// <summary>The part's own marginals, made anew when another training period begins.</summary>
    private WeightMarginals[] MarginalsOf(int part, NetworkScenario scenario)
    {
        if (_marginals[part] is not { } known || known.Scenario != scenario)
        {
            known = (scenario, [.. _ratios.Select(ratios => new WeightMarginals(scenario, ratios))]);
            _marginals[part] = known;
        }

        return known.Marginals;
    }

    /// <summary>
    /// The weights before the first and after every step; a step out of the bounds of weights was none
    /// (<see cref="WeightAction.ApplyWithin"/>).
    /// </summary>
    internal double[][] Replay(EpisodeTrajectory episode, IReadOnlyList<double> initial)
    {
        var weights = new double[_model.Options.Horizons + 1][];
        weights[0] = [.. initial];
        for (int step = 0; step < _model.Options.Horizons; step++)
        {
            weights[step + 1] = [.. weights[step]];
            for (int link = 0; link < _model.LinkCount; link++)
            {
                double changed = weights[step][link] * _factors[_model.Options.Halvings(step)][episode.Choices(step)[link]];
                if (changed is >= ChannelWeights.Least and <= ChannelWeights.Largest)
                {
                    weights[step + 1][link] = changed;
                }
            }
        }

        return weights;
    }

    private void Compute(
        EpisodeTrajectory episode, double[][] weights, WeightMarginals[] marginals, double[] values, double[] later, Span<double> credits)
    {
        int links = _model.LinkCount, horizons = _model.Options.Horizons, actions = _model.ActionCount, width = _ratios[^1].Length;
        double discount = _model.Options.Discount;
        for (int step = horizons - 1; step >= 0; step--)
        {
            int phase = _model.Options.Halvings(step), ratios = _ratios[phase].Length;
            double reached = marginals[phase].Compute(weights[step + 1], values.AsSpan(0, links * ratios));
            double share = step == horizons - 1 ? 1 : 1 - discount;
            for (int link = 0; link < links; link++)
            {
                Span<double> of = later.AsSpan(link * width, ratios);
                for (int i = 0; i < ratios; i++)
                {
                    of[i] = share * (values[link * ratios + i] - reached) + (step == horizons - 1 ? 0 : discount * of[i]);
                }
            }

            ReadOnlySpan<int> choices = episode.Choices(step);
            for (int link = 0; link < links; link++)
            {
                double sum = 0;
                for (int other = 0; other < actions; other++)
                {
                    sum += later[link * width + _ratioOf[phase][choices[link], other]];
                }

                credits[step * links + link] = sum / actions;
            }
        }
    }
}
