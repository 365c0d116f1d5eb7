using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Tests.Kernels;

public unsafe class ElementwiseTests
{
    [Fact]
    public void Tanh_WholeRange_IsAccurateBoundedAndTheSameAtEveryWidth()
    {
        const int count = 200_003;
        var x = new AlignedBuffer(count);
        for (int i = 0; i < count; i++)
        {
            // Dense around zero, and far beyond where tanh has reached 1.
            double t = 2.0 * i / (count - 1) - 1;
            x.Span[i] = (float)(12 * t * Math.Abs(t));
        }

        var results = Numbers.AllKernels.Select(kernel =>
        {
            var y = new AlignedBuffer(count);
            kernel.Tanh(y.Pointer, x.Pointer, count);
            return y;
        }).ToArray();
        for (int i = 0; i < count; i++)
        {
            double exact = Math.Tanh(x.Span[i]), actual = results[0].Span[i];
            Math.Abs(actual - exact).ShouldBeLessThanOrEqualTo(4e-7 * Math.Abs(exact), $"tanh({x.Span[i]:R})");
            Math.Abs(actual).ShouldBeLessThanOrEqualTo(1, $"tanh({x.Span[i]:R})");
        }

        results[1].ShouldBeSameBits(results[0], "256 bits");
        results[2].ShouldBeSameBits(results[0], "512 bits");
    }

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NegativeInfinity, -1)]
    [InlineData(0f, 0f)]
    [InlineData(1e-20f, 1e-20f)]
    public void Tanh_SpecialValues_AreKept(float x, float expected)
    {
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            var values = new AlignedBuffer(17);
            values.Span.Fill(x);
            kernel.Tanh(values.Pointer, values.Pointer, 17);
            foreach (float y in values.Span)
            {
                if (float.IsNaN(expected))
                {
                    float.IsNaN(y).ShouldBeTrue();
                    continue;
                }

                Math.Abs(y - expected).ShouldBeLessThanOrEqualTo(2e-7f * Math.Abs(expected));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(77)]
    public void AddTanhAddAndTanhGradient_AnyLength_MatchTheirDefinitionsAtEveryWidth(int count)
    {
        AlignedBuffer p = Numbers.Gaussian(count, "p"), q = Numbers.Gaussian(count, "q");
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            AlignedBuffer sum = Numbers.Copy(p), tanh = new(count), both = new(count), gradient = new(count);
            kernel.Add(sum.Pointer, q.Pointer, count);
            kernel.Tanh(tanh.Pointer, sum.Pointer, count);
            kernel.AddTanh(both.Pointer, p.Pointer, q.Pointer, count);
            kernel.TanhGradient(gradient.Pointer, count, p.Pointer, count, tanh.Pointer, count, 1, count);
            both.ShouldBeSameBits(tanh, kernel.GetType().Name);
            for (int i = 0; i < count; i++)
            {
                sum.Span[i].ShouldBe(p.Span[i] + q.Span[i]);
                gradient.Span[i].ShouldBe(p.Span[i] * (1 - tanh.Span[i] * tanh.Span[i]));
            }
        }
    }

    [Fact]
    public void Adam_ManySteps_MatchesTheFormulaInDouble()
    {
        const int count = 37;
        const double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-5, scale = 0.5;
        var results = Numbers.AllKernels.Select(kernel =>
        {
            AlignedBuffer w = Numbers.Gaussian(count, "w"), m = new(count), v = new(count);
            for (int t = 1; t <= 20; t++)
            {
                var step = new AdamStep(
                    (float)scale, (float)(rate * Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t))), (float)epsilon,
                    (float)beta1, (float)beta2);
                AlignedBuffer gradient = Numbers.Gaussian(count, $"g{t}");
                kernel.Adam(w.Pointer, m.Pointer, v.Pointer, gradient.Pointer, count, step);
                GC.KeepAlive(gradient);
            }

            GC.KeepAlive(m);
            GC.KeepAlive(v);
            return w;
        }).ToArray();

        double[] expected = [.. Numbers.Gaussian(count, "w").Span.ToArray().Select(x => (double)x)];
        double[] mean = new double[count], square = new double[count];
        for (int t = 1; t <= 20; t++)
        {
            AlignedBuffer g = Numbers.Gaussian(count, $"g{t}");
            for (int i = 0; i < count; i++)
            {
                double gradient = scale * g.Span[i];
                mean[i] = beta1 * mean[i] + (1 - beta1) * gradient;
                square[i] = beta2 * square[i] + (1 - beta2) * gradient * gradient;
                double correction = Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t));
                expected[i] -= rate * correction * mean[i] / (Math.Sqrt(square[i]) + epsilon);
            }
        }

        for (int i = 0; i < count; i++)
        {
            ((double)results[0].Span[i]).ShouldBe(expected[i], 2e-6);
        }

        results[1].ShouldBeSameBits(results[0], "256 bits");
        results[2].ShouldBeSameBits(results[0], "512 bits");
    }
}
