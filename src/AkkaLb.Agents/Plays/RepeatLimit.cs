namespace AkkaLb.Agents.Plays;

/// <summary>How often what has been lost is begun again before it is given up.</summary>
internal sealed class RepeatLimit
{
    /// <summary>So often within <see cref="Window"/>; the loss after that is the last.</summary>
    public const int Most = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<TimeSpan> _losses = [];

    /// <param name="now">Monotonic.</param>
    /// <returns>Whether it may be begun again.</returns>
    public bool Allows(TimeSpan now)
    {
        while (_losses.TryPeek(out TimeSpan first) && now - first > Window)
        {
            _losses.Dequeue();
        }
        _losses.Enqueue(now);
        return _losses.Count <= Most;
    }
}
