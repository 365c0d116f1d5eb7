using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AkkaLb.Domain.Game;

/// <summary>A player decided where its work goes from now on.</summary>
/// <param name="Player">Who.</param>
/// <param name="Placement">What it has on each server, in units of work.</param>
/// <param name="Level">ν, the level that it expects on the servers it uses.</param>
public sealed record PlacementDecided(PlayerId Player, ImmutableArray<double> Placement, double Level);

/// <summary>What a player knows of itself: its job and where it placed it. Immutable; the actor adds only the mailbox.</summary>
/// <param name="Player">Who.</param>
/// <param name="Length">λ_i.</param>
/// <param name="Placement">l_i, one amount for each server; zeros before the first decision.</param>
public sealed record PlayerState(PlayerId Player, double Length, ImmutableArray<double> Placement)
{
    /// <summary>A player that has placed nothing yet.</summary>
    public static PlayerState Unplaced(PlayerId player, double length, int servers) =>
        new(player, length, ImmutableArray.Create(new double[servers]));

    /// <summary>The best response to observed loads, which need not be fresh.</summary>
    /// <param name="observedLoads">Load of each server, the player's own work included.</param>
    /// <param name="rates">μ_j as the player knows them.</param>
    /// <param name="share">
    /// The part of the way to the best response that the player goes, in (0, 1]; below 1 it damps oscillations of simultaneous moves.
    /// </param>
    public PlacementDecided Decide(ReadOnlySpan<double> observedLoads, ReadOnlySpan<double> rates, double share = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var others = new double[observedLoads.Length];
        for (int j = 0; j < others.Length; j++)
        {
            others[j] = Math.Max(observedLoads[j] - Placement[j], 0);
        }

        var placed = new double[others.Length];
        double level = WaterFilling.Fill(others, rates, Length, placed).Level;
        if (share < 1)
        {
            for (int j = 0; j < placed.Length; j++)
            {
                placed[j] = Placement[j] + share * (placed[j] - Placement[j]);
            }
        }

        return new PlacementDecided(Player, ImmutableCollectionsMarshal.AsImmutableArray(placed), level);
    }

    public PlayerState Apply(PlacementDecided decided) => this with { Placement = decided.Placement };
}
