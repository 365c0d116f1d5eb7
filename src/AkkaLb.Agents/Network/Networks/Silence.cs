namespace AkkaLb.Agents.Network.Networks;

/// <summary>How long nobody has answered, in looks at it.</summary>
internal sealed class Silence
{
    /// <summary>Looks in the time that an answer may take.</summary>
    public const int LooksPerPatience = 2;

    private int _looks;

    /// <summary>Somebody has answered, or something else is asked now.</summary>
    public void End() => _looks = 0;

    /// <summary>Looks at it.</summary>
    /// <param name="isAwaiting">Whether an answer is missing.</param>
    /// <param name="patience">In times of what an answer may take.</param>
    public bool IsTooLong(bool isAwaiting, int patience)
    {
        _looks = isAwaiting ? _looks + 1 : 0;
        return _looks > LooksPerPatience * patience;
    }
}
