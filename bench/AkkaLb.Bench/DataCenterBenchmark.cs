using System.Diagnostics;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Bench;

/// <summary>
/// Events per second of the data-centre simulator on one thread with SED, and its growth with servers and load balancers.
/// </summary>
internal static class DataCenterBenchmark
{
    private const double TargetMillions = 5;
    private const long Jobs = 400_000;

    public static int Run()
    {
        Measure(7, 2);
        (int, int)[] sizes = [(7, 2), (7, 1), (7, 6), (20, 6), (100, 6), (1000, 6), (10_000, 6), (10_000, 32)];
        foreach ((int servers, int loadBalancers) in sizes)
        {
            (double wall, double processor) = Measure(servers, loadBalancers);
            string verdict = (servers, loadBalancers) != (7, 2) ? ""
                : $"   target ≥ {TargetMillions} M: {(processor >= TargetMillions ? "reached" : "missed")}";
            Console.WriteLine(
                $"{servers,6} servers {loadBalancers,3} load balancers   {processor,6:F2} M events per second of processor, "
                + $"{wall,6:F2} M of wall time{verdict}");
        }

        return 0;
    }

    /// <summary>The best of three runs, so that the runtime has compiled the hot paths.</summary>
    private static (double Wall, double Processor) Measure(int servers, int loadBalancers)
    {
        int[] workers = [.. Enumerable.Range(0, servers).Select(j => j % 7 < 4 ? 2 : 4)];
        double rate = 0.8 * workers.Sum();
        DataCenterModel model = new()
        {
            Servers = [.. workers.Select(w => new ServerOptions(w))],
            Weights = [.. workers.Select(w => (double)w)],
            LoadBalancers = loadBalancers,
            Traffic = new TrafficOptions
            {
                Classes = [new("job", 1, 1, new(ServiceLaw.Exponential, 1), default)],
                Rate = rate,
                Duration = Ticks.FromSeconds(Jobs / rate),
            },
        };
        (double wall, double processor) = (0, 0);
        for (int repetition = 0; repetition < 3; repetition++)
        {
            DataCenterSimulation simulation = new(model, new SimulationOptions("sed", 1) { RecordJobs = false });
            using Process process = Process.GetCurrentProcess();
            TimeSpan before = process.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            long events = simulation.Run().Events;
            wall = Math.Max(wall, events / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6);
            process.Refresh();
            processor = Math.Max(processor, events / (process.TotalProcessorTime - before).TotalSeconds / 1e6);
        }

        return (wall, processor);
    }
}
