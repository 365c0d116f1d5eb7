using System.Runtime.CompilerServices;

namespace AkkaLb.Live.TestServers;

/// <summary>Work that a processor does: a loop whose pace is measured once. A change of speed counts for what begins after it.</summary>
internal sealed class ProcessorWork(double speed, double iterationsPerSecond) : IWork
{
    private const int Slice = 10_000;

    private double _speed = speed;

    /// <summary>
    /// How many iterations a second takes on an idle processor: the best of a few short trials, since others may compute too.
    /// </summary>
    public static double Measure(TimeProvider time)
    {
        const int Iterations = 2_000_000;
        double best = 0;
        for (int trial = 0; trial < 5; trial++)
        {
            long started = time.GetTimestamp();
            _ = Spin(1, Iterations);
            best = Math.Max(best, Iterations / Math.Max(1e-9, time.GetElapsedTime(started).TotalSeconds));
        }
        return best;
    }

    public void SetSpeed(double speed) => Volatile.Write(ref _speed, speed);

    /// <summary>On a thread of its own: computing for long would keep the pool from answering others.</summary>
    public Task RunAsync(TimeSpan work, CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            ulong state = 1;
            for (double left = work.TotalSeconds / Volatile.Read(ref _speed) * iterationsPerSecond; left > 0; left -= Slice)
            {
                cancellation.ThrowIfCancellationRequested();
                state = Spin(state, (int)Math.Min(left, Slice));
            }
        },
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ulong Spin(ulong state, int iterations)
    {
        for (int i = 0; i < iterations; i++)
        {
            // Each needs the one before, so that the pace is the multiplier's latency and not what the compiler makes of it.
            state = state * 6364136223846793005 + 1442695040888963407;
        }
        return state;
    }
}
