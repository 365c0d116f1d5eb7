using System.Runtime.CompilerServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>
/// The layout of rows that are searched: blocks of 16 rows, [dimensions][16] each, so that a vector holds one dimension of consecutive rows
/// and no sum goes across a vector. Unused rows of the last block are +∞ and lose every comparison.
/// </summary>
internal static class RowBlocks
{
    public const int Rows = 16;

    /// <summary>Floats that a number of rows takes.</summary>
    public static int Length(int rows, int dimensions) => (rows + Rows - 1) / Rows * Rows * dimensions;

    /// <summary>Where a row's value of a dimension lies.</summary>
    public static int Position(int row, int dimension, int dimensions) => (row / Rows * dimensions + dimension) * Rows + row % Rows;
}

/// <summary>One dimension's share of a distance.</summary>
internal interface IDifference<V>
    where V : struct
{
    static abstract V Add(V sum, V a, V b);
}

internal readonly struct SquaredDifference<V, S> : IDifference<V>
    where V : struct
    where S : struct, ISimd<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V sum, V a, V b)
    {
        V d = S.Subtract(a, b);
        return S.MultiplyAdd(d, d, sum);
    }
}

internal readonly struct AbsoluteDifference<V, S> : IDifference<V>
    where V : struct
    where S : struct, ISimd<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V sum, V a, V b) => S.Add(sum, S.SelectGreater(a, b, S.Subtract(a, b), S.Subtract(b, a)));
}

/// <summary>
/// Search kernels. A row's distance is one chain of operations over the dimensions, so every width finds the same row and bits.
/// </summary>
internal static unsafe class RowBlocks<V, S>
    where V : struct
    where S : struct, ISimd<V>
{
    /// <summary>Dimensions after which a vector of rows is given up when all are too far already.</summary>
    private const int Probe = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Nearest<D>(float* blocks, int rows, int dimensions, float* query, float limit, out float distance)
        where D : struct, IDifference<V>
    {
        float* least = stackalloc float[RowBlocks.Rows], block = stackalloc float[RowBlocks.Rows];
        int blockCount = (rows + RowBlocks.Rows - 1) / RowBlocks.Rows, probe = Math.Min(Probe, dimensions);
        nint blockLength = (nint)dimensions * RowBlocks.Rows;
        for (int lane = 0; lane < RowBlocks.Rows; lane += S.Width)
        {
            V best = S.Broadcast(limit), bestBlock = S.Broadcast(-1f);
            float* at = blocks + lane;
            for (int b = 0; b < blockCount; b++, at += blockLength)
            {
                V sum = default;
                int d = 0;
                for (; d < probe; d++)
                {
                    sum = D.Add(sum, S.Broadcast(query[d]), S.Load(at + d * RowBlocks.Rows));
                }

                if (!S.AnyLess(sum, best))
                {
                    continue;
                }

                for (; d < dimensions; d++)
                {
                    sum = D.Add(sum, S.Broadcast(query[d]), S.Load(at + d * RowBlocks.Rows));
                }

                bestBlock = S.SelectGreater(best, sum, S.Broadcast(b), bestBlock);
                best = S.SelectGreater(best, sum, sum, best);
            }

            S.Store(least + lane, best);
            S.Store(block + lane, bestBlock);
        }

        int row = -1;
        distance = limit;
        for (int lane = 0; lane < RowBlocks.Rows; lane++)
        {
            if (block[lane] < 0)
            {
                continue;
            }

            int candidate = (int)block[lane] * RowBlocks.Rows + lane;
            if (least[lane] < distance || (least[lane] == distance && candidate < row))
            {
                (distance, row) = (least[lane], candidate);
            }
        }

        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Distances<D>(float* blocks, int rows, int dimensions, float* query, float* target)
        where D : struct, IDifference<V>
    {
        int blockCount = (rows + RowBlocks.Rows - 1) / RowBlocks.Rows;
        for (int b = 0; b < blockCount; b++)
        {
            for (int lane = 0; lane < RowBlocks.Rows; lane += S.Width)
            {
                float* at = blocks + (nint)b * dimensions * RowBlocks.Rows + lane;
                V sum = default;
                for (int d = 0; d < dimensions; d++)
                {
                    sum = D.Add(sum, S.Broadcast(query[d]), S.Load(at + d * RowBlocks.Rows));
                }

                S.Store(target + b * RowBlocks.Rows + lane, sum);
            }
        }
    }
}
