using System.Diagnostics;

namespace Engine.Bench;

/// <summary>One measured round: seconds, bytes allocated and processor seconds.</summary>
internal readonly record struct Sample(double Seconds, long Bytes, double ProcessorSeconds);

/// <summary>Runs rounds and prints the median.</summary>
internal static class Measure
{
    internal static async Task<Sample> Median(int rounds, Func<Task> round, int warmUps = 3)
    {
        for (int i = 0; i < warmUps; i++) { await round(); }
        List<Sample> samples = [];
        using Process process = Process.GetCurrentProcess();
        for (int i = 0; i < rounds; i++)
        {
            GC.Collect();
            process.Refresh();
            TimeSpan processor = process.TotalProcessorTime;
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            await round();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            process.Refresh();
            samples.Add(new Sample(seconds, bytes, (process.TotalProcessorTime - processor).TotalSeconds));
        }
        return samples.OrderBy(s => s.Seconds).ElementAt(rounds / 2);
    }

    internal static void Row(string name, string reached, string target, string bytes, double cores) =>
        Console.WriteLine($"{name,-42}{reached,26}{target,18}{bytes,16}{cores,12:0.00}");

    internal static void Throughput(string name, long messages, Sample sample, string target) => Row(
        name,
        $"{messages / sample.Seconds / 1e6:0.00} M msg/s",
        target,
        $"{(double)sample.Bytes / messages:0.0}",
        sample.ProcessorSeconds / sample.Seconds);
}
