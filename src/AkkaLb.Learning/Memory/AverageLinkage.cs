using System.Buffers;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// Agglomerative clustering with average linkage: merges the two clusters whose rows are nearest on average, in the keys' own metric, until
/// the wanted number is left. Draws nothing.
/// </summary>
internal sealed unsafe class AverageLinkage : IClustering
{
    public int[] Assign(KeyTable keys, int clusters, RandomStream random, bool refine)
    {
        int count = keys.Count, stride = RowBlocks.Length(count, 1);
        float[] distances = ArrayPool<float>.Shared.Rent(checked(count * stride));
        try
        {
            return Merge(keys, distances, stride, clusters);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(distances);
        }
    }

    private static int[] Merge(KeyTable keys, float[] distances, int stride, int clusters)
    {
        int count = keys.Count;
        int[] size = new int[count], parent = new int[count], nearest = new int[count];
        Array.Fill(size, 1);
        fixed (float* all = distances)
        {
            for (int i = 0; i < count; i++)
            {
                float* row = all + (nint)i * stride;
                keys.Distances(i, row);
                parent[i] = i;
                for (int j = 0; j < count; j++)
                {
                    row[j] = (float)MetricForm.ToDistance(keys.Metric, row[j]);
                }
            }
        }

        for (int i = 0; i < count; i++)
        {
            nearest[i] = Nearest(i);
        }

        for (int left = count; left > clusters; left--)
        {
            int a = -1;
            for (int i = 0; i < count; i++)
            {
                if (size[i] > 0 && nearest[i] >= 0 && (a < 0 || Distance(i, nearest[i]) < Distance(a, nearest[a])))
                {
                    a = i;
                }
            }

            int b = nearest[a];
            if (b < a)
            {
                (a, b) = (b, a);
            }

            // b joins a; a's distances become the means over all rows of both.
            double total = size[a] + size[b];
            for (int j = 0; j < count; j++)
            {
                if (size[j] > 0 && j != a && j != b)
                {
                    Distance(a, j) = Distance(j, a) = (float)(
                        (size[a] * (double)Distance(a, j) + size[b] * (double)Distance(b, j)) / total);
                }
            }

            size[a] += size[b];
            size[b] = 0;
            parent[b] = a;
            for (int j = 0; j < count; j++)
            {
                // A merged cluster is nowhere nearer than the nearer of its parts, so the other rows' nearest stay.
                if (size[j] > 0 && (j == a || nearest[j] == a || nearest[j] == b))
                {
                    nearest[j] = Nearest(j);
                }
            }
        }

        int[] labels = new int[count];
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            // A cluster joins a lower one, which therefore has its label already.
            labels[i] = parent[i] == i ? next++ : labels[parent[i]];
        }

        return labels;

        ref float Distance(int i, int j) => ref distances[i * stride + j];

        int Nearest(int i)
        {
            int best = -1;
            for (int j = 0; j < count; j++)
            {
                if (j != i && size[j] > 0 && (best < 0 || Distance(i, j) < Distance(i, best)))
                {
                    best = j;
                }
            }

            return best;
        }
    }
}
