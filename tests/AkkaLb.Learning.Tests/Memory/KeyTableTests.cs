using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.Memory;

public unsafe class KeyTableTests
{
    public static TheoryData<DistanceMetric, int, int> Cases => new()
    {
        { DistanceMetric.Euclidean, 16, 100 }, { DistanceMetric.Euclidean, 2, 33 }, { DistanceMetric.Manhattan, 16, 64 },
        { DistanceMetric.Manhattan, 5, 7 }, { DistanceMetric.Cosine, 16, 50 }, { DistanceMetric.Cosine, 2, 17 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nearest_AgreesWithTheDefinition(DistanceMetric metric, int dimensions, int count)
    {
        (KeyTable table, List<float[]> states) = Filled(metric, dimensions, count);
        var random = new RandomStream(3, "queries");
        for (int q = 0; q < 40; q++)
        {
            float[] query = States.Draw(random, dimensions);
            int expected = Enumerable.Range(0, count).MinBy(row => States.Distance(metric, query, states[row]));
            double least = States.Distance(metric, query, states[expected]);
            table.Nearest(query, float.PositiveInfinity, out float form).ShouldBe(expected);
            MetricForm.ToDistance(metric, form).ShouldBe(least, 1e-5 * (1 + least));
            table.Nearest(query, MetricForm.Of(metric, 0.99 * least), out _).ShouldBe(-1);
            table.Nearest(query, MetricForm.Of(metric, 1.01 * least), out _).ShouldBe(expected);
            table.Nearest(query, form, out _).ShouldBe(-1, "the comparison is strict");
        }
    }

    [Fact]
    public void Nearest_EqualRows_FindsTheLowest()
    {
        KeyTable table = new(3, DistanceMetric.Euclidean);
        for (int row = 0; row < 40; row++)
        {
            table.Add(row is 5 or 12 or 37 ? [1, 1, 1] : [9, 9, row]);
        }

        table.Nearest([1, 1, 1.5f], 1, out _).ShouldBe(5);
    }

    [Fact]
    public void Nearest_AllWidths_FindTheSameRowAndBits()
    {
        foreach (bool absolute in new[] { false, true })
        {
            foreach (int dimensions in new[] { 2, 5, 16 })
            {
                const int rows = 75;
                AlignedBuffer blocks = Numbers.Gaussian(RowBlocks.Length(rows, dimensions), $"rows {dimensions}");
                for (int row = rows; row < 80; row++)
                {
                    for (int d = 0; d < dimensions; d++)
                    {
                        blocks.Span[RowBlocks.Position(row, d, dimensions)] = float.PositiveInfinity;
                    }
                }

                AlignedBuffer query = Numbers.Gaussian(dimensions, "query");
                var found = Numbers.AllKernels.Select(kernel =>
                    (kernel.Nearest(blocks.Pointer, rows, dimensions, query.Pointer, absolute, 1e9f, out float distance),
                        distance)).ToArray();
                AlignedBuffer[] all = [.. Numbers.AllKernels.Select(kernel =>
                {
                    AlignedBuffer target = new(80);
                    kernel.Distances(blocks.Pointer, rows, dimensions, query.Pointer, absolute, target.Pointer);
                    return target;
                })];
                for (int k = 1; k < found.Length; k++)
                {
                    found[k].ShouldBe(found[0]);
                    all[k].ShouldBeSameBits(all[0], "distances");
                }

                found[0].distance.ShouldBe(all[0].Span[..rows].ToArray().Min());
            }
        }
    }

    [Fact]
    public void RemoveAt_PutsTheLastRowThere()
    {
        (KeyTable table, List<float[]> states) = Filled(DistanceMetric.Euclidean, 4, 35);
        foreach (int row in new[] { 0, 20, 31, 3 })
        {
            table.RemoveAt(row);
            states[row] = states[^1];
            states.RemoveAt(states.Count - 1);
        }

        table.Count.ShouldBe(31);
        for (int row = 0; row < states.Count; row++)
        {
            table.Nearest(states[row], 1e-9f, out _).ShouldBe(row);
        }
    }

    private static (KeyTable Table, List<float[]> States) Filled(DistanceMetric metric, int dimensions, int count)
    {
        var random = new RandomStream(3, "states");
        KeyTable table = new(dimensions, metric);
        List<float[]> states = [];
        for (int i = 0; i < count; i++)
        {
            states.Add(States.Draw(random, dimensions));
            table.Add(states[i]);
        }

        return (table, states);
    }
}
