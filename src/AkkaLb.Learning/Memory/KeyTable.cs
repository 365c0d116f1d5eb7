using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// Rows of states that can be searched for the nearest one. Grows as needed; a removed row's place is taken by the last one. Distances are
/// in <see cref="MetricForm"/>. One thread at a time.
/// </summary>
internal sealed unsafe class KeyTable
{
    private readonly AlignedBuffer _query;
    private AlignedBuffer _blocks = new(0);

    public KeyTable(int dimensions, DistanceMetric metric)
    {
        Dimensions = dimensions;
        Metric = metric;
        _query = new AlignedBuffer(dimensions);
    }

    public int Dimensions { get; }

    public DistanceMetric Metric { get; }

    public int Count { get; private set; }

    /// <summary>Appends a state of <see cref="Dimensions"/> finite values.</summary>
    public void Add(ReadOnlySpan<float> state)
    {
        Extend();
        Set(Count - 1, state);
    }

    /// <summary>Appends a row as <see cref="Read"/> gave it, bit by bit.</summary>
    public void AddStored(ReadOnlySpan<float> row)
    {
        Extend();
        for (int d = 0; d < Dimensions; d++)
        {
            this[Count - 1, d] = row[d];
        }
    }

    /// <summary>Replaces a row.</summary>
    public void Set(int row, ReadOnlySpan<float> state)
    {
        float factor = Factor(state);
        for (int d = 0; d < Dimensions; d++)
        {
            this[row, d] = state[d] * factor;
        }
    }

    /// <summary>Copies a row as it is stored: of length 1 with the cosine metric.</summary>
    public void Read(int row, Span<float> state)
    {
        for (int d = 0; d < Dimensions; d++)
        {
            state[d] = this[row, d];
        }
    }

    /// <summary>Removes a row; the last one takes its place.</summary>
    public void RemoveAt(int row)
    {
        Count--;
        for (int d = 0; d < Dimensions; d++)
        {
            this[row, d] = this[Count, d];
            this[Count, d] = float.PositiveInfinity;
        }
    }

    public void Clear()
    {
        Count = 0;
        _blocks.Span.Fill(float.PositiveInfinity);
    }

    /// <summary>The nearest row below the limit, the lowest on a tie, or −1.</summary>
    public int Nearest(ReadOnlySpan<float> state, float limit, out float distance)
    {
        float factor = Factor(state);
        for (int d = 0; d < Dimensions; d++)
        {
            _query.Pointer[d] = state[d] * factor;
        }

        return Kernel.Best.Nearest(
            _blocks.Pointer, Count, Dimensions, _query.Pointer, Metric == DistanceMetric.Manhattan, limit, out distance);
    }

    /// <summary>Distances from a row to all rows.</summary>
    /// <param name="target">Receives <see cref="Count"/> values; holds them rounded up to <see cref="RowBlocks.Rows"/>.</param>
    public void Distances(int row, float* target)
    {
        Read(row, _query.Span);
        Kernel.Best.Distances(_blocks.Pointer, Count, Dimensions, _query.Pointer, Metric == DistanceMetric.Manhattan, target);
    }

    private void Extend()
    {
        int length = RowBlocks.Length(Count + 1, Dimensions);
        if (length > _blocks.Length)
        {
            var larger = new AlignedBuffer(Math.Max(2 * _blocks.Length, length));
            larger.Span.Fill(float.PositiveInfinity);
            _blocks.Span.CopyTo(larger.Span);
            _blocks = larger;
        }

        Count++;
    }

    private ref float this[int row, int dimension] => ref _blocks.Pointer[RowBlocks.Position(row, dimension, Dimensions)];

    /// <summary>What a state is multiplied by before it is compared: 1 / length with the cosine metric.</summary>
    private float Factor(ReadOnlySpan<float> state)
    {
        if (Metric != DistanceMetric.Cosine)
        {
            return 1;
        }

        double squares = 0;
        for (int d = 0; d < Dimensions; d++)
        {
            squares += (double)state[d] * state[d];
        }

        return squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
    }
}
