namespace AkkaLb.Live.TestServers;

/// <summary>How long the last answers took.</summary>
internal sealed class RecentTimes
{
    private const int Kept = 16;

    private readonly Lock _lock = new();
    private readonly double[] _seconds = new double[Kept];
    private int _count, _next;

    /// <summary>Seconds; 0 before the first answer.</summary>
    public double Mean
    {
        get
        {
            lock (_lock)
            {
                // Places without an answer yet hold 0.
                return _count == 0 ? 0 : _seconds.Sum() / _count;
            }
        }
    }

    public void Add(double seconds)
    {
        lock (_lock)
        {
            _seconds[_next] = seconds;
            _next = (_next + 1) % Kept;
            _count = Math.Min(_count + 1, Kept);
        }
    }
}
