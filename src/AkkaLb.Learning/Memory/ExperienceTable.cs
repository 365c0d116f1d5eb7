namespace AkkaLb.Learning.Memory;

/// <summary>A state before an exchange and what came of it, to be remembered.</summary>
/// <param name="state">The hidden state before exchange l; l = 0: the 2 values of the observation.</param>
/// <param name="outcome">The hidden states after it, h of l + 1 … K, one after the other.</param>
/// <param name="action">The action taken in the end; −1 when the agent took none.</param>
/// <param name="version">The policy that led there.</param>
/// <param name="now">The agent's horizon, counted over its life.</param>
internal readonly ref struct ExperienceCase(ReadOnlySpan<float> state, ReadOnlySpan<float> outcome, int action, long version, long now)
{
    public ReadOnlySpan<float> State { get; } = state;

    public ReadOnlySpan<float> Outcome { get; } = outcome;

    public int Action { get; } = action;

    public long Version { get; } = version;

    public long Now { get; } = now;
}

/// <summary>What is known of an entry beside its state and outcome.</summary>
/// <param name="Action">The action taken in the end, or −1.</param>
/// <param name="Version">The policy that led to the outcome.</param>
/// <param name="Born">The horizon in which it was remembered.</param>
/// <param name="LastUse">The last horizon in which it gave an answer; at first when it was born.</param>
/// <param name="Uses">Answers given.</param>
internal record struct ExperienceFacts(int Action, long Version, long Born, long LastUse, int Uses)
{
    /// <summary>Answers per horizon of its life, its own making counted as one: the entry with the least is given up first.</summary>
    public readonly double UseRate(long now) => (Uses + 1.0) / (now - Born + 1.0);
}

/// <summary>Entries of one store: keys to search, outcomes, facts. A removed entry's row is taken by the last one.</summary>
internal sealed class ExperienceTable(int dimensions, int outcomeWidth, DistanceMetric metric)
{
    private KeyTable _keys = new(dimensions, metric);
    private float[] _outcomes = [];
    private ExperienceFacts[] _facts = [];

    public int Count => _keys.Count;

    /// <summary>Where to note what changes here; null: nowhere.</summary>
    public ExperienceChanges? Changes { get; private set; }

    /// <summary>The exchange of its store, and its number there.</summary>
    public int Exchange { get; private set; }

    public int Number { get; private set; }

    public KeyTable Keys => _keys;

    public ref ExperienceFacts this[int row] => ref _facts[row];

    public ReadOnlySpan<float> Outcome(int row) => _outcomes.AsSpan(row * outcomeWidth, outcomeWidth);

    /// <summary>Notes from now on what changes.</summary>
    /// <param name="number">Of the table in its store.</param>
    public void Note(ExperienceChanges changes, int exchange, int number) => (Changes, Exchange, Number) = (changes, exchange, number);

    public void Add(in ExperienceCase experience)
    {
        Changes?.Added(Exchange, Number, experience);
        _keys.Add(experience.State);
        Append(experience.Outcome, new ExperienceFacts(experience.Action, experience.Version, experience.Now, experience.Now, 0));
    }

    /// <summary>Appends an entry with a key as <see cref="KeyTable.Read"/> gave it.</summary>
    public void AddStored(ReadOnlySpan<float> key, ReadOnlySpan<float> outcome, ExperienceFacts facts)
    {
        _keys.AddStored(key);
        Append(outcome, facts);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void MarkUsed(int row, long now)
    {
        ThrowUnlessRow(row);
        Changes?.Used(Exchange, Number, row);
        ref ExperienceFacts facts = ref _facts[row];
        facts.Uses++;
        facts.LastUse = now;
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void RemoveAt(int row)
    {
        ThrowUnlessRow(row);
        Changes?.Removed(Exchange, Number, row);
        Drop(row);
    }

    /// <summary>Keys lie in memory that nobody guards.</summary>
    private void ThrowUnlessRow(int row) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));

    private void Drop(int row)
    {
        int last = Count - 1;
        _keys.RemoveAt(row);
        _facts[row] = _facts[last];
        _outcomes.AsSpan(last * outcomeWidth, outcomeWidth).CopyTo(_outcomes.AsSpan(row * outcomeWidth));
    }

    /// <summary>Removes what an older policy than this led to.</summary>
    public void Expire(long oldestVersion)
    {
        if (Changes is not null && Count > 0)
        {
            Changes.Expired(Exchange, Number, oldestVersion);
        }

        for (int row = Count - 1; row >= 0; row--)
        {
            if (_facts[row].Version < oldestVersion)
            {
                Drop(row);
            }
        }
    }

    /// <summary>Takes all rows from rows of tables as they are now, of which this may be one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public static void Arrange(IReadOnlyList<ExperienceTable> tables, IReadOnlyList<(int Table, int Row)[]> sources)
    {
        ExperienceTable[] arranged =
        [
            .. tables.Select(table => new ExperienceTable(table._keys.Dimensions, table.OutcomeWidth, table._keys.Metric)),
        ];
        float[] key = new float[tables[0]._keys.Dimensions];
        for (int t = 0; t < tables.Count; t++)
        {
            foreach ((int from, int row) in sources[t])
            {
                tables[from].ThrowUnlessRow(row);
                tables[from]._keys.Read(row, key);
                arranged[t].AddStored(key, tables[from].Outcome(row), tables[from][row]);
            }
        }

        for (int t = 0; t < tables.Count; t++)
        {
            tables[t].TakeOver(arranged[t]);
        }
    }

    public void Clear() => _keys.Clear();

    /// <summary>The entry with the lowest <see cref="ExperienceFacts.UseRate"/>, the older one on a tie; −1 when there is none.</summary>
    public int LeastUseful(long now)
    {
        int least = -1;
        for (int row = 0; row < Count; row++)
        {
            if (least < 0 || Compare(_facts[row], _facts[least]) < 0)
            {
                least = row;
            }
        }

        return least;

        int Compare(in ExperienceFacts a, in ExperienceFacts b)
        {
            int order = a.UseRate(now).CompareTo(b.UseRate(now));
            return order != 0 ? order : a.Born.CompareTo(b.Born);
        }
    }

    /// <summary>All entries, row by row.</summary>
    public void Write(BinaryWriter writer)
    {
        Span<float> state = stackalloc float[_keys.Dimensions];
        writer.Write(Count);
        for (int row = 0; row < Count; row++)
        {
            _keys.Read(row, state);
            WriteAll(state);
            WriteAll(Outcome(row));
            ref ExperienceFacts facts = ref _facts[row];
            writer.Write(facts.Action);
            writer.Write(facts.Version);
            writer.Write(facts.Born);
            writer.Write(facts.LastUse);
            writer.Write(facts.Uses);
        }

        void WriteAll(ReadOnlySpan<float> values)
        {
            foreach (float value in values)
            {
                writer.Write(value);
            }
        }
    }

    /// <summary>Replaces the entries by those written; the same rows in the same order.</summary>
    public void Read(BinaryReader reader)
    {
        float[] state = new float[_keys.Dimensions], outcome = new float[outcomeWidth];
        Clear();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            ReadAll(state);
            ReadAll(outcome);
            AddStored(state, outcome, new ExperienceFacts(
                reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32()));
        }

        void ReadAll(float[] values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = reader.ReadSingle();
            }
        }
    }

    private int OutcomeWidth => outcomeWidth;

    private void TakeOver(ExperienceTable other) => (_keys, _outcomes, _facts) = (other._keys, other._outcomes, other._facts);

    private void Append(ReadOnlySpan<float> outcome, ExperienceFacts facts)
    {
        int row = Count - 1;
        if (row == _facts.Length)
        {
            int capacity = Math.Max(16, 2 * row);
            Array.Resize(ref _facts, capacity);
            Array.Resize(ref _outcomes, capacity * outcomeWidth);
        }

        outcome[..outcomeWidth].CopyTo(_outcomes.AsSpan(row * outcomeWidth));
        _facts[row] = facts;
    }
}
