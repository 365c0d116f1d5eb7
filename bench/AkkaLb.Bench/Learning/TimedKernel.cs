using System.Diagnostics;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// A kernel that notes how long every call of another takes, by kind; products that have as many rows as there are samples are a readout's
/// or the critic head's, all others belong to message passing. One thread. <see cref="Overhead"/> is taken off every call, and a call that
/// the operating system interrupted is left out.
/// </summary>
internal sealed unsafe class TimedKernel : Kernel
{
    /// <summary>Kinds of calls, in the order of the columns that are printed.</summary>
    public enum Kind
    {
        MessageProducts,
        ReadoutProducts,
        Tanh,
        Extrema,
        Sums,
        Adam,
    }

    // No call takes a millisecond: the operating system ran something else meanwhile.
    private static readonly long Interrupted = Stopwatch.Frequency / 1000;

    private static readonly int Kinds = Enum.GetValues<Kind>().Length;

    private readonly Kernel _inner;
    private readonly int _samples;
    private readonly bool _split;
    private readonly long[] _ticks = new long[Kinds], _calls = new long[Kinds];
    private readonly double[] _flops = new double[Kinds];

    /// <param name="samples">Rows of a pass that belong to one agent.</param>
    /// <param name="split">
    /// Compute and time the activation that a product ends with after it, to the same bits; else it counts as the product.
    /// </param>
    public TimedKernel(Kernel inner, int samples, bool split)
    {
        (_inner, _samples, _split) = (inner, samples, split);
        Overhead = MeasureOverhead();
    }

    /// <summary>Ticks that a measurement itself takes.</summary>
    public double Overhead { get; }

    public double Flops(Kind kind) => _flops[(int)kind];

    public double Seconds(Kind kind) => Math.Max(0, _ticks[(int)kind] - Overhead * _calls[(int)kind]) / Stopwatch.Frequency;

    public void Clear()
    {
        Array.Clear(_ticks);
        Array.Clear(_calls);
        Array.Clear(_flops);
    }

    public override void MatMul(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int m, int n, int k,
        GemmStart start, float* bias = null, GemmFinish finish = GemmFinish.Linear, float* y = null, int ldy = 0)
    {
        // Gradients of weights have the samples in the inner dimension.
        bool readout = (start == GemmStart.Accumulate && aRow == 1 ? k : m) <= _samples;
        int kind = (int)(readout ? Kind.ReadoutProducts : Kind.MessageProducts);
        bool split = _split && finish is GemmFinish.Tanh or GemmFinish.TanhGradient;
        long from = Stopwatch.GetTimestamp();
        _inner.MatMul(a, aRow, aStep, b, ldb, c, ldc, m, n, k, start, bias, split ? GemmFinish.Linear : finish, y, ldy);
        Note(kind, from, 2.0 * m * n * k);
        if (split)
        {
            Finish(c, ldc, m, n, finish, y, ldy);
        }
    }

    public override void AddTanh(float* target, float* p, float* q, int count)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.AddTanh(target, p, q, count);
        Note((int)Kind.Tanh, from);
    }

    public override void Tanh(float* target, float* source, int count)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.Tanh(target, source, count);
        Note((int)Kind.Tanh, from);
    }

    public override void TanhGradient(float* target, int ldt, float* d, int ldd, float* y, int ldy, int rows, int columns)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.TanhGradient(target, ldt, d, ldd, y, ldy, rows, columns);
        Note((int)Kind.Tanh, from);
    }

    public override void Add(float* target, float* source, int count)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.Add(target, source, count);
        Note((int)Kind.Sums, from);
    }

    public override void AddColumnSums(float* sums, float* a, int lda, int rows, int columns)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.AddColumnSums(sums, a, lda, rows, columns);
        Note((int)Kind.Sums, from);
    }

    public override void MaxMin(
        float* messages, int senders, int rows, int width, float* max, float* min, int ld, float* argMax, float* argMin)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.MaxMin(messages, senders, rows, width, max, min, ld, argMax, argMin);
        Note((int)Kind.Extrema, from);
    }

    public override void MaxMinGradient(
        float* target, float* messages, int senders, int rows, int width, float* dMax, float* dMin, int ld, float* argMax, float* argMin)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.MaxMinGradient(target, messages, senders, rows, width, dMax, dMin, ld, argMax, argMin);
        Note((int)Kind.Extrema, from);
    }

    public override void Pool(float* h, int ldh, int agents, int rows, int width, float* target)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.Pool(h, ldh, agents, rows, width, target);
        Note((int)Kind.Extrema, from);
    }

    public override void PoolGradient(float* target, int ldt, float* dPool, float* pooled, float* h, int ldh, int agents, int rows,
        int width)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.PoolGradient(target, ldt, dPool, pooled, h, ldh, agents, rows, width);
        Note((int)Kind.Extrema, from);
    }

    public override double SumSquares(float* a, int count)
    {
        long from = Stopwatch.GetTimestamp();
        double sum = _inner.SumSquares(a, count);
        Note((int)Kind.Adam, from);
        return sum;
    }

    public override double AddAndSumSquares(float* target, float* source, int count)
    {
        long from = Stopwatch.GetTimestamp();
        double sum = _inner.AddAndSumSquares(target, source, count);
        Note((int)Kind.Adam, from);
        return sum;
    }

    public override void Adam(float* parameters, float* mean, float* square, float* gradient, int count, in AdamStep step)
    {
        long from = Stopwatch.GetTimestamp();
        _inner.Adam(parameters, mean, square, gradient, count, step);
        Note((int)Kind.Adam, from);
    }

    // Not part of this family's training.
    public override void GruForward(float* gates, float* recurrent, float* old, float* next, int rows, int width) =>
        _inner.GruForward(gates, recurrent, old, next, rows, width);

    public override void GruGradient(float* d, float* gates, float* recurrent, float* old, int rows, int width) =>
        _inner.GruGradient(d, gates, recurrent, old, rows, width);

    public override void Approach(float* target, float* source, float share, int count) => _inner.Approach(target, source, share, count);

    public override int Nearest(float* blocks, int rows, int dimensions, float* query, bool absolute, float limit, out float distance) =>
        _inner.Nearest(blocks, rows, dimensions, query, absolute, limit, out distance);

    public override void Distances(float* blocks, int rows, int dimensions, float* query, bool absolute, float* target) =>
        _inner.Distances(blocks, rows, dimensions, query, absolute, target);

    private void Finish(float* c, int ldc, int m, int n, GemmFinish finish, float* y, int ldy)
    {
        if (finish == GemmFinish.TanhGradient)
        {
            TanhGradient(c, ldc, c, ldc, y, ldy, m, n);
            return;
        }

        long from = Stopwatch.GetTimestamp();
        for (int row = 0; row < m; row++)
        {
            _inner.Tanh(c + (nint)row * ldc, c + (nint)row * ldc, n);
        }

        Note((int)Kind.Tanh, from);
    }

    private void Note(int kind, long from, double flops = 0)
    {
        long ticks = Stopwatch.GetTimestamp() - from;
        if (ticks < Interrupted)
        {
            _ticks[kind] += ticks;
            _calls[kind]++;
            _flops[kind] += flops;
        }
    }

    private static double MeasureOverhead()
    {
        double least = double.MaxValue;
        for (int round = 0; round < 200; round++)
        {
            long sum = 0;
            for (int i = 0; i < 1000; i++)
            {
                long from = Stopwatch.GetTimestamp();
                sum += Stopwatch.GetTimestamp() - from;
            }

            least = Math.Min(least, sum / 1000.0);
        }

        return least;
    }
}
