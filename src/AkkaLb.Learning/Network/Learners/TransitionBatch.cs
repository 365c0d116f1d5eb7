using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Network.Learners;

/// <summary>
/// The transitions of a block of episodes, number = episode·H + step, with advantages (normalised per episode) and returns.
/// </summary>
internal sealed class TransitionBatch(NetworkModel model, CounterfactualCredits? credits)
{
    private IReadOnlyList<EpisodeTrajectory> _episodes = [];
    private double[] _credits = [];

    /// <summary>The order in which transitions are used; a permutation of their numbers.</summary>
    public int[] Order { get; private set; } = [];

    public double[] Advantages { get; private set; } = [];

    public double[] Returns { get; private set; } = [];

    /// <summary>The advantage of one decision of a transition.</summary>
    public double Advantage(int transition, int decider) =>
        _credits.Length == 0 ? Advantages[transition] : _credits[transition * model.LinkCount + decider];

    public int Count => Order.Length;

    public EpisodeTrajectory Locate(int transition, out int step)
    {
        (int episode, step) = Math.DivRem(transition, model.Options.Horizons);
        return _episodes[episode];
    }

    /// <summary>Loads a block.</summary>
    /// <exception cref="ArgumentException">No episode, or one of another length or topology.</exception>
    public void Load(IReadOnlyList<EpisodeTrajectory> episodes, CriticValues critic)
    {
        int horizons = model.Options.Horizons;
        if (episodes.Count == 0 || episodes.Any(e => e.Horizons != horizons || e.Model.Topology != model.Topology))
        {
            throw new ArgumentException(
                $"expected one or more episodes of {horizons} horizons on {model.Topology.Name}", nameof(episodes));
        }

        _episodes = episodes;
        if (Order.Length != episodes.Count * horizons)
        {
            Order = new int[episodes.Count * horizons];
            Advantages = new double[Order.Length];
            Returns = new double[Order.Length];
        }

        for (int i = 0; i < Order.Length; i++)
        {
            Order[i] = i;
        }

        if (credits is not null)
        {
            _credits = credits.Compute(episodes);
            return;
        }

        ReadOnlySpan<float> values = critic.Compute(episodes);
        Span<double> rewards = new double[horizons];
        for (int e = 0; e < episodes.Count; e++)
        {
            double[] measure = episodes[e].Measure;
            for (int t = 0; t < horizons; t++)
            {
                rewards[t] = model.Options.RewardScale * RewardMeasures.Reward(model.Options.RewardComputation, measure[t], measure[t + 1]);
            }

            Span<double> advantages = Advantages.AsSpan(e * horizons, horizons);
            GeneralisedAdvantage.Compute(
                rewards, values.Slice(e * (horizons + 1), horizons + 1), model.Options.Discount, model.Options.AdvantageLambda,
                advantages, Returns.AsSpan(e * horizons, horizons));
            GeneralisedAdvantage.Normalise(advantages);
        }
    }

    /// <summary>Sets the observations of the given transitions as the samples of a pass.</summary>
    public void Observe(MessagePassing pass, ReadOnlySpan<int> transitions)
    {
        for (int b = 0; b < transitions.Length; b++)
        {
            EpisodeTrajectory episode = Locate(transitions[b], out int step);
            Observe(pass, episode, step, b, transitions.Length, model.LinkCount);
        }
    }

    public static void Observe(MessagePassing pass, EpisodeTrajectory episode, int step, int sample, int batch, int links)
    {
        ReadOnlySpan<float> observations = episode.Observations.Slice(step * links * 2, links * 2);
        for (int link = 0; link < links; link++)
        {
            pass.SetObservation(link * batch + sample, observations[2 * link], observations[2 * link + 1]);
        }
    }
}
