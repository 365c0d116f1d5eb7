using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Network.Learners;

/// <summary>Sums over decisions (policy, entropy, clipped, divergence) and over samples (critic).</summary>
internal struct PpoSums
{
    public double Policy, Entropy, Clipped, Divergence, Critic;
    public long Decisions, Samples;

    public void Add(in PpoSums other)
    {
        Policy += other.Policy;
        Entropy += other.Entropy;
        Clipped += other.Clipped;
        Divergence += other.Divergence;
        Critic += other.Critic;
        Decisions += other.Decisions;
        Samples += other.Samples;
    }
}

/// <summary>
/// Gradients of PPO's loss for one minibatch. The samples are divided into a fixed number of chunks, each with passes and a gradient
/// buffer of its own: parts 0 … C−1 are the actor's chunks, C … 2C−1 the critic's. So the sum does not depend on who does what.
/// </summary>
internal sealed unsafe class PpoMinibatch : IParallelWork
{
    private const int Chunks = 2;

    private readonly NetworkModel _model;
    private readonly AdamOptimiser _optimiser;
    private readonly ActorPass[] _actors = new ActorPass[Chunks];
    private readonly CriticPass[] _critics = new CriticPass[Chunks];
    private readonly float[][] _logits = new float[Chunks][], _gradient = new float[Chunks][];
    private readonly double[][] _logProbabilities = new double[Chunks][];
    private readonly bool[][] _remembered = new bool[Chunks][];
    private readonly PpoSums[] _sums = new PpoSums[2 * Chunks];
    private readonly MemoryRecall? _recall;
    private TransitionBatch? _transitions;
    private int _first, _count;
    private bool _exchangesOnly;

    /// <param name="recall">Where the memory answers the learner too; null: every exchange is computed.</param>
    public PpoMinibatch(NetworkModel model, Kernel kernel, AdamOptimiser optimiser, MemoryRecall? recall = null)
    {
        _model = model;
        _optimiser = optimiser;
        EntropyCoefficient = model.Options.EntropyCoefficient;
        _recall = recall;
        int capacity = (model.Options.MinibatchSize + Chunks - 1) / Chunks;
        for (int chunk = 0; chunk < Chunks; chunk++)
        {
            _actors[chunk] = new ActorPass(model, kernel, capacity, training: true);
            _critics[chunk] = new CriticPass(model, kernel, capacity, training: true);
            _logits[chunk] = new float[model.Decisions.Choices];
            _gradient[chunk] = new float[model.Decisions.Choices];
            _logProbabilities[chunk] = new double[model.Decisions.Choices];
            _remembered[chunk] = new bool[capacity];
            Gradients[chunk] = new AlignedBuffer(model.Layout.Length);
        }
    }

    /// <summary>One per chunk; their sum is the gradient.</summary>
    public AlignedBuffer[] Gradients { get; } = new AlignedBuffer[Chunks];

    /// <summary>Weight of the entropy in the loss.</summary>
    public double EntropyCoefficient { get; set; }

    /// <summary>Computes the gradients for transitions order[first … first + count).</summary>
    public PpoSums Compute(WorkerTeam team, TransitionBatch transitions, int first, int count)
    {
        (_transitions, _first, _count) = (transitions, first, count);
        if (_recall is not null)
        {
            _exchangesOnly = true;
            team.Run(this, Chunks);
            for (int chunk = 0; chunk < Chunks; chunk++)
            {
                Recall(_recall, chunk);
            }

            _exchangesOnly = false;
        }

        // Counterfactual credits need no critic; its gradients stay 0 then.
        team.Run(this, _model.Options.Credit == CreditAssignment.Counterfactual ? Chunks : 2 * Chunks);
        var sums = default(PpoSums);
        foreach (ref PpoSums part in _sums.AsSpan())
        {
            sums.Add(part);
        }

        return sums;
    }

    void IParallelWork.Execute(int part)
    {
        int chunk = part % Chunks;
        (int first, int count) = Part(chunk);
        if (_exchangesOnly)
        {
            Exchange(chunk, first, count);
            return;
        }

        Span<float> gradients = Gradients[chunk].Span;
        bool actor = part < Chunks;
        (actor ? gradients[.._model.ActorLength] : gradients[_model.ActorLength..]).Clear();
        _sums[part] = count == 0 ? default : actor ? Actor(chunk, first, count) : Critic(chunk, first, count);
    }

    /// <summary>The samples of a chunk, counted within the minibatch.</summary>
    private (int First, int Count) Part(int chunk)
    {
        int size = (_count + Chunks - 1) / Chunks, first = Math.Min(chunk * size, _count);
        return (first, Math.Min(size, _count - first));
    }

    private void Exchange(int chunk, int first, int count)
    {
        MessagePassing messages = _actors[chunk].Messages;
        _transitions!.Observe(messages, _transitions.Order.AsSpan(_first + first, count));
        messages.Forward(_optimiser.Parameters.Pointer, count);
    }

    private void Recall(MemoryRecall recall, int chunk)
    {
        (int first, int count) = Part(chunk);
        for (int b = 0; b < count; b++)
        {
            EpisodeTrajectory episode = _transitions!.Locate(_transitions.Order[_first + first + b], out int step);
            int exchanges = recall.Recall(_actors[chunk].Messages, b, count, episode.Exchanges(step));
            _remembered[chunk][b] = exchanges < _model.MessageIterations;
            episode.RecallExchanges += exchanges;
        }
    }

    private PpoSums Actor(int chunk, int first, int count)
    {
        ActorPass pass = _actors[chunk];
        ReadOnlySpan<int> samples = _transitions!.Order.AsSpan(_first + first, count);
        if (_recall is null)
        {
            Exchange(chunk, first, count);
        }

        pass.ReadOut(_optimiser.Parameters.Pointer, count);

        NetworkLearningOptions options = _model.Options;
        DecisionLayout decisions = _model.Decisions;
        double scale = 1.0 / ((double)_count * decisions.Deciders);
        float[] logits = _logits[chunk], gradient = _gradient[chunk];
        var sums = default(PpoSums);
        for (int b = 0; b < count; b++)
        {
            EpisodeTrajectory episode = _transitions.Locate(samples[b], out int step);
            ReadOnlySpan<int> choices = episode.Choices(step);
            ReadOnlySpan<float> old = episode.LogProbabilities(step);
            for (int decider = 0; decider < decisions.Deciders; decider++)
            {
                for (int choice = 0; choice < logits.Length; choice++)
                {
                    logits[choice] = pass.Logit(decisions.LogitOf(decider, choice), b, count);
                }

                DecisionLoss loss = PpoObjective.Evaluate(
                    logits, choices[decider], old[decider], _transitions.Advantage(samples[b], decider), options.Clip, EntropyCoefficient,
                    scale,
                    _logProbabilities[chunk], gradient);
                for (int choice = 0; choice < logits.Length; choice++)
                {
                    pass.LogitGradient(decisions.LogitOf(decider, choice), b, count) = gradient[choice];
                }

                sums.Policy += loss.Policy;
                sums.Entropy += loss.Entropy;
                sums.Clipped += loss.Clipped ? 1 : 0;
                sums.Divergence += loss.Ratio - 1 - Math.Log(loss.Ratio);
            }
        }

        sums.Decisions = (long)count * decisions.Deciders;
        pass.ReadOutBackward(_optimiser.Transposed, Gradients[chunk].Pointer, count);
        if (_recall is not null)
        {
            ForgetRemembered(pass.Messages, chunk, count);
        }

        pass.Messages.Backward(_optimiser.Transposed, Gradients[chunk].Pointer, count);
        return sums;
    }

    /// <summary>No gradient goes through states that were remembered.</summary>
    private void ForgetRemembered(MessagePassing messages, int chunk, int count)
    {
        int width = _model.HiddenState;
        for (int b = 0; b < count; b++)
        {
            for (int link = 0; _remembered[chunk][b] && link < _model.LinkCount; link++)
            {
                new Span<float>(messages.FinalGradient + ((nint)link * count + b) * width, width).Clear();
            }
        }
    }

    private PpoSums Critic(int chunk, int first, int count)
    {
        CriticPass pass = _critics[chunk];
        ReadOnlySpan<int> samples = _transitions!.Order.AsSpan(_first + first, count);
        _transitions.Observe(pass.Messages, samples);
        pass.Forward(_optimiser.Parameters.Pointer, count);
        var sums = new PpoSums { Samples = count };
        for (int b = 0; b < count; b++)
        {
            double error = pass.Values[b] - _transitions.Returns[samples[b]];
            sums.Critic += error * error;
            pass.ValueGradients[b] = (float)(_model.Options.CriticCoefficient * 2 * error / _count);
        }

        pass.Backward(_optimiser.Transposed, Gradients[chunk].Pointer, count);
        return sums;
    }
}
