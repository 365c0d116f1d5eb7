using System.Runtime.CompilerServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>
/// Kernels that combine rows, column by column, over columns [from, width) in whole vectors; each returns how far it came.
/// </summary>
internal static unsafe class Reductions<V, S>
    where V : struct
    where S : struct, ISimd<V>
{
    /// <summary>Lanes of the sum of squares at every width, so that its order of additions does not depend on the width.</summary>
    private const int Lanes = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddColumnSums(float* sums, float* a, int lda, int rows, int from, int columns)
    {
        int j = from;
        for (; j <= columns - S.Width; j += S.Width)
        {
            V sum = S.Load(sums + j);
            float* at = a + j;
            for (int i = 0; i < rows; i++)
            {
                sum = S.Add(sum, S.Load(at));
                at += lda;
            }

            S.Store(sums + j, sum);
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MaxMin(
        float* messages, int senders, int rows, int width, float* max, float* min, int ld, float* argMax, float* argMin, int from)
    {
        int j = from;
        nint sender = (nint)rows * width;
        for (; j <= width - S.Width; j += S.Width)
        {
            for (int i = 0; i < rows; i++)
            {
                float* at = messages + (nint)i * width + j;
                V high = default, low = default, highAt = default, lowAt = default;
                if (senders > 0)
                {
                    high = low = S.Load(at);
                }

                for (int s = 1; s < senders; s++)
                {
                    V value = S.Load(at + s * sender), index = S.Broadcast(s);
                    highAt = S.SelectGreater(value, high, index, highAt);
                    high = S.SelectGreater(value, high, value, high);
                    lowAt = S.SelectGreater(low, value, index, lowAt);
                    low = S.SelectGreater(low, value, value, low);
                }

                S.Store(max + (nint)i * ld + j, high);
                S.Store(min + (nint)i * ld + j, low);
                if (argMax != null)
                {
                    S.Store(argMax + (nint)i * width + j, highAt);
                    S.Store(argMin + (nint)i * width + j, lowAt);
                }
            }
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MaxMinGradient(
        float* target, float* messages, int senders, int rows, int width,
        float* dMax, float* dMin, int ld, float* argMax, float* argMin, int from)
    {
        int j = from;
        nint sender = (nint)rows * width;
        for (; j <= width - S.Width; j += S.Width)
        {
            for (int i = 0; i < rows; i++)
            {
                nint at = (nint)i * width + j;
                V high = S.Load(dMax + (nint)i * ld + j), low = S.Load(dMin + (nint)i * ld + j);
                V highAt = S.Load(argMax + at), lowAt = S.Load(argMin + at);
                for (int s = 0; s < senders; s++)
                {
                    V index = S.Broadcast(s);
                    V d = S.Add(S.SelectEqual(highAt, index, high, default), S.SelectEqual(lowAt, index, low, default));
                    S.Store(target + s * sender + at, Elementwise<V, S>.TanhGradientOf(d, S.Load(messages + s * sender + at)));
                }
            }
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Pool(float* h, int ldh, int agents, int rows, int width, float* target, int from)
    {
        int j = from;
        nint agent = (nint)rows * ldh;
        V inverse = S.Broadcast(1f / agents);
        for (; j <= width - S.Width; j += S.Width)
        {
            for (int i = 0; i < rows; i++)
            {
                float* at = h + (nint)i * ldh + j;
                V sum = default, high = S.Load(at), low = high;
                for (int e = 0; e < agents; e++)
                {
                    V value = S.Load(at + e * agent);
                    sum = S.Add(sum, value);
                    high = S.SelectGreater(value, high, value, high);
                    low = S.SelectGreater(low, value, value, low);
                }

                V mean = S.Multiply(sum, inverse), squares = default;
                for (int e = 0; e < agents; e++)
                {
                    V d = S.Subtract(S.Load(at + e * agent), mean);
                    squares = S.MultiplyAdd(d, d, squares);
                }

                float* row = target + (nint)i * 4 * width + j;
                S.Store(row, mean);
                S.Store(row + width, high);
                S.Store(row + 2 * width, low);
                S.Store(row + 3 * width, S.SquareRoot(S.Multiply(squares, inverse)));
            }
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PoolGradient(
        float* target, int ldt, float* dPool, float* pooled, float* h, int ldh, int agents, int rows, int width, int from)
    {
        int j = from;
        nint agent = (nint)rows * ldh, agentTarget = (nint)rows * ldt;
        V inverse = S.Broadcast(1f / agents), one = S.Broadcast(1f);
        for (; j <= width - S.Width; j += S.Width)
        {
            for (int i = 0; i < rows; i++)
            {
                nint row = (nint)i * 4 * width + j;
                V mean = S.Load(pooled + row), high = S.Load(pooled + row + width), low = S.Load(pooled + row + 2 * width);
                V deviation = S.Load(pooled + row + 3 * width);
                V dMean = S.Multiply(S.Load(dPool + row), inverse);
                V dHigh = S.Load(dPool + row + width), dLow = S.Load(dPool + row + 2 * width);
                V dSpread = S.Multiply(S.Load(dPool + row + 3 * width), inverse);
                dSpread = S.SelectGreater(
                    deviation, default, S.Divide(dSpread, S.SelectGreater(deviation, default, deviation, one)), default);
                float* from0 = h + (nint)i * ldh + j, to = target + (nint)i * ldt + j;
                for (int e = 0; e < agents; e++)
                {
                    V value = S.Load(from0 + e * agent);
                    V d = S.MultiplyAdd(dSpread, S.Subtract(value, mean), dMean);
                    d = S.Add(d, S.Add(S.SelectEqual(value, high, dHigh, default), S.SelectEqual(value, low, dLow, default)));
                    dHigh = S.SelectEqual(value, high, default, dHigh);
                    dLow = S.SelectEqual(value, low, default, dLow);
                    S.Store(to + e * agentTarget, d);
                }
            }
        }

        return j;
    }

    /// <summary>Squares are added in float along 16 lanes within blocks, and in double between blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumSquares(float* a, int count)
    {
        const int Block = 1024;
        float* lanes = stackalloc float[Lanes];
        double total = 0;
        int i = 0;
        while (count - i >= Lanes)
        {
            int end = Math.Min(i + Block, i + (count - i) / Lanes * Lanes);
            for (int lane = 0; lane < Lanes; lane += S.Width)
            {
                V sum = default;
                for (int p = i + lane; p < end; p += Lanes)
                {
                    V value = S.Load(a + p);
                    sum = S.MultiplyAdd(value, value, sum);
                }

                S.Store(lanes + lane, sum);
            }

            for (int lane = 0; lane < Lanes; lane++)
            {
                total += lanes[lane];
            }

            i = end;
        }

        for (; i < count; i++)
        {
            total += (double)a[i] * a[i];
        }

        return total;
    }
}
