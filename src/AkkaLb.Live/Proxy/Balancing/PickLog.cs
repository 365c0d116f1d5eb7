namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>A pick as it was made.</summary>
/// <param name="InFlight">Requests in flight at the server then, this one included.</param>
/// <param name="Total">Requests in flight at all servers then.</param>
/// <param name="Time">Ticks.</param>
internal readonly record struct PickRecord(
    long Number, long Decision, int Server, int InFlight, int Total, float Weight, PickReason Reason, long Time);

/// <summary>The last picks of a cluster. Guarded by its lock.</summary>
internal sealed class PickLog
{
    /// <summary>Picks that are remembered; a power of two.</summary>
    public const int Length = 8192;

    private readonly PickRecord[] _picks = new PickRecord[Length];

    public void Add(in PickRecord pick) => _picks[pick.Number & (Length - 1)] = pick;

    /// <returns>Null when it was never made, or is forgotten.</returns>
    public PickRecord? Find(long number) => _picks[number & (Length - 1)] is { } pick && pick.Number == number && number > 0 ? pick : null;
}
