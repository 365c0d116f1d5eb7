using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.DataCenter.Rewards;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter.Learners;

/// <summary>
/// Recurrent soft actor-critic with factorised categorical heads: an actor, twin critics and their targets, all recurrent nets over the
/// same inputs. One step runs five forward and three backward passes as independent parts, so its bits do not depend on the threads.
/// </summary>
internal sealed unsafe class SacGruLearner : IParallelWork
{
    /// <summary>The published target, which no policy of categories can reach.</summary>
    private const double ReferenceEntropy = -1;

    private readonly DataCenterLearningOptions _options;
    private readonly WorkerTeam _team;
    private readonly ISequenceUpdate? _update;
    private readonly FactorisedSoftValues _values;
    private readonly RecurrentPass[] _passes = new RecurrentPass[5];
    private readonly RandomStream _random;
    private readonly SequenceBatch _batch;
    private readonly double[] _norms = new double[3], _probabilities, _logarithms, _next, _bonuses, _targets;
    private readonly int _heads, _levels;
    private readonly int[] _drawn;
    private double _rateShare = 1;
    private Phase _phase;

    /// <param name="name">Unique within a run: prefix of tensors and of random streams.</param>
    /// <param name="features">Width of an observation.</param>
    /// <param name="episodeSteps">H.</param>
    /// <param name="backend">Takes the gradient steps; null: the kernels do.</param>
    public SacGruLearner(
        DataCenterLearningOptions options, string name, int features, int heads, int episodeSteps, ulong seed, WorkerTeam team,
        Kernel kernel, LearningBackend? backend = null)
    {
        (_options, _team, _heads, _levels) = (options, team, heads, options.Levels.Count);
        _values = new FactorisedSoftValues(heads, _levels);
        _drawn = new int[heads];
        _batch = new SequenceBatch(options, 1, features, heads, episodeSteps);
        var actor = new ParameterLayout();
        ActorNet = new RecurrentNet(actor, "actor", _batch.Inputs, options.Hidden, heads * _levels, lastGain: 0.01);
        var critic = new ParameterLayout();
        CriticNet = new RecurrentNet(critic, "critic", _batch.Inputs, options.Hidden, _values.CriticOutputs, lastGain: 0.01);
        var single = new WorkerTeam(1);
        Actor = new TrainedNet(actor, name, options, kernel, single, seed, target: false);
        Critics = [.. Enumerable.Range(1, 2).Select(
            i => new TrainedNet(critic, $"{name}.{i}", options, kernel, single, seed, target: true))];
        int rows = _batch.Steps * _batch.Batch;
        for (int i = 0; i < _passes.Length; i++)
        {
            _passes[i] = new RecurrentPass(i == 0 ? ActorNet : CriticNet, kernel, rows, _batch.Batch, training: i < 3);
        }

        _probabilities = new double[rows * heads * _levels];
        _logarithms = new double[_probabilities.Length];
        _next = new double[_batch.Rewards.Length];
        _bonuses = new double[_batch.Rewards.Length];
        _targets = new double[_batch.Rewards.Length];
        Temperature = new Temperature(options, options.Reference ? ReferenceEntropy : options.TargetEntropy * heads * Math.Log(_levels));
        _random = new RandomStream(seed, $"{name}/learner");
        _update = backend?.SacGru(this);
    }

    private enum Phase
    {
        Forward,
        Backward,
    }

    public RecurrentNet ActorNet { get; }

    public RecurrentNet CriticNet { get; }

    public TrainedNet Actor { get; }

    /// <summary>Two.</summary>
    public TrainedNet[] Critics { get; }

    public Temperature Temperature { get; }

    internal DataCenterLearningOptions Options => _options;

    /// <summary>Decisions of one row.</summary>
    internal int Heads => _heads;

    /// <summary>Threads for a step.</summary>
    internal int Threads => _team.Threads;

    internal SequenceBatch Batch => _batch;

    /// <summary>The draws of the present step, after those of its batch.</summary>
    internal RandomStream Random => _random;

    /// <summary>Makes a number of gradient steps.</summary>
    /// <param name="made">Steps made before; they address the draws.</param>
    public LearnerStatistics Learn(EpisodeReplay replay, FeatureNormaliser normaliser, long made, int updates)
    {
        var sums = default(LearnerSums);
        _update?.Load();
        for (int i = 0; i < updates; i++)
        {
            _rateShare = _options.RateShare(made + i);
            _random.MoveTo((ulong)(made + i));
            _batch.Draw(replay, normaliser, _random);
            if (_update is null)
            {
                Step(ref sums);
            }
            else
            {
                _update.Step(_rateShare, ref sums);
            }
        }

        _update?.Store();
        return sums.Mean(Temperature.Value);
    }

    /// <summary>One gradient step on the batch.</summary>
    internal void Step(ref LearnerSums sums)
    {
        Forward();
        Losses(ref sums);
        Backward();
        sums.Norm += (_norms[1] + _norms[2]) / 2;
        sums.Steps++;
    }

    internal void Forward()
    {
        _phase = Phase.Forward;
        _team.Run(this, _passes.Length);
    }

    internal void Backward()
    {
        _phase = Phase.Backward;
        _team.Run(this, 3);
    }

    void IParallelWork.Execute(int part)
    {
        if (_phase == Phase.Forward)
        {
            // The critics need no value after the last step.
            int steps = part is 1 or 2 ? _batch.Steps - 1 : _batch.Steps;
            float* parameters = part switch
            {
                0 => Actor.Parameters,
                1 or 2 => Critics[part - 1].Parameters,
                _ => Critics[part - 3].Target!.Pointer,
            };
            _passes[part].Forward(parameters, _batch.X, steps, _batch.Batch, _batch.BurnIn, _batch.Starts);
            return;
        }

        TrainedNet net = part == 0 ? Actor : Critics[part - 1];
        net.Gradient.Span.Clear();
        _passes[part].Backward(net.Transposed, net.Gradient.Pointer, _batch.BurnIn, _batch.BurnIn + _batch.Learned);
        _norms[part] = net.Step(_rateShare);
    }

    /// <summary>
    /// Critics: (Q_i − y)² with y = r + γ·V', V' from the targets at the next step, which is never taken as an end; or λ-returns of it.
    /// Actor: exact expectation under the critics as they were before the step.
    /// </summary>
    internal void Losses(ref LearnerSums sums)
    {
        int batch = _batch.Batch, first = _batch.BurnIn * batch, rows = _batch.Learned * batch;
        double temperature = Temperature.Value, scale = 1.0 / rows, critic = 0, actor = 0, entropy = 0, value = 0;
        for (int row = first; row < first + rows + batch; row++)
        {
            _values.Probabilities(Logits(row), Of(_probabilities, row), Of(_logarithms, row));
        }

        for (int i = 0; i < rows; i++)
        {
            int next = first + i + batch;
            (double expected, double spread) = _values.Expectation(
                Of(_probabilities, next), Of(_logarithms, next), CriticRow(3, next), CriticRow(4, next));
            _bonuses[i] = temperature * spread;
            _next[i] = expected + _bonuses[i];
        }

        LambdaReturns.Fill(_batch.Rewards, _next, _bonuses, batch, _options.Discount, _options.Lambda, _targets);
        for (int i = 0; i < rows; i++)
        {
            int row = first + i;
            ReadOnlySpan<int> actions = _batch.Actions.AsSpan(i * _heads, _heads);
            for (int c = 1; c <= 2; c++)
            {
                double predicted = _values.Value(CriticRow(c, row), actions), error = predicted - _targets[i];
                _values.ValueGradient(actions, 2 * error * scale, new Span<float>(
                    _passes[c].OutputGradient + (nint)row * _values.CriticOutputs, _values.CriticOutputs));
                critic += error * error / 2;
                value += predicted / 2;
            }

            ActorRow loss = ActorLoss(row, temperature, scale);
            actor += loss.Loss;
            entropy += loss.Entropy;
        }

        Temperature.Step(entropy * scale);
        sums.Critic += critic * scale;
        sums.Actor += actor * scale;
        sums.Entropy += entropy * scale / _heads;
        sums.Value += value * scale;
    }

    private ActorRow ActorLoss(int row, double temperature, double scale)
    {
        var gradient = new Span<float>(_passes[0].OutputGradient + (nint)row * _heads * _levels, _heads * _levels);
        ReadOnlySpan<double> probabilities = Of(_probabilities, row), logarithms = Of(_logarithms, row);
        if (!_options.Reference)
        {
            return _values.Actor(probabilities, logarithms, CriticRow(1, row), CriticRow(2, row), temperature, scale, gradient);
        }

        for (int head = 0; head < _heads; head++)
        {
            _drawn[head] = Categorical.Draw(probabilities.Slice(head * _levels, _levels), _random.NextDouble());
        }

        return _values.ReferenceActor(probabilities, logarithms, CriticRow(1, row), CriticRow(2, row), _drawn, temperature, scale,
            gradient);
    }

    private Span<double> Of(double[] values, int row) => values.AsSpan(row * _heads * _levels, _heads * _levels);

    private ReadOnlySpan<float> Logits(int row) => new(_passes[0].Output + (nint)row * _heads * _levels, _heads * _levels);

    private ReadOnlySpan<float> CriticRow(int pass, int row) =>
        new(_passes[pass].Output + (nint)row * _values.CriticOutputs, _values.CriticOutputs);
}
