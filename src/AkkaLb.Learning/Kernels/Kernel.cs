using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AkkaLb.Learning.Kernels;

/// <summary>
/// The float32 kernels at one vector width. All widths give the same bits; <see cref="Best"/> is the widest that the processor
/// has. Pointers are to row-major matrices, "ld" is the distance between rows in floats. Calls do not allocate.
/// </summary>
internal abstract unsafe class Kernel
{
    public static readonly Kernel Scalar = new Kernel<float, SimdScalar>(null);
    public static readonly Kernel Width256 = new Kernel<Vector256<float>, Simd256>(Scalar);
    public static readonly Kernel Width512 = new Kernel<Vector512<float>, Simd512>(Width256);

    /// <summary>Chosen once: the widest kernel that runs on registers of that width.</summary>
    public static readonly Kernel Best =
        Vector512.IsHardwareAccelerated ? Width512 : Vector256.IsHardwareAccelerated ? Width256 : Scalar;

    /// <summary>
    /// C[m,n] = finish(start + A[m,k]·B[k,n]), where A's element (i,p) is a[i·aRow + p·aStep]. Each element is one chain of
    /// fused multiply-adds over p = 0…k−1. C must not overlap A, B or y.
    /// </summary>
    /// <param name="bias">n values, read with <see cref="GemmStart.Bias"/>.</param>
    /// <param name="y">m×n activations, read with <see cref="GemmFinish.TanhGradient"/>.</param>
    public abstract void MatMul(
        float* a, int aRow, int aStep, float* b, int ldb, float* c, int ldc, int m, int n, int k,
        GemmStart start, float* bias = null, GemmFinish finish = GemmFinish.Linear, float* y = null, int ldy = 0);

    /// <summary>target = tanh(p + q).</summary>
    public abstract void AddTanh(float* target, float* p, float* q, int count);

    /// <summary>target = tanh(source).</summary>
    public abstract void Tanh(float* target, float* source, int count);

    /// <summary>target += source.</summary>
    public abstract void Add(float* target, float* source, int count);

    /// <summary>target = d·(1 − y²) for a matrix; target may be d.</summary>
    public abstract void TanhGradient(float* target, int ldt, float* d, int ldd, float* y, int ldy, int rows, int columns);

    /// <summary>
    /// One step of a gated recurrent unit for a batch, in PyTorch's form and gate order: r = σ(a_r + b_r), z = σ(a_z + b_z),
    /// n = tanh(a_n + r·b_n), h' = (1 − z)·n + z·h.
    /// </summary>
    /// <param name="gates">[rows, 3·width]: the inputs' products a, replaced by the gates r ‖ z ‖ n.</param>
    /// <param name="recurrent">[rows, 3·width]: the old states' products b.</param>
    /// <param name="old">h, [rows, width].</param>
    /// <param name="next">Receives h', [rows, width].</param>
    public abstract void GruForward(float* gates, float* recurrent, float* old, float* next, int rows, int width);

    /// <summary>Backward of <see cref="GruForward"/> but for the products: all three buffers are overwritten with gradients.</summary>
    /// <param name="d">The gradient of h', replaced by the part of h's gradient that does not go through b.</param>
    /// <param name="gates">r ‖ z ‖ n, replaced by the gradient of a.</param>
    /// <param name="recurrent">b, replaced by its gradient.</param>
    public abstract void GruGradient(float* d, float* gates, float* recurrent, float* old, int rows, int width);

    /// <summary>target += share·(source − target).</summary>
    public abstract void Approach(float* target, float* source, float share, int count);

    /// <summary>Σ a².</summary>
    public abstract double SumSquares(float* a, int count);

    /// <summary>sums[j] += Σ_i a[i,j], in row order.</summary>
    public abstract void AddColumnSums(float* sums, float* a, int lda, int rows, int columns);

    /// <summary>
    /// Elementwise extrema over the senders of one receiver. <paramref name="messages"/> is [senders][rows, width]; a tie goes to
    /// the first sender. No senders: zeros. The arg arrays ([rows, width], sender index as float) may be null.
    /// </summary>
    public abstract void MaxMin(
        float* messages, int senders, int rows, int width, float* max, float* min, int ld, float* argMax, float* argMin);

    /// <summary>
    /// Backward of <see cref="MaxMin"/> and of the messages' tanh: target[s] = (dMax where s was the maximum + dMin where it was
    /// the minimum)·(1 − message²).
    /// </summary>
    public abstract void MaxMinGradient(
        float* target, float* messages, int senders, int rows, int width, float* dMax, float* dMin, int ld, float* argMax, float* argMin);

    /// <summary>
    /// Statistics over the agents of every sample. <paramref name="h"/> is [agents][rows, width]; target row =
    /// mean ‖ max ‖ min ‖ population standard deviation, 4·width floats.
    /// </summary>
    public abstract void Pool(float* h, int ldh, int agents, int rows, int width, float* target);

    /// <summary>
    /// Backward of <see cref="Pool"/>; extrema go to the first agent that attains them; a zero deviation has zero gradient.
    /// </summary>
    public abstract void PoolGradient(
        float* target, int ldt, float* dPool, float* pooled, float* h, int ldh, int agents, int rows, int width);

    /// <summary>target += source, and the sum of the squares of the result.</summary>
    public abstract double AddAndSumSquares(float* target, float* source, int count);

    /// <summary>One step of Adam on <paramref name="count"/> parameters with gradient scale·gradient.</summary>
    public abstract void Adam(float* parameters, float* mean, float* square, float* gradient, int count, in AdamStep step);

    /// <summary>
    /// The row nearest to a query, and the lowest such row on a tie; −1 when no distance is below <paramref name="limit"/>. Rows lie in
    /// <see cref="RowBlocks"/>. Distances are sums over the dimensions in order: of squares, or of absolute values.
    /// </summary>
    /// <param name="limit">Distances from here on do not count; lets most rows be given up after a few dimensions.</param>
    /// <param name="distance">The row's distance, or the limit.</param>
    public abstract int Nearest(float* blocks, int rows, int dimensions, float* query, bool absolute, float limit, out float distance);

    /// <summary>
    /// The same distance for every row; writes whole blocks, so the target holds a multiple of <see cref="RowBlocks.Rows"/>.
    /// </summary>
    public abstract void Distances(float* blocks, int rows, int dimensions, float* query, bool absolute, float* target);

    /// <summary>target[columns, rows] = sourceᵀ.</summary>
    public static void Transpose(float* target, float* source, int rows, int columns)
    {
        int blockRows = rows & ~3, blockColumns = columns & ~3;
        for (int i = 0; i < blockRows; i += 4)
        {
            for (int j = 0; j < blockColumns; j += 4)
            {
                Transpose4x4(target + j * rows + i, rows, source + i * columns + j, columns);
            }
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = i < blockRows ? blockColumns : 0; j < columns; j++)
            {
                target[j * rows + i] = source[i * columns + j];
            }
        }
    }

    /// <summary>target[columns, rows] = sourceᵀ.</summary>
    public static void Transpose(Span<float> target, ReadOnlySpan<float> source, int rows, int columns)
    {
        int count = checked(rows * columns);
        fixed (float* to = target[..count], from = source[..count])
        {
            Transpose(to, from, rows, columns);
        }
    }

    private static void Transpose4x4(float* target, int ldt, float* source, int lds)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + lds);
        Vector128<float> c = Vector128.Load(source + 2 * lds), d = Vector128.Load(source + 3 * lds);
        if (Sse.IsSupported)
        {
            Vector128<float> low = Sse.UnpackLow(a, b), high = Sse.UnpackHigh(a, b);
            Vector128<float> low2 = Sse.UnpackLow(c, d), high2 = Sse.UnpackHigh(c, d);
            Sse.MoveLowToHigh(low, low2).Store(target);
            Sse.MoveHighToLow(low2, low).Store(target + ldt);
            Sse.MoveLowToHigh(high, high2).Store(target + 2 * ldt);
            Sse.MoveHighToLow(high2, high).Store(target + 3 * ldt);
            return;
        }

        for (int j = 0; j < 4; j++)
        {
            Vector128.Create(a[j], b[j], c[j], d[j]).Store(target + j * ldt);
        }
    }
}
