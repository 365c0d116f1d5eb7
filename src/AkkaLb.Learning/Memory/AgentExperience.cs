using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// What one agent remembers: a store for every exchange l = 0 … K − 1, from its state before the exchange to its states after it. Belongs to
/// one agent, one thread at a time. The same calls give the same answers, and a restored memory goes on with the same bits.
/// </summary>
public sealed class AgentExperience
{
    /// <summary>Recorded for an agent that took no action of its own, where one agent acts for the team.</summary>
    public const int NoAction = -1;

    private const int ObservationWidth = 2;

    private readonly ExperienceOptions _options;
    private readonly IRepresentatives[] _stores;
    private readonly int _width;
    private Recollection? _found;
    private int _foundAt;
    private ExperienceLog? _log;
    private long _now, _version;
    private double _factor = 1;

    /// <param name="iterations">Exchanges before a decision, K ≥ 1.</param>
    /// <param name="width">Width of a hidden state, D.</param>
    /// <param name="seed">Root seed; clustering draws from <c>memory/LINK/EXCHANGE</c>.</param>
    public AgentExperience(ExperienceOptions options, int iterations, int width, int link, ulong seed)
    {
        _options = options;
        _width = width;
        _stores = new IRepresentatives[iterations];
        for (int l = 0; l < iterations; l++)
        {
            _stores[l] = Store(l == 0 ? ObservationWidth : width, (iterations - l) * width, new RandomStream(seed, $"memory/{link}/{l}"));
        }
    }

    /// <summary>Entries in all stores.</summary>
    public int Count => _stores.Sum(store => store.Count);

    /// <summary>True when a state is to be remembered even though it was recognised.</summary>
    public bool RemembersFamiliar => _stores[0].RemembersFamiliar;

    internal IReadOnlyList<IRepresentatives> Stores => _stores;

    /// <summary>
    /// Begins an episode that may have to be repeated. From then on all that is done is noted, until the memory is replaced by <see cref="Read"/>.
    /// </summary>
    /// <param name="play">
    /// A number of its own for every episode played, &gt; 0. The same again: the episode is repeated, and the memory returns to what it was at its
    /// start, even if it was left half changed.
    /// </param>
    /// <returns>Whether it is repeated.</returns>
    public bool Begin(long play)
    {
        ExperienceLog log = _log ?? new ExperienceLog();
        bool repeated = log.Play == play;
        _log = null;
        if (repeated)
        {
            log.Return(this);
        }
        else
        {
            log.Begin(play, this);
        }

        _log = log;
        return repeated;
    }

    /// <summary>Begins a horizon. Entries that are too old for the policy are given up for good.</summary>
    /// <param name="policyVersion">The policy that acts; never an older one than before.</param>
    /// <param name="factor">What Δ is multiplied by, &gt; 0 (<see cref="AdaptiveThreshold.Factor"/>).</param>
    public void Open(long policyVersion, double factor = 1)
    {
        _log?.Open(policyVersion, factor);
        _now++;
        _factor = factor;
        _found = null;
        if (policyVersion != _version)
        {
            _version = policyVersion;
            if (_options.MaxPolicyAge is { } age)
            {
                foreach (IRepresentatives store in _stores)
                {
                    store.Expire(policyVersion - age);
                }
            }
        }
    }

    /// <summary>Whether the agent has been in such a state before exchange <paramref name="iteration"/>.</summary>
    /// <param name="state">h of that exchange, D values; before the first one its 2 observed values count.</param>
    public bool Recognises(int iteration, ReadOnlySpan<float> state)
    {
        _foundAt = iteration;
        _found = _stores[iteration].Find(Key(iteration, state), Delta(iteration), out Recollection found) ? found : null;
        return _found is not null;
    }

    /// <summary>What followed on the state that was recognised last; counts as a use of its entry.</summary>
    /// <param name="outcome">Receives the hidden states after exchange l, h of l + 1 … K, D values each.</param>
    /// <exception cref="InvalidOperationException">No state was recognised since the memory last changed.</exception>
    public void Take(Span<float> outcome)
    {
        Recollection found = _found ?? throw new InvalidOperationException("no state was recognised");
        _log?.Take(_foundAt, _stores[_foundAt].Tables[0] == found.Table ? 0 : 1, found.Row);
        found.Outcome.CopyTo(outcome);
        found.MarkUsed(_now);
    }

    /// <summary>Remembers a state of this horizon.</summary>
    /// <param name="outcome">h of l + 1 … K.</param>
    /// <param name="action">The action taken in the end, or <see cref="NoAction"/>.</param>
    public void Remember(int iteration, ReadOnlySpan<float> state, ReadOnlySpan<float> outcome, int action)
    {
        _found = null;
        ReadOnlySpan<float> key = Key(iteration, state);
        _log?.Remember(iteration, key, outcome, action);
        _stores[iteration].Remember(new ExperienceCase(key, outcome, action, _version, _now), Delta(iteration));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_now);
        writer.Write(_version);
        foreach (IRepresentatives store in _stores)
        {
            store.Write(writer);
        }
    }

    /// <summary>Replaces everything by what a memory of the same options and shape wrote.</summary>
    public void Read(BinaryReader reader)
    {
        _found = null;
        _log = null;
        _now = reader.ReadInt64();
        _version = reader.ReadInt64();
        foreach (IRepresentatives store in _stores)
        {
            store.Read(reader);
        }
    }

    /// <summary>Counts a use of an entry in this horizon.</summary>
    internal void MarkUsed(int iteration, int table, int row) => new Recollection(_stores[iteration].Tables[table], row).MarkUsed(_now);

    private double Delta(int iteration) => _options.Delta(iteration) * _factor;

    private ReadOnlySpan<float> Key(int iteration, ReadOnlySpan<float> state) => state[..(iteration == 0 ? ObservationWidth : _width)];

    private IRepresentatives Store(int dimensions, int outcomeWidth, RandomStream random)
    {
        IClustering Clustering() => _options.Clustering == ClusteringMethod.Agglomerative ? new AverageLinkage() : new MiniBatchKMeans();
        return _options.Representatives switch
        {
            RepresentativeSelection.DeltaNet => new DeltaNet(dimensions, outcomeWidth, _options.Metric, _options.Size),
            RepresentativeSelection.Clusters => new ClusteredRepresentatives(
                dimensions, outcomeWidth, _options.Metric, _options.Size, Clustering(), random),
            _ => new PublishedRepresentatives(dimensions, outcomeWidth, _options.Metric, _options.Size, Clustering(), random),
        };
    }
}
