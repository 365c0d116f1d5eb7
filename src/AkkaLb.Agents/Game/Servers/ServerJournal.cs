using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>What a server's journal holds.</summary>
public static class ServerJournal
{
    /// <summary>The agent's name.</summary>
    public static string Agent(ServerId server) => $"server-{server.Index}";

    /// <summary>A round or a step has ended.</summary>
    /// <param name="Step">Number of the round, from 0.</param>
    /// <param name="Players">Who placed work in it, in the order in which it counted.</param>
    /// <param name="Amounts">What each has here from then on.</param>
    /// <param name="Service">Work that the server could do in the step; null in the static game, where none is done.</param>
    /// <param name="Load">What was left after it.</param>
    public sealed record RoundEnded(
        long Step, ImmutableArray<int> Players, ImmutableArray<double> Amounts, double? Service, double Load) : IJournalEvent
    {
    }
}
