using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Tests.Kernels;

public unsafe class MatMulTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 2, 64 }, { 3, 5, 7 }, { 4, 16, 3 }, { 13, 2, 64 }, { 13, 128, 16 }, { 25, 64, 48 }, { 7, 83, 31 },
        { 9, 200, 512 }, { 33, 47, 700 }, { 8, 15, 9 }, { 52, 16, 64 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MatMul_AnyShapeAndWidth_MatchesDoubleAndHasTheSameBits(int m, int n, int k)
    {
        foreach (GemmStart start in Enum.GetValues<GemmStart>())
        {
            foreach (GemmFinish finish in Enum.GetValues<GemmFinish>())
            {
                var results = Numbers.AllKernels.Select(kernel => Run(kernel, m, n, k, start, finish, transposedA: false)).ToArray();
                double[] expected = Reference(m, n, k, start, finish);
                for (int i = 0; i < expected.Length; i++)
                {
                    ((double)results[0].Span[i]).ShouldBe(expected[i], 2e-5 * (1 + Math.Abs(expected[i])), $"{start} {finish} element {i}");
                }

                results[1].ShouldBeSameBits(results[0], $"256 bits, {start} {finish}");
                results[2].ShouldBeSameBits(results[0], $"512 bits, {start} {finish}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MatMul_TransposedA_HasTheSameBitsAsPlainA(int m, int n, int k)
    {
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            AlignedBuffer plain = Run(kernel, m, n, k, GemmStart.Accumulate, GemmFinish.Linear, transposedA: false);
            Run(kernel, m, n, k, GemmStart.Accumulate, GemmFinish.Linear, transposedA: true).ShouldBeSameBits(plain, kernel.GetType().Name);
        }
    }

    [Fact]
    public void MatMul_RowOfABatch_HasTheSameBitsAlone()
    {
        const int n = 80, k = 48;
        AlignedBuffer a = Numbers.Gaussian(100 * k, "a"), b = Numbers.Gaussian(k * n, "b"), bias = Numbers.Gaussian(n, "bias");
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            foreach (int rows in new[] { 2, 3, 5, 8, 11, 25, 100 })
            {
                AlignedBuffer batch = new(rows * n), alone = new(n);
                kernel.MatMul(a.Pointer, k, 1, b.Pointer, n, batch.Pointer, n, rows, n, k, GemmStart.Bias, bias.Pointer, GemmFinish.Tanh);
                for (int row = 0; row < rows; row++)
                {
                    kernel.MatMul(
                        a.Pointer + row * k, k, 1, b.Pointer, n, alone.Pointer, n, 1, n, k, GemmStart.Bias, bias.Pointer, GemmFinish.Tanh);
                    Numbers.SameBits(alone.Span, batch.Span.Slice(row * n, n)).ShouldBeTrue($"row {row} of {rows}");
                }
            }
        }
    }

    [Fact]
    public void MatMul_TargetWiderThanTheProduct_LeavesTheOtherColumnsAlone()
    {
        AlignedBuffer a = Numbers.Gaussian(12 * 5, "a"), b = Numbers.Gaussian(5 * 19, "b"), c = new(12 * 40);
        c.Span.Fill(7);
        Kernel.Best.MatMul(a.Pointer, 5, 1, b.Pointer, 19, c.Pointer, 40, 12, 19, 5, GemmStart.Zero);
        for (int i = 0; i < c.Length; i++)
        {
            (c.Span[i] == 7).ShouldBe(i % 40 >= 19, $"element {i}");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 9)]
    [InlineData(4, 4)]
    [InlineData(66, 31)]
    public void Transpose_AnyShape_SwapsIndices(int rows, int columns)
    {
        AlignedBuffer source = Numbers.Gaussian(rows * columns, "t"), target = new(rows * columns);
        Kernel.Transpose(target.Pointer, source.Pointer, rows, columns);
        for (int i = 0; i < rows * columns; i++)
        {
            target.Span[i % columns * rows + i / columns].ShouldBe(source.Span[i]);
        }
    }

    private static (AlignedBuffer A, AlignedBuffer B, AlignedBuffer C, AlignedBuffer Bias, AlignedBuffer Y) Operands(int m, int n, int k) =>
        (Numbers.Gaussian(m * k, "a"), Numbers.Gaussian(k * n, "b", 1 / Math.Sqrt(k)), Numbers.Gaussian(m * n, "c"), Numbers.Gaussian(
            n, "bias"),
            Numbers.Gaussian(m * n, "y", 0.3));

    private static AlignedBuffer Run(Kernel kernel, int m, int n, int k, GemmStart start, GemmFinish finish, bool transposedA)
    {
        var (a, b, c, bias, y) = Operands(m, n, k);
        AlignedBuffer at = new(m * k);
        Kernel.Transpose(at.Pointer, a.Pointer, m, k);
        kernel.MatMul(
            transposedA ? at.Pointer : a.Pointer, transposedA ? 1 : k, transposedA ? m : 1, b.Pointer, n, c.Pointer, n, m, n, k,
            start, bias.Pointer, finish, y.Pointer, n);
        return c;
    }

    private static double[] Reference(int m, int n, int k, GemmStart start, GemmFinish finish)
    {
        var (a, b, c, bias, y) = Operands(m, n, k);
        var result = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = start switch { GemmStart.Zero => 0, GemmStart.Bias => bias.Span[j], _ => c.Span[i * n + j] };
                for (int p = 0; p < k; p++)
                {
                    sum += (double)a.Span[i * k + p] * b.Span[p * n + j];
                }

                double activation = y.Span[i * n + j];
                result[i * n + j] = finish switch
                {
                    GemmFinish.Tanh => Math.Tanh(sum),
                    GemmFinish.TanhGradient => sum * (1 - activation * activation),
                    GemmFinish.Relu => Math.Max(sum, 0),
                    GemmFinish.ReluGradient => activation > 0 ? sum : 0,
                    _ => sum,
                };
            }
        }

        return result;
    }
}
