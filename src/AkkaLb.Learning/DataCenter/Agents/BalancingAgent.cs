using System.Runtime.InteropServices;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.DataCenter.Rewards;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>How an agent chooses.</summary>
public enum ActionMode
{
    /// <summary>Uniformly at random.</summary>
    Random,

    /// <summary>From its policy's distribution.</summary>
    Sample,

    /// <summary>Its policy's likeliest choice.</summary>
    Greedy,
}

/// <summary>
/// A learning agent behind one load balancer or several: it decides during episodes and learns between them. Its decisions are a function
/// of its parameters, the seed, the episode's number and what it has observed in the episode. Not safe for use by several threads at once.
/// </summary>
internal abstract class BalancingAgent
{
    private readonly ObservationLayout _layout;
    private readonly RewardFunction _reward;
    private readonly LoadBalancerObservation?[] _observed;
    private readonly List<float> _features = [], _actions = [], _rewards = [];
    private readonly List<float> _loads = [];
    private readonly List<bool> _available = [];
    private int _seen;

    // The only load balancer that is seen here, of several; -1: all are.
    private int _only = -1;
    private (long Number, ActionMode Mode) _episode;

    /// <param name="name">Unique within a run: prefix of tensors and of random streams.</param>
    /// <param name="members">Load balancers that the agent stands behind.</param>
    /// <param name="servers">N.</param>
    /// <param name="sharedNet">Whether all members see through one net, and so by the same scale.</param>
    /// <param name="features">Width of what is normalised and learnt from, where that is no whole observation; 0: it is.</param>
    protected BalancingAgent(
        DataCenterLearningOptions options, ObservationLayout layout, string name, int members, int servers, bool sharedNet = false,
        int features = 0)
    {
        (Options, Name, Members, Servers, _layout) = (options, name, members, servers, layout);
        FeaturesPerMember = features > 0 ? features : FeatureLayout.Length(layout, servers);
        _reward = new RewardFunction(options.Reward, servers);
        _observed = new LoadBalancerObservation?[members];
        Controllers = [.. Enumerable.Range(0, members).Select(member => new Controller(this, member))];
        Normaliser = new FeatureNormaliser((sharedNet ? 1 : members) * FeaturesPerMember, options.NormaliseObservations);
        Replay = new EpisodeReplay(options.ReplayEpisodes, options.RewardStandardisation);
        RawFeatures = new float[members * FeaturesPerMember];
        Actions = new float[members * servers];
    }

    public string Name { get; }

    public int Members { get; }

    public int Servers { get; }

    /// <summary>One for each member, in order.</summary>
    public IReadOnlyList<IEpisodeSource> Controllers { get; }

    /// <summary>
    /// All nets with their optimisers, in a fixed order; with <see cref="State"/> and <see cref="Updates"/> all that is learnt.
    /// </summary>
    public abstract IReadOnlyList<TrainedNet> Nets { get; }

    /// <summary>What else is learnt, to be read and written in place.</summary>
    public virtual double[] State => [];

    /// <summary>Gradient steps made; addresses the draws of the next one.</summary>
    public long Updates { get; set; }

    public FeatureNormaliser Normaliser { get; }

    public EpisodeReplay Replay { get; }

    /// <summary>Features of a moment and actions of a step, in an episode of the replay.</summary>
    public virtual (int Features, int Actions) Widths => (RawFeatures.Length, Actions.Length);

    /// <summary>Mean reward of the last episode in the replay.</summary>
    public virtual double LastReward => Replay[Replay.Count - 1].Rewards.Average();

    protected DataCenterLearningOptions Options { get; }

    /// <summary>Among the agents of its method, from 0.</summary>
    public int Number { get; init; }

    /// <summary>Whether each load balancer decides from what it has seen itself.</summary>
    protected virtual bool DecidesApart => Members == 1;

    /// <summary>Whether the episode is kept to learn from.</summary>
    protected bool Training { get; private set; }

    protected int FeaturesPerMember { get; }

    /// <summary>Features of the present moment, [members, features].</summary>
    protected float[] RawFeatures { get; }

    /// <summary>
    /// To be filled by <see cref="Act"/>, [members, servers]: indices of levels, or what else <see cref="Weight"/> takes.
    /// </summary>
    protected float[] Actions { get; }

    /// <param name="training">Whether the episode is kept to learn from.</param>
    /// <param name="only">The one load balancer that will observe and decide here, the others elsewhere; -1: all do.</param>
    public void Begin(long episode, ActionMode mode, bool training, int only = -1)
    {
        (Training, _episode, _seen) = (training, (episode, mode), 0);
        _only = Members == 1 ? -1 : only;
        _features.Clear();
        _actions.Clear();
        _rewards.Clear();
        _loads.Clear();
        _available.Clear();
        Begin((ulong)episode, mode);
    }

    /// <summary>Ends an episode. One that was played for training enters the replay.</summary>
    public virtual void End()
    {
        if (!Training)
        {
            return;
        }

        // A moment without a decision ends an episode; a decision whose consequence was not seen is dropped.
        int steps = _rewards.Count, width = RawFeatures.Length;
        Take(new EpisodeRecord(steps, [.. _features[..((steps + 1) * width)]], [.. _actions[..(steps * Actions.Length)]], [.. _rewards]));
    }

    /// <summary>Takes a whole episode into the replay, as <see cref="End"/> does.</summary>
    /// <param name="parts">One for each member, in order.</param>
    public virtual void Take(IReadOnlyList<EpisodePart> parts)
    {
        EpisodeRecord first = parts[0].Record;
        int steps = first.Steps;
        float[] features = new float[(steps + 1) * RawFeatures.Length], actions = new float[steps * Actions.Length];
        for (int member = 0; member < Members; member++)
        {
            EpisodeRecord part = parts[member].Record;
            for (int step = 0; step <= steps; step++)
            {
                part.Features.AsSpan(step * FeaturesPerMember, FeaturesPerMember).CopyTo(
                    features.AsSpan((step * Members + member) * FeaturesPerMember));
            }

            for (int step = 0; step < steps; step++)
            {
                part.Actions.AsSpan(step * Servers, Servers).CopyTo(actions.AsSpan((step * Members + member) * Servers));
            }
        }

        Take(new EpisodeRecord(steps, features, actions, parts[0].Team is null ? first.Rewards : JointRewards(parts, steps)));
    }

    /// <summary>What <see cref="ReadPolicy"/> takes.</summary>
    public byte[] WritePolicy()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Normaliser.Count);
        foreach (double[] sums in new[] { Normaliser.Mean, Normaliser.Squares })
        {
            writer.Write(MemoryMarshal.AsBytes(sums.AsSpan()));
        }

        writer.Write(MemoryMarshal.AsBytes(Nets[0].Optimiser.Parameters.Span));
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Decides as another agent of the same run does from now on.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another shape.</exception>
    public void ReadPolicy(byte[] policy)
    {
        Span<float> parameters = Nets[0].Optimiser.Parameters.Span;
        double[] mean = new double[Normaliser.Mean.Length], squares = new double[mean.Length];
        int expected = sizeof(long) + 2 * mean.Length * sizeof(double) + parameters.Length * sizeof(float);
        if (policy.Length != expected)
        {
            throw new InvalidDataException($"a policy of {policy.Length} bytes, expected {expected}");
        }

        using BinaryReader reader = new(new MemoryStream(policy));
        long count = reader.ReadInt64();
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(squares.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(parameters));
        Normaliser.Restore(count, mean, squares);
        Nets[0].ParametersChanged();
    }

    /// <summary>What an episode of so many steps sends to and from a centre.</summary>
    public virtual CentralTraffic Traffic(int steps) => default;

    /// <summary>Learns from the replay.</summary>
    public LearnerStatistics Learn()
    {
        LearnerStatistics learnt = Learn(Options.UpdatesPerEpisode);
        Updates += Options.UpdatesPerEpisode;
        return learnt;
    }

    /// <summary>Makes so many gradient steps on <see cref="Replay"/>, from <see cref="Updates"/> on.</summary>
    protected abstract LearnerStatistics Learn(int updates);

    protected abstract void Begin(ulong episode, ActionMode mode);

    /// <summary>Fills <see cref="Actions"/> from <see cref="RawFeatures"/>.</summary>
    protected abstract void Act();

    /// <summary>The weight that an action stands for.</summary>
    protected virtual float Weight(float action) => (float)Options.Levels[(int)action];

    private void Take(EpisodeRecord episode)
    {
        Normaliser.Add(episode.Features);
        Replay.Add(episode);
    }

    protected virtual EpisodePart Finish(int member)
    {
        int steps = _rewards.Count;
        float[] features = new float[(steps + 1) * FeaturesPerMember], actions = new float[steps * Servers];
        for (int step = 0; step <= steps; step++)
        {
            _features.CopyTo((step * Members + member) * FeaturesPerMember, features, step * FeaturesPerMember, FeaturesPerMember);
        }

        for (int step = 0; step < steps; step++)
        {
            _actions.CopyTo((step * Members + member) * Servers, actions, step * Servers, Servers);
        }

        return new EpisodePart(new EpisodeRecord(steps, features, actions, [.. _rewards]), Traffic(steps).TrajectoryBytes / Members)
        {
            Team = _only < 0 ? null : new TeamLoads([.. _loads], [.. _available]),
        };
    }

    /// <summary>The reward is of all load balancers' loads, which none of them has seen.</summary>
    private float[] JointRewards(IReadOnlyList<EpisodePart> parts, int steps)
    {
        float[] rewards = new float[steps];
        LoadBalancerObservation[] observed = [.. parts.Select(
            (_, member) => new LoadBalancerObservation(new LoadBalancerId(member), Servers))];
        for (int step = 0; step < steps; step++)
        {
            for (int member = 0; member < Members; member++)
            {
                TeamLoads loads = parts[member].Team!;
                for (int server = 0; server < Servers; server++)
                {
                    observed[member].Durations(server)[(int)Options.Reward.Statistic] = loads.Loads[step * Servers + server];
                    observed[member].Available[server] = loads.Available[step * Servers + server];
                }
            }

            rewards[step] = _reward.Of(observed);
        }

        return rewards;
    }

    protected virtual void Observe(int member, LoadBalancerObservation observation)
    {
        FeatureLayout.Copy(_layout, observation, RawFeatures.AsSpan(member * FeaturesPerMember, FeaturesPerMember));
        _observed[member] = observation;
        if (_only < 0 && ++_seen < Members)
        {
            return;
        }

        _seen = 0;
        if (Training)
        {
            _features.AddRange(RawFeatures);
            if (observation.Moment > 0)
            {
                Reward(observation);
            }
        }
    }

    private void Reward(LoadBalancerObservation observation)
    {
        if (_only < 0)
        {
            _rewards.Add(_reward.Of(_observed!));
            return;
        }

        _rewards.Add(0);
        for (int server = 0; server < Servers; server++)
        {
            _loads.Add(observation.Durations(server)[(int)Options.Reward.Statistic]);
            _available.Add(observation.Available[server]);
        }
    }

    protected virtual void Decide(int member, Span<float> weights)
    {
        if (member == 0 || _only >= 0)
        {
            Act();
            if (Training)
            {
                _actions.AddRange(Actions);
            }
        }

        for (int server = 0; server < weights.Length; server++)
        {
            weights[server] = Weight(Actions[member * Servers + server]);
        }
    }

    private sealed class Controller(BalancingAgent agent, int member) : IDetachable
    {
        public BalancerStart? Start => agent.DecidesApart
            ? new BalancerStart(agent.Number, member, agent._episode.Number, agent._episode.Mode, agent.Training)
            : null;

        public byte[] WritePolicy() => agent.WritePolicy();

        public void Observe(LoadBalancerObservation observation) => agent.Observe(member, observation);

        public void Decide(Span<float> weights) => agent.Decide(member, weights);

        public EpisodePart Finish() => agent.Finish(member);
    }
}
