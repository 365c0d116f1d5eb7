using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// Sequential best responses on a dense profile. From any start whose rows do not exceed the lengths, the profile is an equilibrium as
/// soon as everybody has moved once, in any order (Theorem 7; the positivity that the paper assumes is not needed). O(n·m) memory;
/// <see cref="GroupedPass"/> does the same for large games.
/// </summary>
public sealed class BestResponseDynamics<T> where T : INumber<T>
{
    private readonly T[] _loads, _others;

    /// <param name="instance">The game.</param>
    /// <param name="start">The first profile; kept and changed in place.</param>
    public BestResponseDynamics(GameInstance<T> instance, Profile<T> start)
    {
        Instance = instance;
        Profile = start;
        _loads = GameCosts.LoadsUnder(instance, start);
        _others = new T[instance.Servers];
    }

    public GameInstance<T> Instance { get; }

    public Profile<T> Profile { get; }

    /// <summary>s_j + L_j under the profile.</summary>
    public ReadOnlySpan<T> Loads => _loads;

    /// <summary>The player takes its work back and places it anew. Returns the level reached, which never falls during a pass.</summary>
    public WaterLevel<T> Update(int player)
    {
        Span<T> row = Profile[player];
        for (int j = 0; j < row.Length; j++)
        {
            // Rounding may leave a server that only this player used slightly below zero.
            _others[j] = T.Max(_loads[j] - row[j], T.Zero);
        }

        WaterLevel<T> water = WaterFilling.Fill(_others, Instance.Rates.AsSpan(), Instance.Lengths[player], row);
        for (int j = 0; j < row.Length; j++)
        {
            _loads[j] = _others[j] + row[j];
        }

        return water;
    }

    /// <summary>Updates of the given players, one after the other; the level after each.</summary>
    public T[] Pass(IEnumerable<int> order)
    {
        Instance.Loads.CopyTo(_loads);
        Profile.AddTotalsTo(_loads); // afresh for each pass, against drift
        return order.Select(player => Update(player).Level).ToArray();
    }

    /// <summary>Every player once, in index order.</summary>
    public T[] Pass() => Pass(Enumerable.Range(0, Instance.Players));
}
