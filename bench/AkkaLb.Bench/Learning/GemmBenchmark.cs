using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Bench.Learning;

/// <summary><c>gemm</c>: the message-passing matrix products, one thread, as a share of the measured FMA peak.</summary>
internal static unsafe class GemmBenchmark
{
    private static readonly (string Name, int Rows, int In, int Out)[] Shapes =
    [
        ("message, sender or receiver half (Abilene, 13 samples)", 260, 16, 64),
        ("message, second layer (one receiver, 4 senders, 13 samples)", 52, 64, 16),
        ("update, first layer (Abilene, 13 samples)", 260, 48, 128),
        ("update, second layer", 260, 128, 64),
        ("update, third layer", 260, 64, 16),
        ("readout head, first layer (one agent, 13 samples)", 13, 16, 128),
        ("readout head, second layer", 13, 128, 64),
        ("square 256", 256, 256, 256),
        ("square 512", 512, 512, 512),
    ];

    public static int Run()
    {
        Kernel kernel = Kernel.Best;
        double peak = FmaPeak();
        Console.WriteLine($"FMA peak of one thread {peak:F0} GFLOP/s ({(Vector512.IsHardwareAccelerated ? 512 : 256)} bits)");
        Console.WriteLine($"{"shape",-62}{"forward",10}{"dX",10}{"dW",10}   GFLOP/s (share of peak)");
        double worst = double.MaxValue;
        foreach ((string name, int rows, int inputs, int outputs) in Shapes)
        {
            float* x = Filled(rows * inputs).Pointer, y = Filled(rows * outputs).Pointer, dy = Filled(rows * outputs).Pointer;
            float* w = Filled(inputs * outputs).Pointer, wt = Filled(inputs * outputs).Pointer, bias = Filled(outputs).Pointer;
            float* dx = Filled(rows * inputs).Pointer, dw = Filled(inputs * outputs).Pointer;
            double flops = 2.0 * rows * inputs * outputs;
            double forward = Rate(flops, () => kernel.MatMul(
                x, inputs, 1, w, outputs, y, outputs, rows, outputs, inputs, GemmStart.Bias, bias));
            double backward = Rate(flops, () => kernel.MatMul(
                dy, outputs, 1, wt, inputs, dx, inputs, rows, inputs, outputs, GemmStart.Zero));
            double weights = Rate(flops, () => kernel.MatMul(
                x, 1, inputs, dy, outputs, dw, outputs, inputs, outputs, rows, GemmStart.Accumulate));
            Console.WriteLine($"{name,-62}{Share(forward, peak)}{Share(backward, peak)}{Share(weights, peak)}");
            worst = Math.Min(worst, Math.Min(forward, Math.Min(backward, weights)) / peak);
        }

        float* t = Filled(16384).Pointer, s = Filled(16384).Pointer;
        double tanh = Rate(16384, () => kernel.Tanh(t, s, 16384));
        Console.WriteLine($"tanh {tanh:F2} G/s; least share of peak {worst:P0} (to reach 60 %)");
        return 0;
    }

    private static string Share(double rate, double peak) => $"{rate,5:F0} {rate / peak,4:P0}";

    private static AlignedBuffer Filled(int count)
    {
        var buffer = new AlignedBuffer(count);
        Kept.Add(buffer);
        for (int i = 0; i < count; i++)
        {
            buffer.Span[i] = (i * 7 % 13 - 6) * 0.05f;
        }

        return buffer;
    }

    private static readonly List<AlignedBuffer> Kept = [];

    /// <summary>Best of several timed rounds, in 1e9 units a second.</summary>
    private static double Rate(double units, Action action)
    {
        int repeats = (int)Math.Max(1, 2e7 / units);
        double best = 0;
        for (int round = 0; round < 40; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                action();
            }

            best = Math.Max(best, units * repeats / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best;
    }

    /// <summary>Ten independent chains of fused multiply-adds in registers.</summary>
    internal static double FmaPeak() => Vector512.IsHardwareAccelerated
        ? Rate(10 * 16 * 2 * 100_000, () => Sink = Chains512(100_000))
        : Rate(10 * 8 * 2 * 100_000, () => Sink = Chains256(100_000));

    private static float Sink;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(int count)
    {
        Vector512<float> m = Vector512.Create(0.999f), a = Vector512.Create(Sink), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a,
            j = a;
        for (int n = 0; n < count; n++)
        {
            a = Vector512.FusedMultiplyAdd(a, m, m);
            b = Vector512.FusedMultiplyAdd(b, m, m);
            c = Vector512.FusedMultiplyAdd(c, m, m);
            d = Vector512.FusedMultiplyAdd(d, m, m);
            e = Vector512.FusedMultiplyAdd(e, m, m);
            f = Vector512.FusedMultiplyAdd(f, m, m);
            g = Vector512.FusedMultiplyAdd(g, m, m);
            h = Vector512.FusedMultiplyAdd(h, m, m);
            i = Vector512.FusedMultiplyAdd(i, m, m);
            j = Vector512.FusedMultiplyAdd(j, m, m);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(int count)
    {
        Vector256<float> m = Vector256.Create(0.999f), a = Vector256.Create(Sink), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a,
            j = a;
        for (int n = 0; n < count; n++)
        {
            a = Vector256.FusedMultiplyAdd(a, m, m);
            b = Vector256.FusedMultiplyAdd(b, m, m);
            c = Vector256.FusedMultiplyAdd(c, m, m);
            d = Vector256.FusedMultiplyAdd(d, m, m);
            e = Vector256.FusedMultiplyAdd(e, m, m);
            f = Vector256.FusedMultiplyAdd(f, m, m);
            g = Vector256.FusedMultiplyAdd(g, m, m);
            h = Vector256.FusedMultiplyAdd(h, m, m);
            i = Vector256.FusedMultiplyAdd(i, m, m);
            j = Vector256.FusedMultiplyAdd(j, m, m);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }
}
