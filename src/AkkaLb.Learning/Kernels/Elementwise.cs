using System.Runtime.CompilerServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>Constants of one Adam step: parameter −= Rate·m / (√v + Epsilon).</summary>
/// <param name="GradientScale">Factor on the gradient (global-norm clipping).</param>
/// <param name="Rate">Learning rate·√(1 − β2ᵗ) / (1 − β1ᵗ).</param>
/// <param name="Epsilon">Added to the root of the uncorrected mean square.</param>
internal readonly record struct AdamStep(
    float GradientScale, float Rate, float Epsilon, float Beta1, float Beta2);

/// <summary>Elementwise kernels over [from, count) in whole vectors; each returns how far it came.</summary>
internal static unsafe class Elementwise<V, S>
    where V : struct
    where S : struct, ISimd<V>
{
    // tanh(x) ≈ x·P(x²)/Q(x²), fitted for the least relative error (1.4e-8 before rounding) on [0, 8.6]. All coefficients are
    // positive, so nothing cancels. P and Q start with 1: tanh(x) = x to the last bit near zero. Beyond the limit tanh is within
    // 2e-7 of 1; stopping there keeps rounding from carrying a value above 1.
    private const float Limit = 8.2f;
    private const float P1 = 0.13406862318515778f, P2 = 0.003526385175064206f, P3 = 2.1122103134985082e-05f, P4 = 1.4082075061594423e-08f;
    private const float Q1 = 0.4674018323421478f, Q2 = 0.025993838906288147f, Q3 = 0.0003336243098601699f, Q4 = 8.070476837929164e-07f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TanhOf(V x)
    {
        V one = S.Broadcast(1f), limit = S.Broadcast(Limit), low = S.Broadcast(-Limit);
        x = S.SelectGreater(x, limit, limit, x);
        x = S.SelectGreater(low, x, low, x);
        V z = S.Multiply(x, x);
        V p = S.MultiplyAdd(z, S.Broadcast(P4), S.Broadcast(P3));
        V q = S.MultiplyAdd(z, S.Broadcast(Q4), S.Broadcast(Q3));
        p = S.MultiplyAdd(z, p, S.Broadcast(P2));
        q = S.MultiplyAdd(z, q, S.Broadcast(Q2));
        p = S.MultiplyAdd(z, p, S.Broadcast(P1));
        q = S.MultiplyAdd(z, q, S.Broadcast(Q1));
        p = S.MultiplyAdd(z, p, one);
        q = S.MultiplyAdd(z, q, one);
        return S.Divide(S.Multiply(x, p), q);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Tanh(float* target, float* source, int from, int count)
    {
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            S.Store(target + i, TanhOf(S.Load(source + i)));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddTanh(float* target, float* p, float* q, int from, int count)
    {
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            S.Store(target + i, TanhOf(S.Add(S.Load(p + i), S.Load(q + i))));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Add(float* target, float* source, int from, int count)
    {
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            S.Store(target + i, S.Add(S.Load(target + i), S.Load(source + i)));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int TanhGradient(float* target, float* d, float* y, int from, int count)
    {
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            S.Store(target + i, TanhGradientOf(S.Load(d + i), S.Load(y + i)));
        }

        return i;
    }

    /// <summary>d·(1 − y²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhGradientOf(V d, V y) => S.Multiply(d, S.Subtract(S.Broadcast(1f), S.Multiply(y, y)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Relu(float* target, int from, int count)
    {
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            V x = S.Load(target + i);
            S.Store(target + i, S.SelectGreater(x, default, x, default));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ReluGradient(float* target, float* y, int from, int count)
    {
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            S.Store(target + i, S.SelectGreater(S.Load(y + i), default, S.Load(target + i), default));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Approach(float* target, float* source, float share, int from, int count)
    {
        V factor = S.Broadcast(share);
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            V old = S.Load(target + i);
            S.Store(target + i, S.MultiplyAdd(factor, S.Subtract(S.Load(source + i), old), old));
        }

        return i;
    }

    /// <summary>One row of <see cref="Kernel.GruForward"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int GruForward(float* gates, float* recurrent, float* old, float* next, int width, int from)
    {
        int i = from;
        for (; i <= width - S.Width; i += S.Width)
        {
            V r = SigmoidOf(S.Add(S.Load(gates + i), S.Load(recurrent + i)));
            V z = SigmoidOf(S.Add(S.Load(gates + width + i), S.Load(recurrent + width + i)));
            V n = TanhOf(S.MultiplyAdd(r, S.Load(recurrent + 2 * width + i), S.Load(gates + 2 * width + i)));
            S.Store(gates + i, r);
            S.Store(gates + width + i, z);
            S.Store(gates + 2 * width + i, n);
            S.Store(next + i, S.MultiplyAdd(z, S.Subtract(S.Load(old + i), n), n));
        }

        return i;
    }

    /// <summary>One row of <see cref="Kernel.GruGradient"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int GruGradient(float* d, float* gates, float* recurrent, float* old, int width, int from)
    {
        V one = S.Broadcast(1f);
        int i = from;
        for (; i <= width - S.Width; i += S.Width)
        {
            V r = S.Load(gates + i), z = S.Load(gates + width + i), n = S.Load(gates + 2 * width + i), dh = S.Load(d + i);
            V keep = S.Subtract(one, z);
            V dn = TanhGradientOf(S.Multiply(dh, keep), n);
            V dz = S.Multiply(S.Multiply(dh, S.Subtract(S.Load(old + i), n)), S.Multiply(z, keep));
            V dr = S.Multiply(S.Multiply(dn, S.Load(recurrent + 2 * width + i)), S.Multiply(r, S.Subtract(one, r)));
            S.Store(gates + i, dr);
            S.Store(gates + width + i, dz);
            S.Store(gates + 2 * width + i, dn);
            S.Store(recurrent + i, dr);
            S.Store(recurrent + width + i, dz);
            S.Store(recurrent + 2 * width + i, S.Multiply(dn, r));
            S.Store(d + i, S.Multiply(dh, z));
        }

        return i;
    }

    /// <summary>1/(1 + e⁻ˣ) = ½ + ½·tanh(x/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SigmoidOf(V x)
    {
        V half = S.Broadcast(0.5f);
        return S.MultiplyAdd(half, TanhOf(S.Multiply(half, x)), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Adam(float* parameters, float* mean, float* square, float* gradient, int from, int count, in AdamStep step)
    {
        V scale = S.Broadcast(step.GradientScale), rate = S.Broadcast(step.Rate), epsilon = S.Broadcast(step.Epsilon);
        V beta1 = S.Broadcast(step.Beta1), rest1 = S.Broadcast(1f - step.Beta1);
        V beta2 = S.Broadcast(step.Beta2), rest2 = S.Broadcast(1f - step.Beta2);
        int i = from;
        for (; i <= count - S.Width; i += S.Width)
        {
            V g = S.Multiply(scale, S.Load(gradient + i));
            V m = S.MultiplyAdd(beta1, S.Load(mean + i), S.Multiply(rest1, g));
            V v = S.MultiplyAdd(beta2, S.Load(square + i), S.Multiply(rest2, S.Multiply(g, g)));
            V root = S.Add(S.SquareRoot(v), epsilon);
            S.Store(mean + i, m);
            S.Store(square + i, v);
            S.Store(parameters + i, S.Subtract(S.Load(parameters + i), S.Divide(S.Multiply(rate, m), root)));
        }

        return i;
    }
}
