using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// Mini-batch k-means (Sculley 2010): random rows as first centres; each step assigns a batch and moves every centre towards its rows by
/// 1 / (rows it has had). Ends when ten steps brought nothing. Squared L2 distances of the keys as stored.
/// </summary>
internal sealed class MiniBatchKMeans : IClustering
{
    private const int MaxSteps = 60, Patience = 10, MaxBatch = 1024;

    public int[] Assign(KeyTable keys, int clusters, RandomStream random, bool refine)
    {
        int count = keys.Count, dimensions = keys.Dimensions;
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order.AsSpan());
        KeyTable centres = new(dimensions, DistanceMetric.Euclidean);
        float[] state = new float[dimensions];
        foreach (int row in order.AsSpan(0, clusters))
        {
            keys.Read(row, state);
            centres.Add(state);
        }

        double[] sums = new double[clusters * dimensions];
        long[] had = new long[clusters];
        double average = double.PositiveInfinity, best = double.PositiveInfinity;
        for (int step = 0, idle = 0; step < (refine ? MaxSteps : 1) && idle < Patience; step++)
        {
            // The first step sees every row once; later ones draw with replacement.
            double inertia = 0;
            int batch = step == 0 ? count : Math.Min(count, MaxBatch);
            for (int i = 0; i < batch; i++)
            {
                keys.Read(step == 0 ? i : random.NextInt32(count), state);
                int centre = Nearest(centres, state, out float distance);
                inertia += distance;
                had[centre]++;
                for (int d = 0; d < dimensions; d++)
                {
                    sums[centre * dimensions + d] += state[d];
                }
            }

            for (int centre = 0; centre < clusters; centre++)
            {
                if (had[centre] > 0)
                {
                    for (int d = 0; d < dimensions; d++)
                    {
                        state[d] = (float)(sums[centre * dimensions + d] / had[centre]);
                    }

                    centres.Set(centre, state);
                }
            }

            // Batches are noisy: their running mean is what has to fall.
            inertia /= batch;
            average = double.IsPositiveInfinity(average) ? inertia : average + 0.5 * (inertia - average);
            idle = average < best ? 0 : idle + 1;
            best = Math.Min(best, average);
        }

        int[] labels = new int[count];
        for (int row = 0; row < count; row++)
        {
            keys.Read(row, state);
            labels[row] = Nearest(centres, state, out _);
        }

        return labels;
    }

    /// <summary>Where all centres are farther than a float holds, the first.</summary>
    private static int Nearest(KeyTable centres, float[] state, out float distance) =>
        Math.Max(0, centres.Nearest(state, float.PositiveInfinity, out distance));
}
