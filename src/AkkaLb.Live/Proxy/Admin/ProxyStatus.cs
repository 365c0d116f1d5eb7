using System.Text.Json.Serialization;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>A proxy as its admin API describes it. Names are stable; times are seconds.</summary>
/// <param name="Switches">Changes by rules above the agents, by cluster and what they were to.</param>
public sealed record ProxyStatus(
    string Name, double UpSeconds, [property: JsonRequired] IReadOnlyList<ClusterStatus> Clusters,
    IReadOnlyDictionary<string, long> Switches);

/// <param name="Weights">Whose weights hold: configured, learned, comparison, fallback.</param>
/// <param name="Reason">Why.</param>
/// <param name="Decision">Number of the decision in force; 0: none.</param>
/// <param name="DecisionReason">Why it was made.</param>
/// <param name="AgentSilence">Since the agent's last word; null without one.</param>
/// <param name="EquilibriumGap">Share of its requests' waiting that this proxy could save by moving them, 0 to 1.</param>
/// <param name="ComparisonPairs">Pairs of slices compared.</param>
/// <param name="ComparisonDisadvantage">How much longer requests take with the agent's weights: below 0 is shorter.</param>
/// <param name="Dropped">Observations that nobody took in time.</param>
/// <param name="Latencies">
/// What shares of the last minute's requests took at most: seconds and share, ascending; empty without requests.
/// </param>
/// <param name="LastRequest">The <c>x-akkalb-request</c> of the last request; null before the first.</param>
public sealed record ClusterStatus(
    string Name, string Policy, string Weights, string Reason, long Decision, string DecisionReason, double? AgentSilence,
    double? EquilibriumGap,
    int ComparisonPairs, double? ComparisonDisadvantage, long Dropped, [property: JsonRequired] IReadOnlyList<ServerStatus> Servers,
    [property: JsonRequired] IReadOnlyList<LatencyShare> Latencies, string? LastRequest);

/// <param name="Seconds">That so many requests took at most.</param>
/// <param name="Share">0 to 1.</param>
public sealed record LatencyShare(double Seconds, double Share);

/// <param name="State">in use, ejected, unhealthy, drained.</param>
/// <param name="Weight">In force, slow start included.</param>
/// <param name="Held">Failed requests that keep their places.</param>
/// <param name="Abandoned">
/// Requests that are neither answered nor failed: clients that went away before the answer had ended, upgraded connections that nobody
/// used.
/// </param>
/// <param name="P50">Of the last minute; null without requests.</param>
/// <param name="Rate">Requests per second that it can answer, as the agent estimates.</param>
/// <param name="Slots">Requests of ours in flight from which on it is full, as the agent estimates.</param>
public sealed record ServerStatus(
    string Name, string Address, string State, double Weight, double ConfiguredWeight, int InFlight, int Held, int Waiting, long Requests,
    long Failed, long Abandoned, double? P50, double? P99, double? Mean, double? Rate, double? Slots);

/// <summary>Why a request went where it did.</summary>
/// <param name="Server">Null when the pick is forgotten: some thousands are remembered.</param>
/// <param name="Pick">policy, floor, affinity, retry or queue.</param>
/// <param name="InFlight">At the server, this one included.</param>
/// <param name="InFlightOfAll">At all servers.</param>
/// <param name="Weight">Of the server then.</param>
/// <param name="SecondsAgo">Since the pick.</param>
/// <param name="Policy">How the cluster picks now.</param>
/// <param name="Decision">The decision in force then, from the journal; null before the first, and without an agent.</param>
public sealed record RequestExplanation(
    string Request, string? Server, string? Pick, int? InFlight, int? InFlightOfAll, double? Weight, double? SecondsAgo, string Policy,
    DecisionExplanation? Decision);

/// <param name="Time">UTC.</param>
public sealed record DecisionExplanation(long Number, DateTimeOffset Time, string Reason, IReadOnlyList<DecidedServer> Servers);

/// <summary>A server in a decision, as the agent saw it; see <c>live-weights-decided</c> of the journal.</summary>
public sealed record DecidedServer(
    string Name, double Weight, double Rate, double Slots, double Seen, int InFlight, int Answered, int Failed, double MeanSeconds);

/// <param name="Problem">Null: it was done.</param>
internal sealed record AdminAnswer(string? Problem, string? State = null);
