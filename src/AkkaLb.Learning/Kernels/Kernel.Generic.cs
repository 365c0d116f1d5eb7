using System.Runtime.CompilerServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>
/// The kernels, written once for any width. Elements that do not fill a vector go through the same operations one at a time,
/// which gives the same bits.
/// </summary>
/// <param name="narrower">Takes the matrix columns that do not fill a vector; null for scalars, where there are none.</param>
internal sealed unsafe class Kernel<V, S>(Kernel? narrower) : Kernel
    where V : struct
    where S : struct, ISimd<V>
{
    /// <summary>Rows of B per pass, so that a panel of B stays in the first-level cache while it is used for all of A.</summary>
    private const int DepthBlock = 256;

    public override void MatMul(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int m, int n, int k,
        GemmStart start, float* bias, GemmFinish finish, float* y, int ldy)
    {
        // Storing a partial sum and loading it again is exact, so blocking over k does not change the chain.
        while (k > DepthBlock + DepthBlock / 2)
        {
            Panels(a, aRow, aStep, b, ldb, c, ldc, m, n, DepthBlock, start, bias, GemmFinish.Linear, null, 0);
            start = GemmStart.Accumulate;
            a += (nint)DepthBlock * aStep;
            b += (nint)DepthBlock * ldb;
            k -= DepthBlock;
        }

        Panels(a, aRow, aStep, b, ldb, c, ldc, m, n, k, start, bias, finish, y, ldy);
    }

    private void Panels(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int m, int n, int k,
        GemmStart start, float* bias, GemmFinish finish, float* y, int ldy)
    {
        int w = S.Width, j = 0;
        while (n - j >= w)
        {
            // Four vectors a row need the 32 registers of the widest width.
            int vectors = w == 16 && n - j >= 4 * w ? 4 : n - j >= 2 * w ? 2 : 1;
            int tileRows = TileRows(vectors, m), columns = vectors * w;
            int done = m / tileRows * tileRows;
            Tiles(vectors, tileRows, a, aRow, aStep, b + j, ldb, c + j, ldc, done / tileRows, k, start, bias + j);
            if (done < m && m >= tileRows && start != GemmStart.Accumulate)
            {
                // Computing a few rows twice gives the same values and is faster than single rows.
                int half = vectors == 1 ? 8 : 4, rows = m - done <= half ? half : tileRows;
                nint i = m - rows;
                Tiles(vectors, rows, a + i * aRow, aRow, aStep, b + j, ldb, c + i * ldc + j, ldc, 1, k, start, bias + j);
                done = m;
            }

            for (nint i = done; i < m; i++)
            {
                Row(vectors, a + i * aRow, aStep, b + j, ldb, c + i * ldc + j, k, start, bias + j);
            }

            Finish(finish, c + j, ldc, y + j, ldy, m, columns);
            j += columns;
        }

        if (j < n && n >= w && start != GemmStart.Accumulate && finish == GemmFinish.Linear)
        {
            // As with rows: some columns a second time, with the same values, instead of one by one.
            Panels(a, aRow, aStep, b + n - w, ldb, c + n - w, ldc, m, w, k, start, bias + n - w, finish, y, ldy);
        }
        else if (j < n)
        {
            narrower!.MatMul(a, aRow, aStep, b + j, ldb, c + j, ldc, m, n - j, k, start, bias + j, finish, y + j, ldy);
        }
    }

    /// <summary>As many rows as there are registers for.</summary>
    private static int TileRows(int vectors, int m) => vectors switch
    {
        1 => S.Width == 16 && m >= 16 ? 16 : 8,
        2 => S.Width == 16 && m >= 8 ? 8 : 4,
        _ => 4,
    };

    private static void Tiles(
        int vectors, int tileRows, float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int tiles, int k,
        GemmStart start, float* bias)
    {
        if (vectors == 4)
        {
            GemmTiles<V, S>.Tiles4x4(a, aRow, aStep, b, ldb, c, ldc, tiles, k, start, bias);
        }
        else if (tileRows == 16)
        {
            GemmTiles<V, S>.Tiles16x1(a, aRow, aStep, b, ldb, c, ldc, tiles, k, start, bias);
        }
        else if (vectors == 1)
        {
            GemmTiles<V, S>.Tiles8x1(a, aRow, aStep, b, ldb, c, ldc, tiles, k, start, bias);
        }
        else if (tileRows == 8)
        {
            GemmTiles<V, S>.Tiles8x2(a, aRow, aStep, b, ldb, c, ldc, tiles, k, start, bias);
        }
        else
        {
            GemmTiles<V, S>.Tiles4x2(a, aRow, aStep, b, ldb, c, ldc, tiles, k, start, bias);
        }
    }

    private static void Row(int vectors, float* a, int aStep, float* b, int ldb, float* c, int k, GemmStart start, float* bias)
    {
        if (vectors == 4)
        {
            GemmTiles<V, S>.Tile1x4(a, aStep, b, ldb, c, k, start, bias);
            return;
        }

        for (int v = 0; v < vectors; v++)
        {
            int at = v * S.Width;
            GemmTiles<V, S>.Tile1x1(a, aStep, b + at, ldb, c + at, k, start, bias + at);
        }
    }

    private static void Finish(GemmFinish finish, float* c, int ldc, float* y, int ldy, int rows, int columns)
    {
        if (finish == GemmFinish.Linear)
        {
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            float* row = c + (nint)i * ldc;
            switch (finish)
            {
                case GemmFinish.Tanh:
                    Elementwise<V, S>.Tanh(row, row, 0, columns);
                    break;
                case GemmFinish.TanhGradient:
                    Elementwise<V, S>.TanhGradient(row, row, y + (nint)i * ldy, 0, columns);
                    break;
                case GemmFinish.Relu:
                    Elementwise<V, S>.Relu(row, 0, columns);
                    break;
                default:
                    Elementwise<V, S>.ReluGradient(row, y + (nint)i * ldy, 0, columns);
                    break;
            }
        }
    }

    public override void AddTanh(float* target, float* p, float* q, int count)
    {
        int done = Elementwise<V, S>.AddTanh(target, p, q, 0, count);
        Elementwise<float, SimdScalar>.AddTanh(target, p, q, done, count);
    }

    public override void Tanh(float* target, float* source, int count)
    {
        int done = Elementwise<V, S>.Tanh(target, source, 0, count);
        Elementwise<float, SimdScalar>.Tanh(target, source, done, count);
    }

    public override void Add(float* target, float* source, int count)
    {
        int done = Elementwise<V, S>.Add(target, source, 0, count);
        Elementwise<float, SimdScalar>.Add(target, source, done, count);
    }

    public override void TanhGradient(float* target, int ldt, float* d, int ldd, float* y, int ldy, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            int done = Elementwise<V, S>.TanhGradient(target, d, y, 0, columns);
            Elementwise<float, SimdScalar>.TanhGradient(target, d, y, done, columns);
            target += ldt;
            d += ldd;
            y += ldy;
        }
    }

    public override void GruForward(float* gates, float* recurrent, float* old, float* next, int rows, int width)
    {
        for (int i = 0; i < rows; i++)
        {
            int done = Elementwise<V, S>.GruForward(gates, recurrent, old, next, width, 0);
            Elementwise<float, SimdScalar>.GruForward(gates, recurrent, old, next, width, done);
            gates += 3 * width;
            recurrent += 3 * width;
            old += width;
            next += width;
        }
    }

    public override void GruGradient(float* d, float* gates, float* recurrent, float* old, int rows, int width)
    {
        for (int i = 0; i < rows; i++)
        {
            int done = Elementwise<V, S>.GruGradient(d, gates, recurrent, old, width, 0);
            Elementwise<float, SimdScalar>.GruGradient(d, gates, recurrent, old, width, done);
            d += width;
            gates += 3 * width;
            recurrent += 3 * width;
            old += width;
        }
    }

    public override void Approach(float* target, float* source, float share, int count)
    {
        int done = Elementwise<V, S>.Approach(target, source, share, 0, count);
        Elementwise<float, SimdScalar>.Approach(target, source, share, done, count);
    }

    public override double SumSquares(float* a, int count) => Reductions<V, S>.SumSquares(a, count);

    public override void AddColumnSums(float* sums, float* a, int lda, int rows, int columns)
    {
        int done = Reductions<V, S>.AddColumnSums(sums, a, lda, rows, 0, columns);
        Reductions<float, SimdScalar>.AddColumnSums(sums, a, lda, rows, done, columns);
    }

    public override void MaxMin(
        float* messages, int senders, int rows, int width, float* max, float* min, int ld, float* argMax, float* argMin)
    {
        int done = Reductions<V, S>.MaxMin(messages, senders, rows, width, max, min, ld, argMax, argMin, 0);
        Reductions<float, SimdScalar>.MaxMin(messages, senders, rows, width, max, min, ld, argMax, argMin, done);
    }

    public override void MaxMinGradient(
        float* target, float* messages, int senders, int rows, int width, float* dMax, float* dMin, int ld, float* argMax, float* argMin)
    {
        int done = Reductions<V, S>.MaxMinGradient(target, messages, senders, rows, width, dMax, dMin, ld, argMax, argMin, 0);
        Reductions<float, SimdScalar>.MaxMinGradient(target, messages, senders, rows, width, dMax, dMin, ld, argMax, argMin, done);
    }

    public override void Pool(float* h, int ldh, int agents, int rows, int width, float* target)
    {
        int done = Reductions<V, S>.Pool(h, ldh, agents, rows, width, target, 0);
        Reductions<float, SimdScalar>.Pool(h, ldh, agents, rows, width, target, done);
    }

    public override void PoolGradient(
        float* target, int ldt, float* dPool, float* pooled, float* h, int ldh, int agents, int rows, int width)
    {
        int done = Reductions<V, S>.PoolGradient(target, ldt, dPool, pooled, h, ldh, agents, rows, width, 0);
        Reductions<float, SimdScalar>.PoolGradient(target, ldt, dPool, pooled, h, ldh, agents, rows, width, done);
    }

    public override double AddAndSumSquares(float* target, float* source, int count)
    {
        Add(target, source, count);
        return Reductions<V, S>.SumSquares(target, count);
    }

    public override void Adam(float* parameters, float* mean, float* square, float* gradient, int count, in AdamStep step)
    {
        int done = Elementwise<V, S>.Adam(parameters, mean, square, gradient, 0, count, step);
        Elementwise<float, SimdScalar>.Adam(parameters, mean, square, gradient, done, count, step);
    }

    public override int Nearest(float* blocks, int rows, int dimensions, float* query, bool absolute, float limit, out float distance) =>
        absolute
        ? RowBlocks<V, S>.Nearest<AbsoluteDifference<V, S>>(blocks, rows, dimensions, query, limit, out distance)
        : RowBlocks<V, S>.Nearest<SquaredDifference<V, S>>(blocks, rows, dimensions, query, limit, out distance);

    public override void Distances(float* blocks, int rows, int dimensions, float* query, bool absolute, float* target)
    {
        if (absolute)
        {
            RowBlocks<V, S>.Distances<AbsoluteDifference<V, S>>(blocks, rows, dimensions, query, target);
        }
        else
        {
            RowBlocks<V, S>.Distances<SquaredDifference<V, S>>(blocks, rows, dimensions, query, target);
        }
    }
}
