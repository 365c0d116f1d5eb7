namespace AkkaLb.Agents.Game.Servers;

/// <summary>What the servers of a run have in common.</summary>
/// <param name="HoldsPlacements">
/// Whether placements count only when the round or the step ends, in the order of the players. Then whatever comes in during a round,
/// everybody observes the loads of its start: simultaneous moves are stale by definition and the same in every run.
/// </param>
/// <param name="Service">How much a server does in a step.</param>
/// <param name="Seed">Root seed of the run.</param>
public sealed record ServerOptions(bool HoldsPlacements, ServiceLaw Service, ulong Seed)
{
    /// <summary>Rounds that a server stores together, at most.</summary>
    public int RoundsOfAnEvent { get; init; } = 1000;
}
