namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>What active checks say of a server: so many answers in a row change it.</summary>
public sealed class HealthRecord
{
    private int _inARow;

    public bool IsHealthy { get; private set; } = true;

    /// <summary>Counts a check.</summary>
    /// <returns>Whether it changed what is thought of the server.</returns>
    public bool Count(bool passed, int fall, int rise)
    {
        _inARow = passed == IsHealthy ? 0 : _inARow + 1;
        if (_inARow < (IsHealthy ? fall : rise))
        {
            return false;
        }
        (IsHealthy, _inARow) = (passed, 0);
        return true;
    }
}
