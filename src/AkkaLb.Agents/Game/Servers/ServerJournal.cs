using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>What a server's journal holds.</summary>
public static class ServerJournal
{
    /// <summary>The agent's name.</summary>
    public static string Agent(ServerId server) => $"server-{server.Index}";

    /// <summary>Rounds or steps have ended: those since the event before, until there were many of them or the game was over.</summary>
    /// <param name="Step">Number of the event, from 0.</param>
    /// <param name="First">Number of its first round, from 0.</param>
    /// <param name="Placements">How many placed work in each round.</param>
    /// <param name="Players">Who, round after round, in the order in which it counted.</param>
    /// <param name="Amounts">What each had there from then on.</param>
    /// <param name="Services">Work that the server could do in each step; empty in the static game, where none is done.</param>
    /// <param name="Load">What was left after the last.</param>
    public sealed record RoundsEnded(
        long Step, long First, ImmutableArray<int> Placements, ImmutableArray<int> Players, ImmutableArray<double> Amounts,
        ImmutableArray<double> Services, double Load) : IJournalEvent
    {
        /// <summary>Rounds that had ended after it.</summary>
        public long Until => First + Placements.Length;
    }
}
