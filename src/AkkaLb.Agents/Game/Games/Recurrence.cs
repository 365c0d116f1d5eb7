using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Games;

/// <summary>Finds that deterministic play has come back to an earlier profile (Brent's method: one profile is remembered).</summary>
internal sealed class Recurrence(GameInstance<double> instance)
{
    private const double Tolerance = 1e-9;

    private Profile<double>? _saved;
    private int _savedAt, _nextSave = 1;

    /// <summary>The number of rounds since the same profile, or null.</summary>
    public int? Period(int round, Profile<double> profile)
    {
        if (_saved is not null && IsSaved(profile))
        {
            return round - _savedAt;
        }
        if (round >= _nextSave)
        {
            (_saved, _savedAt, _nextSave) = (profile.Clone(), round, 2 * round);
        }
        return null;
    }

    private bool IsSaved(Profile<double> profile)
    {
        for (int i = 0; i < instance.Players; i++)
        {
            ReadOnlySpan<double> now = profile[i], then = _saved![i];
            for (int j = 0; j < now.Length; j++)
            {
                if (Math.Abs(now[j] - then[j]) > Tolerance * instance.Lengths[i])
                {
                    return false;
                }
            }
        }
        return true;
    }
}
