namespace AkkaLb.Agents.Game.Games;

/// <summary>Who moves when in the static game.</summary>
public abstract record Schedule
{
    /// <summary>A token goes round: one player after the other, in index order. A round is one turn of the ring.</summary>
    public sealed record TokenRing : Schedule;

    /// <summary>One player after the other, as drawn. A round is as many moves as there are players.</summary>
    /// <param name="Picks">Who moves, without end; the same whenever they are gone through.</param>
    public sealed record RandomActivation(IEnumerable<int> Picks) : Schedule;

    /// <summary>Every player has a clock that rings as a Poisson process of rate 1. A round is one unit of virtual time.</summary>
    /// <param name="Latency">
    /// Virtual time between observing and placing; whoever places meanwhile, the player does not notice. Rings before it has placed pass
    /// by.
    /// </param>
    /// <param name="Seed">Root seed of the run.</param>
    public sealed record PoissonClocks(double Latency, ulong Seed) : Schedule;

    /// <summary>Everybody at once, on the loads at the round's start.</summary>
    /// <param name="Activation">Probability that a player moves in a round; 1: all of them do.</param>
    /// <param name="Seed">Root seed of the run.</param>
    public sealed record Simultaneous(double Activation, ulong Seed) : Schedule;
}
