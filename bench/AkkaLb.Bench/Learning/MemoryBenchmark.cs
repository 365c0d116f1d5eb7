using System.Diagnostics;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>memory</c>: the search for the nearest representative against the size of a store, beside the exchange that it saves.
/// </summary>
internal static unsafe class MemoryBenchmark
{
    private const int Queries = 256;

    private static readonly int[] Sizes = [64, 256, 512, 1024, 4096, 16384, 65536];

    public static int Run()
    {
        Console.WriteLine("one thread; a search in ns; found: the query is in the store; new: nothing is within Δ = 0.015; full: Δ so "
            + "large that no row is given up");
        Console.WriteLine($"{"rows",8}{"found, 16",12}{"new, 16",12}{"full, 16",12}"
            + $"{"plain loop",12}{"found, 2",12}{"new, 2",12}{"Δ-net, 16",12}");
        foreach (int rows in Sizes)
        {
            (KeyTable wide, float[][] known) = Filled(rows, 16);
            (KeyTable narrow, float[][] knownPairs) = Filled(rows, 2);
            float[][] fresh = Draw(16, "fresh", Queries), freshPairs = Draw(2, "fresh", Queries);
            float limit = MetricForm.Of(DistanceMetric.Euclidean, 0.015), none = float.PositiveInfinity;
            float[] plain = [.. Draw(16, "states", rows).SelectMany(state => state)];
            var net = new DeltaNet(16, 16, DistanceMetric.Euclidean, rows);
            for (int i = 0; i < rows; i++)
            {
                net.Remember(new ExperienceCase(plain.AsSpan(16 * i, 16), new float[16], 0, 0, i), 0.015);
            }

            Console.WriteLine($"{rows,8}{Time(known, q => wide.Nearest(q, limit, out _))}{Time(fresh, q => wide.Nearest(q, limit, out _))}"
                + $"{Time(fresh, q => wide.Nearest(q, none, out _))}{Time(fresh, q => PlainNearest(plain, q))}"
                + $"{Time(knownPairs, q => narrow.Nearest(q, limit, out _))}{Time(freshPairs, q => narrow.Nearest(q, limit, out _))}"
                + $"{Time(fresh, q => net.Find(q, 0.015, out _) ? 1 : 0)}");
        }

        Console.WriteLine($"one exchange of one agent with 3 predecessors: {Exchange():F0} ns");
        return 0;
    }

    /// <summary>The same search without vectors and without giving up rows.</summary>
    private static int PlainNearest(float[] rows, float[] query)
    {
        int best = -1;
        float least = float.PositiveInfinity;
        for (int row = 0; row < rows.Length / query.Length; row++)
        {
            float sum = 0;
            for (int d = 0; d < query.Length; d++)
            {
                float difference = query[d] - rows[row * query.Length + d];
                sum += difference * difference;
            }

            if (sum < least)
            {
                (best, least) = (row, sum);
            }
        }

        return best;
    }

    private static double Exchange()
    {
        var model = new NetworkModel(new NetworkLearningOptions(), TopologyLibrary.Get("abilene"));
        using var learner = new PpoLearner(model, seed: 1, threads: 1);
        var agent = new LinkAgentCore(model, Enumerable.Range(0, model.LinkCount).First(link => model.Predecessors(link).Length == 3));
        float[] own = new float[16], incoming = new float[48];
        return Median(() =>
        {
            for (int i = 0; i < Queries; i++)
            {
                agent.Iterate(learner.Policy, own, incoming, own);
            }
        });
    }

    private static string Time(float[][] queries, Func<float[], int> search) => $"{Median(() =>
    {
        foreach (float[] query in queries)
        {
            search(query);
        }
    }),12:F0}";

    private static (KeyTable Table, float[][] Known) Filled(int rows, int dimensions)
    {
        float[][] states = Draw(dimensions, "states", rows);
        var table = new KeyTable(dimensions, DistanceMetric.Euclidean);
        foreach (float[] state in states)
        {
            table.Add(state);
        }

        return (table, [.. Enumerable.Range(0, Queries).Select(i => states[i * 7919 % rows])]);
    }

    /// <summary>States like those of a tanh layer.</summary>
    private static float[][] Draw(int dimensions, string name, int count)
    {
        var random = new RandomStream(1, name, (ulong)dimensions);
        return [.. Enumerable.Range(0, count).Select(
            _ => Enumerable.Range(0, dimensions).Select(_ => (float)Math.Tanh(random.NextGaussian())).ToArray())];
    }

    /// <summary>Nanoseconds of one of the queries that an action makes.</summary>
    private static double Median(Action action)
    {
        double[] times = new double[51];
        for (int i = -50; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Queries;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }
}
