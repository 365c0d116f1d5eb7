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
/// QMix-LB: the load balancers share one recurrent net that gives a linear value to each level of each head, and a
/// <see cref="MonotonicMixer"/> makes the team's value of the values chosen. Both are learnt towards λ-returns of the common reward;
/// the value after a step is the target nets' of the levels that the trained nets like best.
/// </summary>
internal sealed unsafe class QMixLearner
{
    private readonly DataCenterLearningOptions _options;
    private readonly int _members, _features, _heads, _levels, _rows;
    private readonly SequenceBatch _batch;
    private readonly RecurrentPass _pass, _targetPass;
    private readonly MixerPass _mixerPass, _targetMixerPass;
    private readonly AlignedBuffer _states;
    private readonly RandomStream _random;
    private readonly ISequenceUpdate? _update;
    private readonly float[] _chosen, _best, _dChosen;
    private readonly double[] _totals, _next, _targets, _dTotals, _probabilities;

    /// <param name="features">Per member.</param>
    /// <param name="heads">Per member.</param>
    /// <param name="backend">Takes the gradient steps; null: the kernels do.</param>
    public QMixLearner(
        DataCenterLearningOptions options, string name, int members, int features, int heads, int episodeSteps, ulong seed, WorkerTeam team,
        Kernel kernel, LearningBackend? backend = null)
    {
        (_options, _members, _features, _heads, _levels) = (options, members, features, heads, options.Levels.Count);
        _batch = new SequenceBatch(options, members, features, heads, episodeSteps);
        var agent = new ParameterLayout();
        Net = new RecurrentNet(agent, "agent", _batch.Inputs, options.Hidden, heads * _levels, lastGain: 0.01);
        var mixer = new ParameterLayout();
        var mixing = new MonotonicMixer(mixer, members * features, members * heads, options.Hidden);
        Agent = new TrainedNet(agent, name, options, kernel, team, seed, target: true);
        Mixer = new TrainedNet(mixer, $"{name}.mixer", options, kernel, team, seed, target: true);
        int steps = _batch.Steps * _batch.Batch;
        _pass = new RecurrentPass(Net, kernel, steps, _batch.Batch, training: true);
        _targetPass = new RecurrentPass(Net, kernel, steps, _batch.Batch, training: false);
        _rows = _batch.Rewards.Length;
        int sequences = _rows / _batch.Learned;
        _mixerPass = new MixerPass(mixing, kernel, _rows);
        _targetMixerPass = new MixerPass(mixing, kernel, _rows);
        _states = new AlignedBuffer((_rows + sequences) * members * features);
        _random = new RandomStream(seed, $"{name}/learner");
        _chosen = new float[_rows * members * heads];
        _best = new float[_chosen.Length];
        _dChosen = new float[_chosen.Length];
        _probabilities = new double[_levels];
        _totals = new double[_rows];
        _next = new double[_rows];
        _targets = new double[_rows];
        _dTotals = new double[_rows];
        Threads = team.Threads;
        _update = backend?.QMix(this);
    }

    public RecurrentNet Net { get; }

    /// <summary>Shared by all load balancers.</summary>
    public TrainedNet Agent { get; }

    public TrainedNet Mixer { get; }

    internal DataCenterLearningOptions Options => _options;

    internal SequenceBatch Batch => _batch;

    /// <summary>Load balancers.</summary>
    internal int Members => _members;

    /// <summary>Per member.</summary>
    internal int Features => _features;

    /// <summary>Decisions of a member.</summary>
    internal int Heads => _heads;

    /// <summary>Threads for a step.</summary>
    internal int Threads { get; }

    /// <summary>Makes a number of gradient steps.</summary>
    /// <param name="made">Steps made before; they address the draws.</param>
    public LearnerStatistics Learn(EpisodeReplay replay, FeatureNormaliser normaliser, long made, int updates)
    {
        var sums = default(LearnerSums);
        _update?.Load();
        for (int i = 0; i < updates; i++)
        {
            _random.MoveTo((ulong)(made + i));
            _batch.Draw(replay, normaliser, _random);
            if (_update is null)
            {
                Step(_options.RateShare(made + i), ref sums);
            }
            else
            {
                _update.Step(_options.RateShare(made + i), ref sums);
            }
        }

        _update?.Store();
        return sums.Mean(0);
    }

    /// <summary>The mean squared error of the batch, its gradient with respect to both nets' parameters left in them.</summary>
    internal double Gradients(EpisodeReplay replay, FeatureNormaliser normaliser, long draw)
    {
        _random.MoveTo((ulong)draw);
        _batch.Draw(replay, normaliser, _random);
        var sums = default(LearnerSums);
        Differentiate(ref sums);
        return sums.Critic;
    }

    internal void Step(double rateShare, ref LearnerSums sums)
    {
        Differentiate(ref sums);
        sums.Norm += Agent.Step(rateShare);
        Mixer.Step(rateShare);
        sums.Steps++;
    }

    private void Differentiate(ref LearnerSums sums)
    {
        _pass.Forward(Agent.Parameters, _batch.X, _batch.Steps, _batch.Batch, _batch.BurnIn, _batch.Starts);
        _targetPass.Forward(Agent.Target!.Pointer, _batch.X, _batch.Steps, _batch.Batch, _batch.BurnIn, _batch.Starts);
        if (_options.Reference)
        {
            Softmax(_pass);
            Softmax(_targetPass);
        }

        Gather();
        int sequences = _rows / _batch.Learned, stateWidth = _members * _features;
        _mixerPass.Forward(Mixer.Parameters, _states.Pointer, _chosen, _totals);
        _targetMixerPass.Forward(Mixer.Target!.Pointer, _states.Pointer + (nint)sequences * stateWidth, _best, _next);
        LambdaReturns.Fill(_batch.Rewards, _next, [], sequences, _options.Discount, _options.Lambda, _targets);
        double loss = 0, value = 0;
        for (int i = 0; i < _rows; i++)
        {
            double error = _totals[i] - _targets[i];
            _dTotals[i] = 2 * error / _rows;
            loss += error * error / _rows;
            value += _totals[i] / _rows;
        }

        Mixer.Gradient.Span.Clear();
        _mixerPass.Backward(Mixer.Transposed, Mixer.Gradient.Pointer, _chosen, _dTotals, _dChosen);
        Scatter();
        Agent.Gradient.Span.Clear();
        _pass.Backward(Agent.Transposed, Agent.Gradient.Pointer, _batch.BurnIn, _batch.BurnIn + _batch.Learned);
        sums.Critic += loss;
        sums.Value += value;
    }

    /// <summary>Fills the states, the values of the levels chosen, and the target values of those liked best after the step.</summary>
    private void Gather()
    {
        int first = _batch.BurnIn * _batch.Batch, width = _heads * _levels;
        for (int row = 0; row < (_rows + _rows / _batch.Learned) * _members; row++)
        {
            new Span<float>(_batch.X + (nint)(first + row) * _batch.Inputs, _features).CopyTo(_states.Span[(row * _features)..]);
        }

        for (int row = 0; row < _rows * _members; row++)
        {
            float* now = _pass.Output + (nint)(first + row) * width, then = now + (nint)_batch.Batch * width;
            float* target = _targetPass.Output + (nint)(first + row + _batch.Batch) * width;
            for (int head = 0; head < _heads; head++)
            {
                _chosen[row * _heads + head] = now[head * _levels + _batch.Actions[row * _heads + head]];
                _best[row * _heads + head] = target[head * _levels + Best(new ReadOnlySpan<float>(then + head * _levels, _levels))];
            }
        }
    }

    private void Scatter()
    {
        int width = _heads * _levels;
        for (int row = 0; row < _rows * _members; row++)
        {
            var gradient = new Span<float>(_pass.OutputGradient + (nint)(_batch.BurnIn * _batch.Batch + row) * width, width);
            gradient.Clear();
            for (int head = 0; head < _heads; head++)
            {
                int chosen = _batch.Actions[row * _heads + head];
                float d = _dChosen[row * _heads + head];
                Span<float> own = gradient.Slice(head * _levels, _levels);
                own[chosen] = d;
                if (_options.Reference)
                {
                    // Through the softmax: p_chosen·(1[i = chosen] − p_i).
                    var p = new ReadOnlySpan<float>(
                        _pass.Output + (nint)(_batch.BurnIn * _batch.Batch + row) * width + head * _levels, _levels);
                    for (int i = 0; i < _levels; i++)
                    {
                        own[i] = d * p[chosen] * ((i == chosen ? 1 : 0) - p[i]);
                    }
                }
            }
        }
    }

    /// <summary>Replaces the learned steps' values by their softmax within each head.</summary>
    private void Softmax(RecurrentPass pass)
    {
        int first = _batch.BurnIn * _batch.Batch, end = _batch.Steps * _batch.Batch, width = _heads * _levels;
        for (int row = first; row < end; row++)
        {
            for (int head = 0; head < _heads; head++)
            {
                var values = new Span<float>(pass.Output + (nint)row * width + head * _levels, _levels);
                Softmax(values, _probabilities);
                for (int i = 0; i < _levels; i++)
                {
                    values[i] = (float)_probabilities[i];
                }
            }
        }
    }

    public static void Softmax(ReadOnlySpan<float> values, Span<double> probabilities)
    {
        Categorical.LogSoftmax(values, probabilities);
        foreach (ref double p in probabilities)
        {
            p = Math.Exp(p);
        }
    }

    /// <summary>The first of the largest.</summary>
    public static int Best(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
