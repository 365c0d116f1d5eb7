using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Replay;

/// <summary>
/// A batch of sequences drawn from the replay: burn-in steps, learned steps, and one more observation to bootstrap from. Rows are
/// time-major; row (t·B + b)·members + m belongs to member m of sequence b. An input row is the normalised features, then the action
/// before one-hot per head (zeros before the first).
/// </summary>
/// <remarks>
/// Recurrent states are zero where a sequence's burn-in begins, or at the episode's start if that lies later: then the burn-in rows before
/// it are zeros, and <see cref="Starts"/> says where the state is cleared. No gradient goes into the burn-in.
/// </remarks>
internal sealed unsafe class SequenceBatch
{
    private readonly int _members, _features, _heads, _levels, _sequences;
    private readonly AlignedBuffer _inputs;

    /// <param name="features">Per member.</param>
    /// <param name="heads">Per member.</param>
    /// <param name="episodeSteps">H.</param>
    public SequenceBatch(DataCenterLearningOptions options, int members, int features, int heads, int episodeSteps)
    {
        (_members, _features, _heads, _levels, _sequences) = (members, features, heads, options.Levels.Count, options.Batch);
        bool whole = options.SequenceLength == 0 || options.SequenceLength >= episodeSteps;
        Learned = whole ? episodeSteps : options.SequenceLength;
        BurnIn = whole ? 0 : options.BurnIn;
        Steps = BurnIn + Learned + 1;
        Inputs = features + heads * _levels;
        _inputs = new AlignedBuffer(Steps * Batch * Inputs);
        Actions = new int[Learned * Batch * heads];
        Rewards = new double[Learned * _sequences];
        Starts = new int[Batch];
    }

    /// <summary>Rows of a step: sequences times members.</summary>
    public int Batch => _sequences * _members;

    /// <summary>Width of an input row.</summary>
    public int Inputs { get; }

    public int BurnIn { get; }

    public int Learned { get; }

    /// <summary>Burn-in, learned steps and the one after.</summary>
    public int Steps { get; }

    public float* X => _inputs.Pointer;

    /// <summary>Levels chosen in the learned steps, [learned·batch, heads].</summary>
    public int[] Actions { get; }

    /// <summary>Standardised, [learned, sequences].</summary>
    public double[] Rewards { get; }

    /// <summary>Per row of a step, the step before which the state is cleared.</summary>
    public int[] Starts { get; }

    public void Draw(EpisodeReplay replay, FeatureNormaliser normaliser, RandomStream random)
    {
        _inputs.Span.Clear();
        for (int b = 0; b < _sequences; b++)
        {
            EpisodeRecord episode = replay[random.NextInt32(replay.Count)];
            int first = random.NextInt32(episode.Steps - Learned + 1);
            Array.Fill(Starts, Math.Max(0, BurnIn - first), b * _members, _members);
            for (int t = Math.Max(0, BurnIn - first); t < Steps; t++)
            {
                int step = first - BurnIn + t;
                for (int m = 0; m < _members; m++)
                {
                    int row = (t * _sequences + b) * _members + m;
                    Span<float> x = _inputs.Span.Slice(row * Inputs, Inputs);
                    normaliser.Normalise(episode.Features.AsSpan((step * _members + m) * _features, _features), x[.._features]);
                    if (step > 0)
                    {
                        OneHot(episode.Actions.AsSpan(((step - 1) * _members + m) * _heads, _heads), _levels, x[_features..]);
                    }

                    if (t >= BurnIn && t < Steps - 1)
                    {
                        int learned = row - BurnIn * Batch;
                        for (int head = 0; head < _heads; head++)
                        {
                            Actions[learned * _heads + head] = (int)episode.Actions[(step * _members + m) * _heads + head];
                        }
                    }
                }

                if (t >= BurnIn && t < Steps - 1)
                {
                    Rewards[(t - BurnIn) * _sequences + b] = replay.Reward(episode, step);
                }
            }
        }
    }

    /// <summary>Sets the place of each head's level in a block of zeros.</summary>
    public static void OneHot(ReadOnlySpan<float> actions, int levels, Span<float> target)
    {
        for (int head = 0; head < actions.Length; head++)
        {
            target[head * levels + (int)actions[head]] = 1;
        }
    }
}
