using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Agents.DataCenter.LiveBalancers;

/// <summary>What a balancer of real traffic decided and learnt, and what was decided above it.</summary>
public static class LiveBalancerJournal
{
    private const string Prefix = "balancer-";

    /// <summary>The agent's name in the journal.</summary>
    public static string Agent(string cluster) => $"{Prefix}{cluster}";

    /// <summary>Whether it is an agent of this kind: they alone go on for ever, and so forget their first events.</summary>
    public static bool IsAgent(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Weights that hold from now on.</summary>
    /// <param name="Step">From 0: the decision's number, less 1.</param>
    /// <param name="Time">Milliseconds since 1970, UTC.</param>
    /// <param name="Reason">One line.</param>
    public sealed record WeightsDecided(long Step, long Time, string Reason, ImmutableArray<ServerWeight> Servers) : IJournalEvent;

    /// <summary>What is known of the servers' capacities: with it a balancer goes on where it was.</summary>
    /// <param name="Time">Milliseconds since 1970, UTC.</param>
    public sealed record CapacitiesLearnt(long Time, ImmutableArray<ServerKnowledge> Servers) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <summary>A server's state changed, by a rule above the agent or by hand.</summary>
    /// <param name="Time">Milliseconds since 1970, UTC.</param>
    public sealed record ServerStateChanged(long Time, string Server, string From, string To, string Reason) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <summary>Whose weights hold changed: the agent's, or the configured ones.</summary>
    /// <param name="Time">Milliseconds since 1970, UTC.</param>
    public sealed record ModeChanged(long Time, string From, string To, string Reason) : IJournalEvent
    {
        public long Step => -1;
    }
}

/// <summary>A server's weight with what it follows from.</summary>
/// <param name="Rate">Requests per second that it can answer, as estimated.</param>
/// <param name="Slots">Requests of ours in flight from which on it is full.</param>
/// <param name="Seen">Answers that the estimate rests on.</param>
/// <param name="InFlight">Requests in flight when it was decided.</param>
/// <param name="Answered">Answers since the decision before.</param>
/// <param name="Failed">Failures since the decision before.</param>
/// <param name="MeanSeconds">Mean duration of those answers; 0 without any.</param>
public readonly record struct ServerWeight(
    string Name, float Weight, float Rate, float Slots, float Seen, int InFlight, int Answered, int Failed, float MeanSeconds);

/// <summary>What is known of one server.</summary>
/// <param name="Weight">Decided last.</param>
/// <param name="Seconds">By occupancy, as <see cref="OccupancyRecord.Seconds"/> up to the last that is not 0.</param>
/// <param name="Departures">By occupancy; as long.</param>
public readonly record struct ServerKnowledge(string Name, float Weight, ImmutableArray<double> Seconds, ImmutableArray<double> Departures);
