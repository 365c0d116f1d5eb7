using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.DataCenter.Rewards;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.DataCenter.Learners;

/// <summary>
/// RLB-SAC: soft actor-critic without memory, a tanh-Gaussian weight for each server, twin critics of features ‖ action and their targets.
/// A batch has sequences of steps, so that values can be learnt towards λ-returns; row t·B + b is step t of sequence b.
/// </summary>
internal sealed unsafe class RlbSacLearner
{
    private readonly DataCenterLearningOptions _options;
    private readonly Kernel _kernel;
    private readonly Mlp _actorNet, _criticNet;
    private readonly RandomStream _random;
    private readonly int _features, _actions, _inputs, _sequences, _rows;

    // Inputs of the critics: what was seen and done; the same with the policy's own action; what came next with the policy's action there.
    private readonly AlignedBuffer _taken, _own, _next, _policy, _nextPolicy, _actorHidden, _criticHidden, _first, _second, _scratch,
        _dPolicy, _dValue, _dInput;
    private readonly double[] _rewards, _noise, _nextNoise, _values, _bonuses, _targets;
    private readonly ISequenceUpdate? _update;

    /// <param name="actions">N.</param>
    /// <param name="episodeSteps">H.</param>
    /// <param name="backend">Takes the gradient steps; null: the kernels do.</param>
    public RlbSacLearner(
        DataCenterLearningOptions options, string name, int features, int actions, int episodeSteps, ulong seed, WorkerTeam team,
        Kernel kernel, LearningBackend? backend = null)
    {
        (_options, _kernel, _features, _actions, _inputs, _sequences) = (
            options, kernel, features, actions, features + actions, options.Batch);
        _rows = _sequences * (options.SequenceLength == 0 ? episodeSteps : Math.Min(options.SequenceLength, episodeSteps));
        int hidden = options.Hidden;
        var actor = new ParameterLayout();
        _actorNet = actor.AddMlp("actor", [features, hidden, hidden, hidden, hidden, 2 * actions], 0.01, lastTanh: false, relu: true);
        var critic = new ParameterLayout();
        _criticNet = critic.AddMlp("critic", [_inputs, hidden, hidden, hidden, 1], 0.01, lastTanh: false, relu: true);
        Actor = new TrainedNet(actor, name, options, kernel, team, seed, target: false);
        Critics = [.. Enumerable.Range(1, 2).Select(i => new TrainedNet(critic, $"{name}.{i}", options, kernel, team, seed, target: true))];
        Temperature = new Temperature(options, -options.TargetEntropy * actions);
        _random = new RandomStream(seed, $"{name}/learner");
        AlignedBuffer Rows(int width) => new(_rows * width);
        (_taken, _own, _next) = (Rows(_inputs), Rows(_inputs), Rows(_inputs));
        (_policy, _nextPolicy, _dPolicy) = (Rows(2 * actions), Rows(2 * actions), Rows(2 * actions));
        (_first, _second, _dValue, _dInput) = (Rows(1), Rows(1), Rows(1), Rows(_inputs));
        _actorHidden = Rows(_actorNet.HiddenWidth);
        _criticHidden = Rows(2 * _criticNet.HiddenWidth);
        _scratch = Rows(Math.Max(_actorNet.HiddenWidth, _criticNet.HiddenWidth));
        (_rewards, _values, _bonuses, _targets) = (new double[_rows], new double[_rows], new double[_rows], new double[_rows]);
        (_noise, _nextNoise) = (new double[_rows * actions], new double[_rows * actions]);
        Threads = team.Threads;
        _update = backend?.RlbSac(this);
    }

    public TrainedNet Actor { get; }

    /// <summary>Two.</summary>
    public TrainedNet[] Critics { get; }

    public Temperature Temperature { get; }

    internal DataCenterLearningOptions Options => _options;

    /// <summary>Threads for a step.</summary>
    internal int Threads { get; }

    internal int Features => _features;

    /// <summary>Servers.</summary>
    internal int Actions => _actions;

    /// <summary>Sequences of the batch, B; row t·B + b is step t of sequence b.</summary>
    internal int Sequences => _sequences;

    /// <summary>Features, then the action taken, [rows, features + actions].</summary>
    internal ReadOnlySpan<float> Taken => _taken.Span[..(_rows * _inputs)];

    /// <summary>The same at the next step; only its features are the batch's.</summary>
    internal ReadOnlySpan<float> Next => _next.Span[..(_rows * _inputs)];

    /// <summary>Standardised, [rows].</summary>
    internal ReadOnlySpan<double> Rewards => _rewards;

    /// <summary>Normal numbers for the policy's actions, [rows, actions], and for those at the next step.</summary>
    internal ReadOnlySpan<double> Noise => _noise;

    internal ReadOnlySpan<double> NextNoise => _nextNoise;

    /// <summary>μ and log σ of every server for one observation.</summary>
    /// <param name="x">Normalised features.</param>
    /// <param name="hidden">Floats for the hidden layers, <see cref="HiddenWidth"/>.</param>
    /// <param name="policy">Receives 2 N numbers.</param>
    public void Policy(float* x, float* hidden, float* policy) =>
        _actorNet.Forward(_kernel, Actor.Parameters, x, _features, 1, hidden, policy, 2 * _actions);

    public int HiddenWidth => _actorNet.HiddenWidth;

    /// <summary>Makes a number of gradient steps.</summary>
    /// <param name="made">Steps made before; they address the draws.</param>
    public LearnerStatistics Learn(EpisodeReplay replay, FeatureNormaliser normaliser, long made, int updates)
    {
        var sums = default(LearnerSums);
        _update?.Load();
        for (int i = 0; i < updates; i++)
        {
            double rate = _options.RateShare(made + i);
            Draw(replay, normaliser, made + i);
            if (_update is null)
            {
                Step(rate, ref sums);
            }
            else
            {
                _update.Step(rate, ref sums);
            }
        }

        _update?.Store();
        return sums.Mean(Temperature.Value);
    }

    /// <summary>One gradient step on the batch.</summary>
    internal void Step(double rateShare, ref LearnerSums sums)
    {
        sums.Critic += LearnValues(ref sums, rateShare);
        (double loss, double entropy) = DifferentiateActor();
        Actor.Step(rateShare);
        Temperature.Step(entropy);
        sums.Actor += loss;
        sums.Entropy += entropy / _actions;
        sums.Steps++;
    }

    internal void Draw(EpisodeReplay replay, FeatureNormaliser normaliser, long draw)
    {
        _random.MoveTo((ulong)draw);
        int steps = _rows / _sequences;
        for (int b = 0; b < _sequences; b++)
        {
            EpisodeRecord episode = replay[_random.NextInt32(replay.Count)];
            int first = _random.NextInt32(episode.Steps - steps + 1);
            for (int t = 0; t < steps; t++)
            {
                int row = t * _sequences + b, step = first + t;
                Span<float> taken = _taken.Span.Slice(row * _inputs, _inputs);
                normaliser.Normalise(episode.Features.AsSpan(step * _features, _features), taken[.._features]);
                taken.CopyTo(_own.Span[(row * _inputs)..]);
                episode.Actions.AsSpan(step * _actions, _actions).CopyTo(taken[_features..]);
                normaliser.Normalise(episode.Features.AsSpan((step + 1) * _features, _features),
                    _next.Span.Slice(row * _inputs, _features));
                _rewards[row] = replay.Reward(episode, step);
            }
        }

        foreach (double[] noise in new[] { _noise, _nextNoise })
        {
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = _random.NextGaussian();
            }
        }
    }

    /// <summary>(Q_i − y)², y the λ-return of r and min_i Q̄_i(s', a') − α log π(a'|s'); returns the mean over both critics.</summary>
    private double LearnValues(ref LearnerSums sums, double rateShare)
    {
        double temperature = Temperature.Value, loss = 0;
        Act(_next, _nextPolicy, _nextNoise);
        Values(Critics[0].Target!.Pointer, _next, _criticHidden.Pointer, _first);
        Values(Critics[1].Target!.Pointer, _next, _criticHidden.Pointer, _second);
        for (int row = 0; row < _rows; row++)
        {
            _bonuses[row] = -temperature * LogDensity(_nextPolicy, _nextNoise, row);
            _values[row] = Math.Min(_first.Span[row], _second.Span[row]) + _bonuses[row];
        }

        LambdaReturns.Fill(_rewards, _values, _bonuses, _sequences, _options.Discount, _options.Lambda, _targets);

        foreach (TrainedNet critic in Critics)
        {
            Values(critic.Parameters, _taken, _criticHidden.Pointer, _first);
            for (int row = 0; row < _rows; row++)
            {
                double error = _first.Span[row] - _targets[row];
                _dValue.Span[row] = (float)(2 * error / _rows);
                loss += error * error / (2 * _rows);
                sums.Value += _first.Span[row] / (2.0 * _rows);
            }

            critic.Gradient.Span.Clear();
            _criticNet.Backward(
                _kernel, critic.Transposed, critic.Gradient.Pointer, _taken.Pointer, _inputs, _rows, _criticHidden.Pointer, _dValue.Pointer,
                1,
                _scratch.Pointer, null, 0);
            sums.Norm += critic.Step(rateShare) / 2;
        }

        return loss;
    }

    /// <summary>
    /// The mean of α log π(a|s) − min_i Q_i(s, a) with a drawn by fixed noise, its gradient left in the actor, and the entropy.
    /// </summary>
    internal (double Loss, double Entropy) DifferentiateActor()
    {
        double temperature = Temperature.Value, loss = 0, entropy = 0;
        Act(_own, _policy, _noise);
        float* secondHidden = _criticHidden.Pointer + (nint)_rows * _criticNet.HiddenWidth;
        Values(Critics[0].Parameters, _own, _criticHidden.Pointer, _first);
        Values(Critics[1].Parameters, _own, secondHidden, _second);
        _dInput.Span.Clear();
        _dPolicy.Span.Clear();
        for (int c = 0; c < 2; c++)
        {
            for (int row = 0; row < _rows; row++)
            {
                bool least = c == 0 == _first.Span[row] <= _second.Span[row];
                _dValue.Span[row] = least ? -1f / _rows : 0;
            }

            // The critics' own gradients are not wanted here.
            _criticNet.Backward(
                _kernel, Critics[c].Transposed, null, _own.Pointer, _inputs, _rows, c == 0 ? _criticHidden.Pointer
                    : secondHidden,
                _dValue.Pointer, 1, _scratch.Pointer, _dInput.Pointer, _inputs);
            for (int row = 0; row < _rows; row++)
            {
                for (int a = 0; a < _actions; a++)
                {
                    int at = row * 2 * _actions + a;
                    (double mean, double log) = TanhGaussian.Gradient(
                        _policy.Span[at], _policy.Span[at + _actions], _noise[row * _actions + a], c == 0 ? temperature / _rows : 0,
                        _dInput.Span[row * _inputs + _features + a]);
                    _dPolicy.Span[at] += (float)mean;
                    _dPolicy.Span[at + _actions] += (float)log;
                }
            }
        }

        for (int row = 0; row < _rows; row++)
        {
            double density = LogDensity(_policy, _noise, row);
            entropy -= density / _rows;
            loss += (temperature * density - Math.Min(_first.Span[row], _second.Span[row])) / _rows;
        }

        Actor.Gradient.Span.Clear();
        _actorNet.Backward(
            _kernel, Actor.Transposed, Actor.Gradient.Pointer, _own.Pointer, _inputs, _rows, _actorHidden.Pointer, _dPolicy.Pointer,
            2 * _actions,
            _scratch.Pointer, null, 0);
        return (loss, entropy);
    }

    /// <summary>Completes rows of features by the policy's actions.</summary>
    private void Act(AlignedBuffer rows, AlignedBuffer policy, double[] noise)
    {
        _actorNet.Forward(_kernel, Actor.Parameters, rows.Pointer, _inputs, _rows, _actorHidden.Pointer, policy.Pointer, 2 * _actions);
        for (int row = 0; row < _rows; row++)
        {
            for (int a = 0; a < _actions; a++)
            {
                int at = row * 2 * _actions + a;
                rows.Span[row * _inputs + _features + a] = TanhGaussian.Action(
                    policy.Span[at], policy.Span[at + _actions], noise[row * _actions + a]);
            }
        }
    }

    private double LogDensity(AlignedBuffer policy, double[] noise, int row)
    {
        double sum = 0;
        for (int a = 0; a < _actions; a++)
        {
            int at = row * 2 * _actions + a;
            sum += TanhGaussian.LogDensity(policy.Span[at], policy.Span[at + _actions], noise[row * _actions + a]);
        }

        return sum;
    }

    private void Values(float* parameters, AlignedBuffer inputs, float* hidden, AlignedBuffer values) =>
        _criticNet.Forward(_kernel, parameters, inputs.Pointer, _inputs, _rows, hidden, values.Pointer, 1);
}
