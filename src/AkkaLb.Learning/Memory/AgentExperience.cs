using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// What one agent remembers: a store for every exchange l = 0 … K − 1, from its state before the exchange to its states after it. Belongs
/// to one agent, one thread at a time. The same calls give the same answers, and a restored memory goes on with the same bits.
/// </summary>
public sealed class AgentExperience : IExperienceChanges
{
    /// <summary>Recorded for an agent that took no action of its own, where one agent acts for the team.</summary>
    public const int NoAction = -1;

    private const int ObservationWidth = 2;

    private readonly ExperienceOptions _options;
    private readonly IRepresentatives[] _stores;
    private readonly int _width;
    private Recollection? _found;
    private ExperienceChanges? _changes;
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

    /// <summary>Notes from now on what changes.</summary>
    public void Note(ExperienceChanges changes)
    {
        _changes = changes;
        for (int exchange = 0; exchange < _stores.Length; exchange++)
        {
            for (int table = 0; table < _stores[exchange].Tables.Count; table++)
            {
                _stores[exchange].Tables[table].Note(changes, exchange, table);
            }
        }
    }

    /// <summary>Does again what was noted of a memory that was as this one is. If this one is noted itself, so is some of that.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such notes, or of another memory.</exception>
    public void Apply(ReadOnlyMemory<byte> noted)
    {
        _found = null;
        ExperienceChanges.Read(noted, this);
    }

    /// <summary>Begins a horizon. Entries that are too old for the policy are given up for good.</summary>
    /// <param name="policyVersion">The policy that acts; never an older one than before.</param>
    /// <param name="factor">What Δ is multiplied by, &gt; 0 (<see cref="AdaptiveThreshold.Factor"/>).</param>
    public void Open(long policyVersion, double factor = 1)
    {
        _now++;
        _factor = factor;
        _found = null;
        if (policyVersion == _version)
        {
            _changes?.Opened();
        }
        else
        {
            _version = policyVersion;
            _changes?.PolicyChanged(policyVersion);
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
        _found = _stores[iteration].Find(Key(iteration, state), Delta(iteration), out Recollection found) ? found : null;
        return _found is not null;
    }

    /// <summary>What followed on the state that was recognised last; counts as a use of its entry.</summary>
    /// <param name="outcome">Receives the hidden states after exchange l, h of l + 1 … K, D values each.</param>
    /// <exception cref="InvalidOperationException">No state was recognised since the memory last changed.</exception>
    public void Take(Span<float> outcome)
    {
        Recollection found = _found ?? throw new InvalidOperationException("no state was recognised");
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
        _stores[iteration].Remember(new ExperienceCase(key, outcome, action, _version, _now), Delta(iteration));
    }

    /// <summary>All of it as bytes, for <see cref="Restore"/>.</summary>
    public byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Replaces everything by what a memory of the same options and shape saved.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of such a memory.</exception>
    public void Restore(ReadOnlySpan<byte> saved)
    {
        using BinaryReader reader = new(new MemoryStream(saved.ToArray()));
        try
        {
            Read(reader);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{saved.Length} bytes are no memory of this agent", e);
        }

        if (reader.BaseStream.Position != saved.Length)
        {
            throw new InvalidDataException($"a memory ends after {reader.BaseStream.Position} bytes, found {saved.Length}");
        }
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
        _now = reader.ReadInt64();
        _version = reader.ReadInt64();
        foreach (IRepresentatives store in _stores)
        {
            store.Read(reader);
        }
    }

    void IExperienceChanges.Opened() => _now++;

    void IExperienceChanges.PolicyChanged(long version) => (_now, _version) = (_now + 1, version);

    void IExperienceChanges.Added(int exchange, int table, int action, ReadOnlySpan<float> state, ReadOnlySpan<float> outcome) =>
        _stores[exchange].Tables[table].Add(new ExperienceCase(state, outcome, action, _version, _now));

    void IExperienceChanges.Removed(int exchange, int table, int row) => _stores[exchange].Tables[table].RemoveAt(row);

    void IExperienceChanges.Expired(int exchange, int table, long oldestVersion) => _stores[exchange].Tables[table].Expire(oldestVersion);

    void IExperienceChanges.Used(int exchange, int table, int row) => _stores[exchange].Tables[table].MarkUsed(row, _now);

    void IExperienceChanges.Arranged(int exchange, IReadOnlyList<(int Table, int Row)[]> sources) =>
        ExperienceTable.Arrange(_stores[exchange].Tables, sources);

    void IExperienceChanges.Reduced(int exchange) => _stores[exchange].NoteReduction();

    void IExperienceChanges.DeltaChanged(int exchange, double delta) => _stores[exchange].NoteDelta(delta);

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
