namespace AkkaLb.Live.Steering;

/// <summary>Weights are changed at most once in a time, and only when one of them changes by a share.</summary>
/// <param name="interval">Ticks.</param>
internal sealed class ChangeLimiter(long interval, double hysteresis)
{
    private IReadOnlyList<float>? _set;
    private long _when;

    /// <summary>Whether these weights are to be set now; to be confirmed by <see cref="Set"/>.</summary>
    public bool IsDue(IReadOnlyList<float> weights, long now) =>
        _set is null || (now - _when >= interval
            && (_set.Count != weights.Count
                || weights.Zip(_set, (weight, before) => Math.Abs(weight / before - 1)).Any(change => change > hysteresis)));

    /// <summary>Whatever was set is lost: the next weights are due, however soon and small the change.</summary>
    public void Forget() => _set = null;

    /// <summary>They were set.</summary>
    public void Set(IReadOnlyList<float> weights, long now) => (_set, _when) = (weights, now);
}
