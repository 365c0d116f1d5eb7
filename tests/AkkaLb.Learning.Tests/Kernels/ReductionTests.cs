using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Tests.Kernels;

public unsafe class ReductionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(5000)]
    public void AddAndSumSquares_AnyLength_MatchesDoubleAndHasTheSameBits(int count)
    {
        AlignedBuffer a = Numbers.Gaussian(count, "a"), b = Numbers.Gaussian(count, "b");
        double[] sums =
        [
            .. Numbers.AllKernels.Select(kernel =>
            {
                AlignedBuffer copy = Numbers.Copy(a);
                double sum = kernel.AddAndSumSquares(copy.Pointer, b.Pointer, count);
                GC.KeepAlive(copy);
                return sum;
            }),
        ];
        double expected = 0;
        for (int i = 0; i < count; i++)
        {
            expected += Math.Pow((double)a.Span[i] + b.Span[i], 2);
        }

        sums[0].ShouldBe(expected, 1e-6 * expected);
        sums[1].ShouldBe(sums[0]);
        sums[2].ShouldBe(sums[0]);
    }

    [Fact]
    public void AddColumnSums_AddsEveryRow()
    {
        const int rows = 9, columns = 21, ld = 30;
        AlignedBuffer a = Numbers.Gaussian(rows * ld, "a");
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            AlignedBuffer sums = Numbers.Gaussian(columns, "s");
            kernel.AddColumnSums(sums.Pointer, a.Pointer, ld, rows, columns);
            for (int j = 0; j < columns; j++)
            {
                float expected = Numbers.Gaussian(columns, "s").Span[j];
                for (int i = 0; i < rows; i++)
                {
                    expected += a.Span[i * ld + j];
                }

                sums.Span[j].ShouldBe(expected);
            }
        }
    }

    [Theory]
    [InlineData(1, 3, 16)]
    [InlineData(4, 5, 16)]
    [InlineData(3, 2, 21)]
    public void MaxMin_TakesExtremaAndTheirFirstSenders(int senders, int rows, int width)
    {
        AlignedBuffer messages = Numbers.Gaussian(senders * rows * width, "m");
        if (senders > 1)
        {
            // A tie between the first and the second sender.
            messages.Span[rows * width] = messages.Span[0];
        }

        foreach (Kernel kernel in Numbers.AllKernels)
        {
            int ld = 3 * width;
            AlignedBuffer target = new(rows * ld), argMax = new(rows * width), argMin = new(rows * width);
            kernel.MaxMin(
                messages.Pointer, senders, rows, width, target.Pointer, target.Pointer + width, ld, argMax.Pointer, argMin.Pointer);
            for (int at = 0; at < rows * width; at++)
            {
                float[] values = [.. Enumerable.Range(0, senders).Select(s => messages.Span[s * rows * width + at])];
                int element = at / width * ld + at % width;
                target.Span[element].ShouldBe(values.Max());
                target.Span[element + width].ShouldBe(values.Min());
                argMax.Span[at].ShouldBe(Array.IndexOf(values, values.Max()));
                argMin.Span[at].ShouldBe(Array.IndexOf(values, values.Min()));
            }
        }
    }

    [Fact]
    public void MaxMin_NoSenders_GivesZeros()
    {
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            AlignedBuffer target = Numbers.Gaussian(2 * 2 * 16, "x");
            kernel.MaxMin(null, 0, 2, 16, target.Pointer, target.Pointer + 16, 32, null, null);
            target.Span.ToArray().ShouldAllBe(x => x == 0);
        }
    }

    [Fact]
    public void MaxMinGradient_SendsTheGradientToTheExtrema()
    {
        const int senders = 3, rows = 2, width = 19, block = rows * width;
        AlignedBuffer messages = Numbers.Gaussian(senders * block, "m", 0.3), d = Numbers.Gaussian(2 * block, "d");
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            AlignedBuffer extrema = new(2 * block), argMax = new(block), argMin = new(block), target = new(senders * block);
            kernel.MaxMin(
                messages.Pointer, senders, rows, width, extrema.Pointer, extrema.Pointer + block, width, argMax.Pointer, argMin.Pointer);
            kernel.MaxMinGradient(
                target.Pointer, messages.Pointer, senders, rows, width, d.Pointer, d.Pointer + block, width, argMax.Pointer,
                argMin.Pointer);
            for (int s = 0; s < senders; s++)
            {
                for (int at = 0; at < block; at++)
                {
                    float y = messages.Span[s * block + at];
                    float expected = (argMax.Span[at] == s ? d.Span[at] : 0) + (argMin.Span[at] == s ? d.Span[block + at] : 0);
                    target.Span[s * block + at].ShouldBe(expected * (1 - y * y));
                }
            }
        }
    }

    [Fact]
    public void PoolAndItsGradient_AtEveryWidth_HaveTheSameBitsAndMatchDouble()
    {
        const int agents = 5, rows = 3, width = 19;
        AlignedBuffer h = Numbers.Gaussian(agents * rows * width, "h"), d = Numbers.Gaussian(rows * 4 * width, "d");
        var results = Numbers.AllKernels.Select(kernel =>
        {
            AlignedBuffer pooled = new(rows * 4 * width), gradient = new(agents * rows * width);
            kernel.Pool(h.Pointer, width, agents, rows, width, pooled.Pointer);
            kernel.PoolGradient(gradient.Pointer, width, d.Pointer, pooled.Pointer, h.Pointer, width, agents, rows, width);
            return (Pooled: pooled, Gradient: gradient);
        }).ToArray();
        foreach (var result in results)
        {
            result.Pooled.ShouldBeSameBits(results[0].Pooled, "pool");
            result.Gradient.ShouldBeSameBits(results[0].Gradient, "gradient");
        }

        for (int at = 0; at < rows * width; at++)
        {
            double[] values = [.. Enumerable.Range(0, agents).Select(e => (double)h.Span[e * rows * width + at])];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)));
            int row = at / width * 4 * width + at % width;
            ((double)results[0].Pooled.Span[row]).ShouldBe(mean, 1e-6);
            ((double)results[0].Pooled.Span[row + width]).ShouldBe(values.Max());
            ((double)results[0].Pooled.Span[row + 2 * width]).ShouldBe(values.Min());
            ((double)results[0].Pooled.Span[row + 3 * width]).ShouldBe(deviation, 1e-6);
            for (int e = 0; e < agents; e++)
            {
                double expected = d.Span[row] / (double)agents
                    + (values[e] == values.Max() ? d.Span[row + width] : 0) + (values[e] == values.Min() ? d.Span[row + 2 * width] : 0)
                    + d.Span[row + 3 * width] * (values[e] - mean) / (agents * deviation);
                ((double)results[0].Gradient.Span[e * rows * width + at]).ShouldBe(expected, 2e-6 * (1 + Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void PoolGradient_AllAgentsEqual_IsFiniteAndGoesToTheFirstExtremum()
    {
        AlignedBuffer h = new(4 * 16), pooled = new(4 * 16), d = new(4 * 16), gradient = new(4 * 16);
        h.Span.Fill(0.25f);
        d.Span.Fill(1);
        Kernel.Best.Pool(h.Pointer, 16, 4, 1, 16, pooled.Pointer);
        Kernel.Best.PoolGradient(gradient.Pointer, 16, d.Pointer, pooled.Pointer, h.Pointer, 16, 4, 1, 16);
        gradient.Span[0].ShouldBe(2.25f);
        gradient.Span[16].ShouldBe(0.25f);
    }
}
