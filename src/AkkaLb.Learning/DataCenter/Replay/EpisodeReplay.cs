using AkkaLb.Learning.DataCenter.Models;

namespace AkkaLb.Learning.DataCenter.Replay;

/// <summary>The last episodes, oldest first, and the scale of their rewards. All episodes have the same number of steps.</summary>
internal sealed class EpisodeReplay(int capacity, RewardStandardisation standardisation)
{
    private const double Floor = 1e-6;

    private readonly Queue<EpisodeRecord> _episodes = new();
    private EpisodeRecord[] _indexed = [];
    private double[] _mean = [], _scale = [];

    public int Count => _indexed.Length;

    /// <summary>H.</summary>
    public int Steps => _indexed[0].Steps;

    public EpisodeRecord this[int index] => _indexed[index];

    public void Add(EpisodeRecord episode) => Add([episode]);

    /// <summary>Adds episodes, the oldest first.</summary>
    /// <exception cref="ArgumentException">An episode is of another length than those before.</exception>
    public void Add(IReadOnlyList<EpisodeRecord> episodes)
    {
        foreach (EpisodeRecord episode in episodes)
        {
            if (_episodes.TryPeek(out EpisodeRecord? first) && episode.Steps != first.Steps)
            {
                throw new ArgumentException($"an episode of {episode.Steps} steps, expected {first.Steps}", nameof(episodes));
            }

            _episodes.Enqueue(episode);
            if (_episodes.Count > capacity)
            {
                _episodes.Dequeue();
            }
        }

        _indexed = [.. _episodes];
        if (Count > 0)
        {
            Measure();
        }
    }

    /// <summary>The standardised reward of a step.</summary>
    public double Reward(EpisodeRecord episode, int step) => (episode.Rewards[step] - _mean[step]) * _scale[step];

    private void Measure()
    {
        int steps = Steps;
        _mean = new double[steps];
        _scale = new double[steps];
        switch (standardisation)
        {
            case RewardStandardisation.None:
                Array.Fill(_scale, 1);
                break;
            case RewardStandardisation.Running:
                (double mean, double scale) = Moments(0, steps);
                Array.Fill(_mean, mean);
                Array.Fill(_scale, scale);
                break;
            default:
                for (int step = 0; step < steps; step++)
                {
                    (_mean[step], _scale[step]) = Moments(step, step + 1);
                }

                break;
        }
    }

    /// <summary>Mean and inverse population deviation of the rewards of the steps [from, to) of all episodes.</summary>
    private (double Mean, double Scale) Moments(int from, int to)
    {
        double sum = 0, squares = 0, count = (double)Count * (to - from);
        foreach (EpisodeRecord episode in _indexed)
        {
            foreach (float reward in episode.Rewards.AsSpan(from, to - from))
            {
                sum += reward;
            }
        }

        double mean = sum / count;
        foreach (EpisodeRecord episode in _indexed)
        {
            foreach (float reward in episode.Rewards.AsSpan(from, to - from))
            {
                squares += (reward - mean) * (reward - mean);
            }
        }

        return (mean, 1 / (Math.Sqrt(squares / count) + Floor));
    }
}
