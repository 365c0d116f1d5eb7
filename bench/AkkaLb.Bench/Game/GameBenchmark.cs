using System.Diagnostics;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Bench.Game;

/// <summary>
/// The load-balancing game on one thread: the static pass in its grouped form, and whole dynamic runs in the compressed form, over growing
/// numbers of players and servers. Instances from the scaling ranges; times are medians.
/// </summary>
internal static class GameBenchmark
{
    private const double StaticTargetSeconds = 1, DynamicTargetMilliseconds = 10;

    public static int Run()
    {
        Console.WriteLine("static pass, grouped, every job started on 4 random servers");
        (int, int)[] sizes = [(1_000, 200), (10_000, 2_000), (100_000, 20_000), (200_000, 20_000), (100_000, 40_000)];
        foreach ((int players, int servers) in sizes)
        {
            GameInstance<double> instance = Draw(players, servers, highestLoad: 100);
            SparseProfile<double> start = FourServersEach(instance);
            double empty = Median(() => GroupedPass.Run(instance, SparseProfile<double>.Empty(players)));
            double placed = Median(() => GroupedPass.Run(instance, start));
            double costs = Median(() => GroupedPass.Run(instance, start).JobWeightedCosts());
            string target = (players, servers) == (100_000, 20_000) ? Verdict(placed / 1000, StaticTargetSeconds, "s") : "";
            Console.WriteLine(
                $"{players,8} players {servers,6} servers   from empty {empty,8:F2} ms   from 4 servers each {placed,8:F2} ms   "
                + $"with all costs {costs,8:F2} ms{target}");
        }

        Console.WriteLine("dynamic run until empty, compressed, round robin");
        foreach (double highestLoad in new[] { 100.0, 50_000.0 })
        {
            foreach (int servers in new[] { 200, 2_000, 20_000, 200_000 })
            {
                GameInstance<double> instance = Draw(5 * servers, servers, highestLoad);
                double sorting = Median(() => new CompressedDynamics<double>(instance));
                (long steps, double run) = MedianRun(instance);
                string target = servers == 20_000 ? Verdict(run, DynamicTargetMilliseconds, "ms") : "";
                Console.WriteLine($"{servers,8} servers {steps,7} steps   sorting {sorting,8:F3} ms   after it {run,8:F3} ms{target}");
            }
        }

        Console.WriteLine("one best response");
        foreach (int servers in new[] { 200, 2_000, 20_000, 200_000 })
        {
            GameInstance<double> instance = Draw(1, servers, highestLoad: 100);
            var placed = new double[servers];
            double volume = servers;
            double milliseconds = Median(() => WaterFilling.Fill(instance.Loads.AsSpan(), instance.Rates.AsSpan(), volume, placed));
            Console.WriteLine($"{servers,8} servers   {1000 * milliseconds,8:F1} µs");
        }

        return 0;
    }

    private static GameInstance<double> Draw(int players, int servers, double highestLoad) =>
        (InstanceRanges.Scaling with { Loads = (0, highestLoad) })
            .Draw(players, servers, new RandomStream(1, "initialisation/game").NextDouble);

    private static SparseProfile<double> FourServersEach(GameInstance<double> instance)
    {
        var random = new RandomStream(1, "initialisation/start");
        var starts = new int[instance.Players + 1];
        var servers = new int[4 * instance.Players];
        var amounts = new double[servers.Length];
        for (int i = 0; i < instance.Players; i++)
        {
            starts[i + 1] = 4 * (i + 1);
            int first = random.NextInt32(instance.Servers), stride = 1 + random.NextInt32(instance.Servers / 4 - 1);
            for (int entry = 0; entry < 4; entry++)
            {
                servers[4 * i + entry] = (first + entry * stride) % instance.Servers;
                amounts[4 * i + entry] = instance.Lengths[i] / 4;
            }
        }

        return new SparseProfile<double>(starts, servers, amounts);
    }

    /// <summary>Steps, and milliseconds from the sorted start until all servers are empty, the final loads included.</summary>
    private static (long Steps, double Milliseconds) MedianRun(GameInstance<double> instance)
    {
        var times = new double[51];
        var loads = new double[instance.Servers];
        long steps = 0;
        for (int k = 0; k < times.Length; k++)
        {
            var dynamics = new CompressedDynamics<double>(instance);
            long start = Stopwatch.GetTimestamp();
            using IEnumerator<int> picks = Picks.RoundRobin(instance.Players).GetEnumerator();
            while (!dynamics.IsIdle && picks.MoveNext())
            {
                dynamics.Step(instance.Lengths[picks.Current]);
            }

            dynamics.CopyLoads(loads);
            times[k] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            steps = dynamics.Time;
        }

        Array.Sort(times);
        return (steps, times[times.Length / 2]);
    }

    /// <summary>In milliseconds; short actions are repeated to fill a measurable time.</summary>
    private static double Median(Action action)
    {
        const double warmUpMilliseconds = 300, blockMilliseconds = 2;
        long start = Stopwatch.GetTimestamp();
        int warm = 0;
        for (; warm < 3 || Stopwatch.GetElapsedTime(start).TotalMilliseconds < warmUpMilliseconds; warm++)
        {
            action();
        }

        double once = Stopwatch.GetElapsedTime(start).TotalMilliseconds / warm;
        int repetitions = Math.Max(1, (int)(blockMilliseconds / once));
        var times = new double[15];
        for (int k = 0; k < times.Length; k++)
        {
            start = Stopwatch.GetTimestamp();
            for (int r = 0; r < repetitions; r++)
            {
                action();
            }

            times[k] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / repetitions;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static string Verdict(double value, double target, string unit) =>
        $"   target ≤ {target} {unit}: {(value <= target ? "reached" : "missed")}";
}
