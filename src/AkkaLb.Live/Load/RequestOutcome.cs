namespace AkkaLb.Live.Load;

/// <summary>What became of one request.</summary>
/// <param name="Late">From when it was due until it was sent, nanoseconds.</param>
/// <param name="Latency">From when it was due until the last byte of its answer, or until it failed, nanoseconds.</param>
/// <param name="Status">Of HTTP, or one of the constants below.</param>
/// <param name="Server">The server that answered, from its header; −1 when none says so.</param>
public readonly record struct RequestOutcome(long Late, long Latency, short Status, short Server)
{
    /// <summary>Not sent, or without an answer when the run was interrupted.</summary>
    public const short Unfinished = 0;

    /// <summary>No connection, or one that broke before the end of the answer.</summary>
    public const short Broken = -1;

    /// <summary>No whole answer within the time-out.</summary>
    public const short TimedOut = -2;

    public bool IsSuccess => Status is >= 200 and < 300;
}
