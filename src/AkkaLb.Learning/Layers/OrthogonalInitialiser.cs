using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Layers;

/// <summary>
/// Orthogonal initialisation (Saxe, McClelland and Ganguli 2014): the Q factor of a gaussian matrix, signs fixed by the diagonal of
/// R so that it is uniform over orthogonal matrices, times a gain. The shorter side is orthonormal.
/// </summary>
internal static class OrthogonalInitialiser
{
    /// <param name="weight">[rows, columns] row-major.</param>
    public static void Fill(Span<float> weight, int rows, int columns, double gain, RandomStream random)
    {
        int length = Math.Max(rows, columns), count = Math.Min(rows, columns);
        var vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new double[length];
            for (int j = 0; j < length; j++)
            {
                vectors[i][j] = random.NextGaussian();
            }
        }

        // Gram–Schmidt keeps the diagonal of R positive, which is the sign convention wanted; twice for full accuracy.
        for (int i = 0; i < count; i++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < i; k++)
                {
                    double along = Dot(vectors[i], vectors[k]);
                    for (int j = 0; j < length; j++)
                    {
                        vectors[i][j] -= along * vectors[k][j];
                    }
                }
            }

            double norm = Math.Sqrt(Dot(vectors[i], vectors[i]));
            for (int j = 0; j < length; j++)
            {
                vectors[i][j] /= norm;
            }
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                weight[r * columns + c] = (float)(gain * (rows <= columns ? vectors[r][c] : vectors[c][r]));
            }
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
