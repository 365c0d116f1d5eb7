using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Learning.Tests.Memory;

/// <summary>Made-up states and the definitions of the distances.</summary>
internal static class States
{
    public static float[] Draw(RandomStream random, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => (float)random.NextGaussian())];

    /// <summary>A point of a square of the given side.</summary>
    public static float[] InSquare(RandomStream random, double side) =>
        [(float)random.NextDouble(0, side), (float)random.NextDouble(0, side)];

    public static double Distance(DistanceMetric metric, float[] x, float[] y) => metric switch
    {
        DistanceMetric.Euclidean => Math.Sqrt(x.Zip(y, (a, b) => Math.Pow((double)a - b, 2)).Sum()),
        DistanceMetric.Manhattan => x.Zip(y, (a, b) => Math.Abs((double)a - b)).Sum(),
        _ => 1 - x.Zip(y, (a, b) => (double)a * b).Sum() / Math.Sqrt(x.Sum(a => (double)a * a) * y.Sum(b => (double)b * b)),
    };

    public static float[] Key(ExperienceTable table, int row)
    {
        float[] key = new float[table.Keys.Dimensions];
        table.Keys.Read(row, key);
        return key;
    }

    public static byte[] Bytes(Action<BinaryWriter> write)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        write(writer);
        return stream.ToArray();
    }
}
