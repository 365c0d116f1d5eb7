using System.Runtime.InteropServices;
using System.Text;

namespace AkkaLb.Learning.Memory;

/// <summary>What happened in a memory, in its order; see <see cref="ExperienceChanges.Read"/>.</summary>
internal interface IExperienceChanges
{
    /// <summary>A horizon was opened.</summary>
    void Opened();

    /// <summary>A horizon was opened with another policy.</summary>
    void PolicyChanged(long version);

    void Added(int exchange, int table, int action, ReadOnlySpan<float> state, ReadOnlySpan<float> outcome);

    /// <summary>The last row took the place of another one.</summary>
    void Removed(int exchange, int table, int row);

    /// <summary>What an older policy led to was removed, the last rows first.</summary>
    void Expired(int exchange, int table, long oldestVersion);

    /// <summary>An entry gave an answer.</summary>
    void Used(int exchange, int table, int row);

    /// <summary>The rows of all tables of a store come from other rows of them.</summary>
    /// <param name="sources">For each table, for each of its rows from the first on: the table and the row that it was.</param>
    void Arranged(int exchange, IReadOnlyList<(int Table, int Row)[]> sources);

    /// <summary>A store has clustered its cases once more.</summary>
    void Reduced(int exchange);

    /// <summary>A store has placed a case with another Δ.</summary>
    void DeltaChanged(int exchange, double delta);
}

/// <summary>
/// Notes what changes in a memory, entry by entry, as few bytes: enough to do the same to a memory that is as this one was. Little-endian;
/// numbers are 7-bit encoded. The states that an agent goes through in one horizon are cases of several exchanges, but noted once.
/// </summary>
public sealed class ExperienceChanges
{
    private const int Tables = 2;

    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    // The outcome that was written last: where, how long, of which exchange.
    private int _outcomeAt = -1, _outcomeLength, _outcomeOf;
    private bool _isPaused;

    public ExperienceChanges() => _writer = new BinaryWriter(_bytes, Encoding.UTF8);

    private enum Change
    {
        Opened,
        PolicyChanged,
        Added,
        AddedAfter,
        Removed,
        Expired,
        Used,
        Arranged,
        Reduced,
        DeltaChanged,
    }

    /// <summary>What was noted since the last call.</summary>
    public byte[] Take()
    {
        byte[] taken = _bytes.ToArray();
        _bytes.SetLength(0);
        _outcomeAt = -1;
        return taken;
    }

    /// <summary>Tells again what was noted.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Take"/> gave.</exception>
    internal static void Read(ReadOnlyMemory<byte> noted, IExperienceChanges changes)
    {
        if (!MemoryMarshal.TryGetArray(noted, out ArraySegment<byte> bytes))
        {
            bytes = noted.ToArray();
        }

        using BinaryReader reader = new(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count), Encoding.UTF8);
        float[] states = [];
        int lastExchange = 0;
        try
        {
            while (reader.BaseStream.Position < bytes.Count)
            {
                Read(reader, changes, ref states, ref lastExchange);
            }
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{bytes.Count} bytes are no changes of a memory: {e.Message}", e);
        }
    }

    internal void Opened() => Begin(Change.Opened);

    internal void PolicyChanged(long version)
    {
        Begin(Change.PolicyChanged);
        _writer.Write7BitEncodedInt64(version);
    }

    internal void Added(int exchange, int table, in ExperienceCase added)
    {
        if (_isPaused)
        {
            return;
        }

        bool isAfter = FollowsOnLast(exchange, added);
        Begin(isAfter ? Change.AddedAfter : Change.Added, exchange, table);
        _writer.Write7BitEncodedInt(added.Action + 1);
        if (isAfter)
        {
            _writer.Write7BitEncodedInt(added.State.Length);
            return;
        }

        Write(added.State);
        Write(added.Outcome);
        (_outcomeOf, _outcomeLength) = (exchange, added.Outcome.Length);
        _outcomeAt = (int)_bytes.Position - added.Outcome.Length * sizeof(float);
    }

    internal void Removed(int exchange, int table, int row) => Row(Change.Removed, exchange, table, row);

    internal void Expired(int exchange, int table, long oldestVersion)
    {
        Begin(Change.Expired, exchange, table);
        _writer.Write7BitEncodedInt64(oldestVersion);
    }

    internal void Used(int exchange, int table, int row) => Row(Change.Used, exchange, table, row);

    internal void Reduced(int exchange) => Begin(Change.Reduced, exchange, 0);

    internal void DeltaChanged(int exchange, double delta)
    {
        Begin(Change.DeltaChanged, exchange, 0);
        _writer.Write(delta);
    }

    /// <summary>
    /// Notes what became of the rows of a store while it was arranged anew, instead of how. Its entries are told apart by their birth.
    /// </summary>
    internal static void Rearrange(IReadOnlyList<ExperienceTable> tables, Action arrange)
    {
        if (tables[0].Changes is not { } changes)
        {
            arrange();
            return;
        }

        Dictionary<long, (int Table, int Row)> before = [];
        for (int t = 0; t < tables.Count; t++)
        {
            for (int row = 0; row < tables[t].Count; row++)
            {
                before.Add(tables[t][row].Born, (t, row));
            }
        }

        changes._isPaused = true;
        arrange();
        changes._isPaused = false;
        changes.Begin(Change.Arranged, tables[0].Exchange, 0);
        changes._writer.Write7BitEncodedInt(tables.Count);
        foreach (ExperienceTable table in tables)
        {
            changes._writer.Write7BitEncodedInt(table.Count);
            for (int row = 0; row < table.Count; row++)
            {
                (int fromTable, int fromRow) = before[table[row].Born];
                changes._writer.Write7BitEncodedInt(fromRow * Tables + fromTable);
            }
        }
    }

    private static void Read(BinaryReader reader, IExperienceChanges changes, ref float[] states, ref int lastExchange)
    {
        int head = reader.ReadByte(), table = head % Tables;
        Change change = (Change)(head / Tables);
        if (change == Change.Opened)
        {
            changes.Opened();
            return;
        }

        if (change == Change.PolicyChanged)
        {
            changes.PolicyChanged(reader.Read7BitEncodedInt64());
            return;
        }

        int exchange = reader.Read7BitEncodedInt();
        switch (change)
        {
            case Change.Added:
                int action = reader.Read7BitEncodedInt() - 1;
                float[] state = Floats(reader);
                (states, lastExchange) = (Floats(reader), exchange);
                changes.Added(exchange, table, action, state, states);
                break;
            case Change.AddedAfter:
                int after = reader.Read7BitEncodedInt() - 1, width = reader.Read7BitEncodedInt();
                int at = (exchange - lastExchange) * width;
                changes.Added(exchange, table, after, states.AsSpan(at - width, width), states.AsSpan(at));
                break;
            case Change.Removed:
                changes.Removed(exchange, table, reader.Read7BitEncodedInt());
                break;
            case Change.Expired:
                changes.Expired(exchange, table, reader.Read7BitEncodedInt64());
                break;
            case Change.Used:
                changes.Used(exchange, table, reader.Read7BitEncodedInt());
                break;
            case Change.Arranged:
                List<(int, int)[]> sources = [];
                for (int tables = reader.Read7BitEncodedInt(); tables > 0; tables--)
                {
                    sources.Add(new (int, int)[Count(reader, 1)]);
                    for (int row = 0; row < sources[^1].Length; row++)
                    {
                        int source = reader.Read7BitEncodedInt();
                        sources[^1][row] = (source % Tables, source / Tables);
                    }
                }

                changes.Arranged(exchange, sources);
                break;
            case Change.Reduced:
                changes.Reduced(exchange);
                break;
            case Change.DeltaChanged:
                changes.DeltaChanged(exchange, reader.ReadDouble());
                break;
            default:
                throw new FormatException($"there is no change {(int)change}");
        }
    }

    private static float[] Floats(BinaryReader reader)
    {
        float[] values = new float[Count(reader, sizeof(float))];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>How many elements follow, each of at least so many bytes: no more than there are bytes left.</summary>
    private static int Count(BinaryReader reader, int bytes)
    {
        int count = reader.Read7BitEncodedInt();
        return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / bytes ? count
            : throw new EndOfStreamException();
    }

    /// <summary>Whether a case is of the states that were written last, only from a later exchange on.</summary>
    private bool FollowsOnLast(int exchange, in ExperienceCase added)
    {
        int width = added.State.Length, skipped = (exchange - _outcomeOf) * width;
        if (_outcomeAt < 0 || exchange <= _outcomeOf || added.Outcome.Length != _outcomeLength - skipped)
        {
            return false;
        }

        ReadOnlySpan<byte> last = _bytes.GetBuffer().AsSpan(_outcomeAt, _outcomeLength * sizeof(float));
        return last.Slice((skipped - width) * sizeof(float), width * sizeof(float)).SequenceEqual(MemoryMarshal.AsBytes(added.State))
            && last[(skipped * sizeof(float))..].SequenceEqual(MemoryMarshal.AsBytes(added.Outcome));
    }

    private void Row(Change change, int exchange, int table, int row)
    {
        if (!_isPaused)
        {
            Begin(change, exchange, table);
            _writer.Write7BitEncodedInt(row);
        }
    }

    private void Begin(Change change) => _writer.Write((byte)((int)change * Tables));

    private void Begin(Change change, int exchange, int table)
    {
        _writer.Write((byte)((int)change * Tables + table));
        _writer.Write7BitEncodedInt(exchange);
    }

    private void Write(ReadOnlySpan<float> values)
    {
        _writer.Write7BitEncodedInt(values.Length);
        _writer.Write(MemoryMarshal.AsBytes(values));
    }
}
