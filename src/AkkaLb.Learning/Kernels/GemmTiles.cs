using System.Runtime.CompilerServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>
/// Register-blocked inner tiles of C = init + A·B. Every element of C is one chain of fused multiply-adds over k = 0, 1, 2, …
/// that starts from its initial value, whatever the tile; hence results depend neither on the tile shape nor on the vector width.
/// A is addressed by a row stride and a k stride (in floats), so the same tiles serve X·W, dY·Wᵀ and Xᵀ·dY.
/// </summary>
internal static unsafe class GemmTiles<V, S>
    where V : struct
    where S : struct, ISimd<V>
{
    /// <summary>4 rows by 4 vectors: 16 accumulators, which needs 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles4x4(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int tiles, int k, GemmStart start, float* bias)
    {
        int w = S.Width;
        for (; tiles > 0; tiles--)
        {
            float* c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
            V s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33;
            if (start == GemmStart.Accumulate)
            {
                s00 = S.Load(c); s01 = S.Load(c + w); s02 = S.Load(c + 2 * w); s03 = S.Load(c + 3 * w);
                s10 = S.Load(c1); s11 = S.Load(c1 + w); s12 = S.Load(c1 + 2 * w); s13 = S.Load(c1 + 3 * w);
                s20 = S.Load(c2); s21 = S.Load(c2 + w); s22 = S.Load(c2 + 2 * w); s23 = S.Load(c2 + 3 * w);
                s30 = S.Load(c3); s31 = S.Load(c3 + w); s32 = S.Load(c3 + 2 * w); s33 = S.Load(c3 + 3 * w);
            }
            else
            {
                bool zero = start == GemmStart.Zero;
                s00 = s10 = s20 = s30 = zero ? default : S.Load(bias);
                s01 = s11 = s21 = s31 = zero ? default : S.Load(bias + w);
                s02 = s12 = s22 = s32 = zero ? default : S.Load(bias + 2 * w);
                s03 = s13 = s23 = s33 = zero ? default : S.Load(bias + 3 * w);
            }

            float* x = a, x1 = a + aRow, x2 = x1 + aRow, x3 = x2 + aRow, y = b;
            for (int i = 0; i < k; i++)
            {
                V b0 = S.Load(y), b1 = S.Load(y + w), b2 = S.Load(y + 2 * w), b3 = S.Load(y + 3 * w), value;
                value = S.Broadcast(*x);
                s00 = S.MultiplyAdd(value, b0, s00); s01 = S.MultiplyAdd(value, b1, s01); s02 = S.MultiplyAdd(value, b2,
                    s02); s03 = S.MultiplyAdd(value, b3, s03);
                value = S.Broadcast(*x1);
                s10 = S.MultiplyAdd(value, b0, s10); s11 = S.MultiplyAdd(value, b1, s11); s12 = S.MultiplyAdd(value, b2,
                    s12); s13 = S.MultiplyAdd(value, b3, s13);
                value = S.Broadcast(*x2);
                s20 = S.MultiplyAdd(value, b0, s20); s21 = S.MultiplyAdd(value, b1, s21); s22 = S.MultiplyAdd(value, b2,
                    s22); s23 = S.MultiplyAdd(value, b3, s23);
                value = S.Broadcast(*x3);
                s30 = S.MultiplyAdd(value, b0, s30); s31 = S.MultiplyAdd(value, b1, s31); s32 = S.MultiplyAdd(value, b2,
                    s32); s33 = S.MultiplyAdd(value, b3, s33);
                x += aStep; x1 += aStep; x2 += aStep; x3 += aStep;
                y += ldb;
            }

            S.Store(c, s00); S.Store(c + w, s01); S.Store(c + 2 * w, s02); S.Store(c + 3 * w, s03);
            S.Store(c1, s10); S.Store(c1 + w, s11); S.Store(c1 + 2 * w, s12); S.Store(c1 + 3 * w, s13);
            S.Store(c2, s20); S.Store(c2 + w, s21); S.Store(c2 + 2 * w, s22); S.Store(c2 + 3 * w, s23);
            S.Store(c3, s30); S.Store(c3 + w, s31); S.Store(c3 + 2 * w, s32); S.Store(c3 + 3 * w, s33);
            a += 4 * (nint)aRow;
            c += 4 * (nint)ldc;
        }
    }

    /// <summary>8 rows by 2 vectors: 16 accumulators, which needs 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles8x2(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int tiles, int k, GemmStart start, float* bias)
    {
        int w = S.Width;
        for (; tiles > 0; tiles--)
        {
            float* c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc, c4 = c3 + ldc, c5 = c4 + ldc, c6 = c5 + ldc, c7 = c6 + ldc;
            V s00, s01, s10, s11, s20, s21, s30, s31, s40, s41, s50, s51, s60, s61, s70, s71;
            if (start == GemmStart.Accumulate)
            {
                s00 = S.Load(c); s01 = S.Load(c + w); s10 = S.Load(c1); s11 = S.Load(c1 + w);
                s20 = S.Load(c2); s21 = S.Load(c2 + w); s30 = S.Load(c3); s31 = S.Load(c3 + w);
                s40 = S.Load(c4); s41 = S.Load(c4 + w); s50 = S.Load(c5); s51 = S.Load(c5 + w);
                s60 = S.Load(c6); s61 = S.Load(c6 + w); s70 = S.Load(c7); s71 = S.Load(c7 + w);
            }
            else
            {
                bool zero = start == GemmStart.Zero;
                s00 = s10 = s20 = s30 = s40 = s50 = s60 = s70 = zero ? default : S.Load(bias);
                s01 = s11 = s21 = s31 = s41 = s51 = s61 = s71 = zero ? default : S.Load(bias + w);
            }

            float* x = a, x4 = a + 4 * aRow, y = b;
            for (int i = 0; i < k; i++)
            {
                V b0 = S.Load(y), b1 = S.Load(y + w), value;
                value = S.Broadcast(*x);
                s00 = S.MultiplyAdd(value, b0, s00); s01 = S.MultiplyAdd(value, b1, s01);
                value = S.Broadcast(x[aRow]);
                s10 = S.MultiplyAdd(value, b0, s10); s11 = S.MultiplyAdd(value, b1, s11);
                value = S.Broadcast(x[2 * aRow]);
                s20 = S.MultiplyAdd(value, b0, s20); s21 = S.MultiplyAdd(value, b1, s21);
                value = S.Broadcast(x[3 * aRow]);
                s30 = S.MultiplyAdd(value, b0, s30); s31 = S.MultiplyAdd(value, b1, s31);
                value = S.Broadcast(*x4);
                s40 = S.MultiplyAdd(value, b0, s40); s41 = S.MultiplyAdd(value, b1, s41);
                value = S.Broadcast(x4[aRow]);
                s50 = S.MultiplyAdd(value, b0, s50); s51 = S.MultiplyAdd(value, b1, s51);
                value = S.Broadcast(x4[2 * aRow]);
                s60 = S.MultiplyAdd(value, b0, s60); s61 = S.MultiplyAdd(value, b1, s61);
                value = S.Broadcast(x4[3 * aRow]);
                s70 = S.MultiplyAdd(value, b0, s70); s71 = S.MultiplyAdd(value, b1, s71);
                x += aStep; x4 += aStep;
                y += ldb;
            }

            S.Store(c, s00); S.Store(c + w, s01); S.Store(c1, s10); S.Store(c1 + w, s11);
            S.Store(c2, s20); S.Store(c2 + w, s21); S.Store(c3, s30); S.Store(c3 + w, s31);
            S.Store(c4, s40); S.Store(c4 + w, s41); S.Store(c5, s50); S.Store(c5 + w, s51);
            S.Store(c6, s60); S.Store(c6 + w, s61); S.Store(c7, s70); S.Store(c7 + w, s71);
            a += 8 * (nint)aRow;
            c += 8 * (nint)ldc;
        }
    }

    /// <summary>4 rows by 2 vectors: 8 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles4x2(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int tiles, int k, GemmStart start, float* bias)
    {
        int w = S.Width;
        for (; tiles > 0; tiles--)
        {
            float* c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
            V s00, s01, s10, s11, s20, s21, s30, s31;
            if (start == GemmStart.Accumulate)
            {
                s00 = S.Load(c); s01 = S.Load(c + w); s10 = S.Load(c1); s11 = S.Load(c1 + w);
                s20 = S.Load(c2); s21 = S.Load(c2 + w); s30 = S.Load(c3); s31 = S.Load(c3 + w);
            }
            else
            {
                bool zero = start == GemmStart.Zero;
                s00 = s10 = s20 = s30 = zero ? default : S.Load(bias);
                s01 = s11 = s21 = s31 = zero ? default : S.Load(bias + w);
            }

            float* x = a, x1 = a + aRow, x2 = x1 + aRow, x3 = x2 + aRow, y = b;
            for (int i = 0; i < k; i++)
            {
                V b0 = S.Load(y), b1 = S.Load(y + w), value;
                value = S.Broadcast(*x);
                s00 = S.MultiplyAdd(value, b0, s00); s01 = S.MultiplyAdd(value, b1, s01);
                value = S.Broadcast(*x1);
                s10 = S.MultiplyAdd(value, b0, s10); s11 = S.MultiplyAdd(value, b1, s11);
                value = S.Broadcast(*x2);
                s20 = S.MultiplyAdd(value, b0, s20); s21 = S.MultiplyAdd(value, b1, s21);
                value = S.Broadcast(*x3);
                s30 = S.MultiplyAdd(value, b0, s30); s31 = S.MultiplyAdd(value, b1, s31);
                x += aStep; x1 += aStep; x2 += aStep; x3 += aStep;
                y += ldb;
            }

            S.Store(c, s00); S.Store(c + w, s01); S.Store(c1, s10); S.Store(c1 + w, s11);
            S.Store(c2, s20); S.Store(c2 + w, s21); S.Store(c3, s30); S.Store(c3 + w, s31);
            a += 4 * (nint)aRow;
            c += 4 * (nint)ldc;
        }
    }

    /// <summary>16 rows by 1 vector: 16 accumulators, which needs 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles16x1(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int tiles, int k, GemmStart start, float* bias)
    {
        for (; tiles > 0; tiles--)
        {
            float* c4 = c + 4 * (nint)ldc, c8 = c4 + 4 * (nint)ldc, c12 = c8 + 4 * (nint)ldc;
            V s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15;
            if (start == GemmStart.Accumulate)
            {
                s0 = S.Load(c); s1 = S.Load(c + ldc); s2 = S.Load(c + 2 * ldc); s3 = S.Load(c + 3 * ldc);
                s4 = S.Load(c4); s5 = S.Load(c4 + ldc); s6 = S.Load(c4 + 2 * ldc); s7 = S.Load(c4 + 3 * ldc);
                s8 = S.Load(c8); s9 = S.Load(c8 + ldc); s10 = S.Load(c8 + 2 * ldc); s11 = S.Load(c8 + 3 * ldc);
                s12 = S.Load(c12); s13 = S.Load(c12 + ldc); s14 = S.Load(c12 + 2 * ldc); s15 = S.Load(c12 + 3 * ldc);
            }
            else
            {
                s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = start == GemmStart.Zero ? default : S.Load(bias);
                s8 = s9 = s10 = s11 = s12 = s13 = s14 = s15 = s0;
            }

            float* x = a, x4 = a + 4 * aRow, x8 = x4 + 4 * aRow, x12 = x8 + 4 * aRow, y = b;
            for (int i = 0; i < k; i++)
            {
                V b0 = S.Load(y);
                s0 = S.MultiplyAdd(S.Broadcast(*x), b0, s0);
                s1 = S.MultiplyAdd(S.Broadcast(x[aRow]), b0, s1);
                s2 = S.MultiplyAdd(S.Broadcast(x[2 * aRow]), b0, s2);
                s3 = S.MultiplyAdd(S.Broadcast(x[3 * aRow]), b0, s3);
                s4 = S.MultiplyAdd(S.Broadcast(*x4), b0, s4);
                s5 = S.MultiplyAdd(S.Broadcast(x4[aRow]), b0, s5);
                s6 = S.MultiplyAdd(S.Broadcast(x4[2 * aRow]), b0, s6);
                s7 = S.MultiplyAdd(S.Broadcast(x4[3 * aRow]), b0, s7);
                s8 = S.MultiplyAdd(S.Broadcast(*x8), b0, s8);
                s9 = S.MultiplyAdd(S.Broadcast(x8[aRow]), b0, s9);
                s10 = S.MultiplyAdd(S.Broadcast(x8[2 * aRow]), b0, s10);
                s11 = S.MultiplyAdd(S.Broadcast(x8[3 * aRow]), b0, s11);
                s12 = S.MultiplyAdd(S.Broadcast(*x12), b0, s12);
                s13 = S.MultiplyAdd(S.Broadcast(x12[aRow]), b0, s13);
                s14 = S.MultiplyAdd(S.Broadcast(x12[2 * aRow]), b0, s14);
                s15 = S.MultiplyAdd(S.Broadcast(x12[3 * aRow]), b0, s15);
                x += aStep; x4 += aStep; x8 += aStep; x12 += aStep;
                y += ldb;
            }

            S.Store(c, s0); S.Store(c + ldc, s1); S.Store(c + 2 * ldc, s2); S.Store(c + 3 * ldc, s3);
            S.Store(c4, s4); S.Store(c4 + ldc, s5); S.Store(c4 + 2 * ldc, s6); S.Store(c4 + 3 * ldc, s7);
            S.Store(c8, s8); S.Store(c8 + ldc, s9); S.Store(c8 + 2 * ldc, s10); S.Store(c8 + 3 * ldc, s11);
            S.Store(c12, s12); S.Store(c12 + ldc, s13); S.Store(c12 + 2 * ldc, s14); S.Store(c12 + 3 * ldc, s15);
            a += 16 * (nint)aRow;
            c += 16 * (nint)ldc;
        }
    }

    /// <summary>8 rows by 1 vector: 8 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles8x1(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int tiles, int k, GemmStart start, float* bias)
    {
        for (; tiles > 0; tiles--)
        {
            float* c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc, c4 = c3 + ldc, c5 = c4 + ldc, c6 = c5 + ldc, c7 = c6 + ldc;
            V s0, s1, s2, s3, s4, s5, s6, s7;
            if (start == GemmStart.Accumulate)
            {
                s0 = S.Load(c); s1 = S.Load(c1); s2 = S.Load(c2); s3 = S.Load(c3);
                s4 = S.Load(c4); s5 = S.Load(c5); s6 = S.Load(c6); s7 = S.Load(c7);
            }
            else
            {
                bool zero = start == GemmStart.Zero;
                s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = zero ? default : S.Load(bias);
            }

            float* x = a, x4 = a + 4 * aRow, y = b;
            for (int i = 0; i < k; i++)
            {
                V b0 = S.Load(y);
                s0 = S.MultiplyAdd(S.Broadcast(*x), b0, s0);
                s1 = S.MultiplyAdd(S.Broadcast(x[aRow]), b0, s1);
                s2 = S.MultiplyAdd(S.Broadcast(x[2 * aRow]), b0, s2);
                s3 = S.MultiplyAdd(S.Broadcast(x[3 * aRow]), b0, s3);
                s4 = S.MultiplyAdd(S.Broadcast(*x4), b0, s4);
                s5 = S.MultiplyAdd(S.Broadcast(x4[aRow]), b0, s5);
                s6 = S.MultiplyAdd(S.Broadcast(x4[2 * aRow]), b0, s6);
                s7 = S.MultiplyAdd(S.Broadcast(x4[3 * aRow]), b0, s7);
                x += aStep; x4 += aStep;
                y += ldb;
            }

            S.Store(c, s0); S.Store(c1, s1); S.Store(c2, s2); S.Store(c3, s3);
            S.Store(c4, s4); S.Store(c5, s5); S.Store(c6, s6); S.Store(c7, s7);
            a += 8 * (nint)aRow;
            c += 8 * (nint)ldc;
        }
    }

    /// <summary>1 row by 4 vectors, for the rows left over and for a single agent's inference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x4(float* a, int aStep, float* b, int ldb, float* c, int k, GemmStart start, float* bias)
    {
        int w = S.Width;
        float* from = start == GemmStart.Accumulate ? c : bias;
        bool zero = start == GemmStart.Zero;
        V s0 = zero ? default : S.Load(from), s1 = zero ? default : S.Load(from + w);
        V s2 = zero ? default : S.Load(from + 2 * w), s3 = zero ? default : S.Load(from + 3 * w);
        for (int i = 0; i < k; i++)
        {
            V x = S.Broadcast(*a);
            s0 = S.MultiplyAdd(x, S.Load(b), s0);
            s1 = S.MultiplyAdd(x, S.Load(b + w), s1);
            s2 = S.MultiplyAdd(x, S.Load(b + 2 * w), s2);
            s3 = S.MultiplyAdd(x, S.Load(b + 3 * w), s3);
            a += aStep;
            b += ldb;
        }

        S.Store(c, s0); S.Store(c + w, s1); S.Store(c + 2 * w, s2); S.Store(c + 3 * w, s3);
    }

    /// <summary>1 row by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x1(float* a, int aStep, float* b, int ldb, float* c, int k, GemmStart start, float* bias)
    {
        V s0 = start == GemmStart.Zero ? default : S.Load(start == GemmStart.Accumulate ? c : bias);
        for (int i = 0; i < k; i++)
        {
            s0 = S.MultiplyAdd(S.Broadcast(*a), S.Load(b), s0);
            a += aStep;
            b += ldb;
        }

        S.Store(c, s0);
    }
}
