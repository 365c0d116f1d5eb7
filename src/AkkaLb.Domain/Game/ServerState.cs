using System.Collections.Immutable;

namespace AkkaLb.Domain.Game;

/// <summary>What a player has on a server changed.</summary>
/// <param name="Player">Who.</param>
/// <param name="Amount">Its work on this server from now on, ≥ 0; replaces what it had.</param>
public sealed record WorkPlaced(PlayerId Player, double Amount);

/// <summary>
/// What a server knows of itself. In the static game placements stay until they are replaced; in the dynamic game each
/// <see cref="Serve"/> turns them into backlog and works off one step's worth. Immutable.
/// </summary>
/// <param name="Server">Which.</param>
/// <param name="Rate">μ_j.</param>
/// <param name="Backlog">s_j, work that no player can take back.</param>
/// <param name="Load">Backlog and placements, what players observe.</param>
/// <param name="Placed">What each player has here.</param>
public sealed record ServerState(
    ServerId Server, double Rate, double Backlog, double Load, ImmutableDictionary<PlayerId, double> Placed)
{
    public static ServerState Initial(ServerId server, double rate, double backlog) =>
        new(server, rate, backlog, backlog, ImmutableDictionary<PlayerId, double>.Empty);

    /// <summary>x_j, time to work off the load.</summary>
    public double Level => Load / Rate;

    /// <summary>
    /// Adds and subtracts in the order in which <see cref="BestResponseDynamics{T}"/> does, so that both agree to the last bit.
    /// </summary>
    public ServerState Apply(WorkPlaced placed) => this with
    {
        Load = Math.Max(Load - Placed.GetValueOrDefault(placed.Player), 0) + placed.Amount,
        Placed = placed.Amount > 0 ? Placed.SetItem(placed.Player, placed.Amount) : Placed.Remove(placed.Player),
    };

    /// <summary>One time step of the dynamic game: the placed work becomes backlog, and up to μ_j of it is done.</summary>
    public ServerState Serve()
    {
        double rest = Math.Max(Load - Rate, 0);
        return Initial(Server, Rate, rest);
    }
}
