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
    /// <summary>4 rows by 4 vectors: 16 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x4(float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int k, GemmStart start, float* bias)
    {
        int w = S.Width;
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

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (int i = 0; i < k; i++)
        {
            V b0 = S.Load(b), b1 = S.Load(b + w), b2 = S.Load(b + 2 * w), b3 = S.Load(b + 3 * w);
            V x = S.Broadcast(*a);
            s00 = S.MultiplyAdd(x, b0, s00); s01 = S.MultiplyAdd(x, b1, s01); s02 = S.MultiplyAdd(x, b2, s02); s03 = S.MultiplyAdd(x, b3, s03);
            x = S.Broadcast(*a1);
            s10 = S.MultiplyAdd(x, b0, s10); s11 = S.MultiplyAdd(x, b1, s11); s12 = S.MultiplyAdd(x, b2, s12); s13 = S.MultiplyAdd(x, b3, s13);
            x = S.Broadcast(*a2);
            s20 = S.MultiplyAdd(x, b0, s20); s21 = S.MultiplyAdd(x, b1, s21); s22 = S.MultiplyAdd(x, b2, s22); s23 = S.MultiplyAdd(x, b3, s23);
            x = S.Broadcast(*a3);
            s30 = S.MultiplyAdd(x, b0, s30); s31 = S.MultiplyAdd(x, b1, s31); s32 = S.MultiplyAdd(x, b2, s32); s33 = S.MultiplyAdd(x, b3, s33);
            a += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
            b += ldb;
        }

        S.Store(c, s00); S.Store(c + w, s01); S.Store(c + 2 * w, s02); S.Store(c + 3 * w, s03);
        S.Store(c1, s10); S.Store(c1 + w, s11); S.Store(c1 + 2 * w, s12); S.Store(c1 + 3 * w, s13);
        S.Store(c2, s20); S.Store(c2 + w, s21); S.Store(c2 + 2 * w, s22); S.Store(c2 + 3 * w, s23);
        S.Store(c3, s30); S.Store(c3 + w, s31); S.Store(c3 + 2 * w, s32); S.Store(c3 + 3 * w, s33);
    }

    /// <summary>4 rows by 2 vectors: 8 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int k, GemmStart start, float* bias)
    {
        int w = S.Width;
        float* c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
        V s00, s01, s10, s11, s20, s21, s30, s31;
        if (start == GemmStart.Accumulate)
        {
            s00 = S.Load(c); s01 = S.Load(c + w);
            s10 = S.Load(c1); s11 = S.Load(c1 + w);
            s20 = S.Load(c2); s21 = S.Load(c2 + w);
            s30 = S.Load(c3); s31 = S.Load(c3 + w);
        }
        else
        {
            bool zero = start == GemmStart.Zero;
            s00 = s10 = s20 = s30 = zero ? default : S.Load(bias);
            s01 = s11 = s21 = s31 = zero ? default : S.Load(bias + w);
        }

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (int i = 0; i < k; i++)
        {
            V b0 = S.Load(b), b1 = S.Load(b + w);
            V x = S.Broadcast(*a);
            s00 = S.MultiplyAdd(x, b0, s00); s01 = S.MultiplyAdd(x, b1, s01);
            x = S.Broadcast(*a1);
            s10 = S.MultiplyAdd(x, b0, s10); s11 = S.MultiplyAdd(x, b1, s11);
            x = S.Broadcast(*a2);
            s20 = S.MultiplyAdd(x, b0, s20); s21 = S.MultiplyAdd(x, b1, s21);
            x = S.Broadcast(*a3);
            s30 = S.MultiplyAdd(x, b0, s30); s31 = S.MultiplyAdd(x, b1, s31);
            a += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
            b += ldb;
        }

        S.Store(c, s00); S.Store(c + w, s01);
        S.Store(c1, s10); S.Store(c1 + w, s11);
        S.Store(c2, s20); S.Store(c2 + w, s21);
        S.Store(c3, s30); S.Store(c3 + w, s31);
    }

    /// <summary>8 rows by 1 vector: 8 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x1(float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int k, GemmStart start, float* bias)
    {
        V s0, s1, s2, s3, s4, s5, s6, s7;
        float* c4 = c + 4 * (nint)ldc;
        if (start == GemmStart.Accumulate)
        {
            s0 = S.Load(c); s1 = S.Load(c + ldc); s2 = S.Load(c + 2 * ldc); s3 = S.Load(c + 3 * ldc);
            s4 = S.Load(c4); s5 = S.Load(c4 + ldc); s6 = S.Load(c4 + 2 * ldc); s7 = S.Load(c4 + 3 * ldc);
        }
        else
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = start == GemmStart.Zero ? default : S.Load(bias);
        }

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        nint step = 0;
        for (int i = 0; i < k; i++)
        {
            V b0 = S.Load(b);
            s0 = S.MultiplyAdd(S.Broadcast(a[step]), b0, s0);
            s1 = S.MultiplyAdd(S.Broadcast(a1[step]), b0, s1);
            s2 = S.MultiplyAdd(S.Broadcast(a2[step]), b0, s2);
            s3 = S.MultiplyAdd(S.Broadcast(a3[step]), b0, s3);
            s4 = S.MultiplyAdd(S.Broadcast(a4[step]), b0, s4);
            s5 = S.MultiplyAdd(S.Broadcast(a5[step]), b0, s5);
            s6 = S.MultiplyAdd(S.Broadcast(a6[step]), b0, s6);
            s7 = S.MultiplyAdd(S.Broadcast(a7[step]), b0, s7);
            step += aStep;
            b += ldb;
        }

        S.Store(c, s0); S.Store(c + ldc, s1); S.Store(c + 2 * ldc, s2); S.Store(c + 3 * ldc, s3);
        S.Store(c4, s4); S.Store(c4 + ldc, s5); S.Store(c4 + 2 * ldc, s6); S.Store(c4 + 3 * ldc, s7);
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
