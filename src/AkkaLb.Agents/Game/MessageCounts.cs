namespace AkkaLb.Agents.Game;

/// <summary>Messages that actors sent, by purpose; every one of them is counted by its sender.</summary>
/// <param name="Observations">Questions for loads, and their answers.</param>
/// <param name="Placements">Work placed on servers, and the servers' acknowledgements.</param>
/// <param name="Control">Turns, tokens, and reports to the game.</param>
public readonly record struct MessageCounts(long Observations, long Placements, long Control)
{
    public long Total => Observations + Placements + Control;

    public static MessageCounts operator +(MessageCounts a, MessageCounts b) =>
        new(a.Observations + b.Observations, a.Placements + b.Placements, a.Control + b.Control);
}
