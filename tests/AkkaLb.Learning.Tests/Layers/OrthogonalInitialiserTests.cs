using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Tests.Layers;

public class OrthogonalInitialiserTests
{
    [Theory]
    [InlineData(16, 128, 1.4142)]
    [InlineData(128, 64, 1)]
    [InlineData(64, 2, 0.01)]
    [InlineData(5, 5, 2)]
    [InlineData(1, 7, 1)]
    public void Fill_AnyShape_MakesTheShorterSideOrthogonalWithTheGain(int rows, int columns, double gain)
    {
        float[] w = Fill(rows, columns, gain, "w");
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                double dot = 0;
                for (int i = 0; i < length; i++)
                {
                    dot += (double)At(a, i) * At(b, i);
                }

                dot.ShouldBe(a == b ? gain * gain : 0, 1e-6 * gain * gain, $"vectors {a} and {b}");
            }
        }

        float At(int vector, int i) => rows <= columns ? w[vector * columns + i] : w[i * columns + vector];
    }

    [Fact]
    public void Fill_SameStream_SameMatrix_OtherStream_AnotherOne()
    {
        Fill(8, 8, 1, "a").ShouldBe(Fill(8, 8, 1, "a"));
        Fill(8, 8, 1, "b").ShouldNotBe(Fill(8, 8, 1, "a"));
    }

    private static float[] Fill(int rows, int columns, double gain, string stream)
    {
        float[] w = new float[rows * columns];
        OrthogonalInitialiser.Fill(w, rows, columns, gain, new RandomStream(1, stream));
        return w;
    }
}
