using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>Real time in the ticks of the simulator (nanoseconds), from the proxy's start.</summary>
internal sealed class LiveClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly double _ticks = (double)Ticks.PerSecond / time.TimestampFrequency;

    public TimeProvider Time => time;

    public long Now => (long)((time.GetTimestamp() - _start) * _ticks);

    public DateTimeOffset TimeOfDay => time.GetUtcNow();

    public static long Of(TimeSpan time) => time.Ticks * (Ticks.PerSecond / TimeSpan.TicksPerSecond);
}
