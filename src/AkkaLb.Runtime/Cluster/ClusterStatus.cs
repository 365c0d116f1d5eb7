using System.Text.Json.Serialization;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Who is there and what lives where, as one node sees it: the content of <c>cluster status --json</c>, a contract.</summary>
/// <param name="Unreachable">Addresses of members that this node or another one cannot reach.</param>
/// <param name="Singleton">Address of the node that holds the runs; null: none does.</param>
public sealed record ClusterStatus(
    [property: JsonRequired] IReadOnlyList<MemberStatusReport> Members, [property: JsonRequired] IReadOnlyList<string> Unreachable,
    string? Singleton, [property: JsonRequired] AgentCounts Agents);

/// <param name="UpSince">Since when the asked node knows the member as up; null while it is not.</param>
/// <param name="Shards">That it hosts.</param>
/// <param name="Agents">That it hosts.</param>
public sealed record MemberStatusReport(
    [property: JsonRequired] string Address, [property: JsonRequired] IReadOnlyList<string> Roles,
    [property: JsonRequired] string Status, DateTimeOffset? UpSince, int Shards, int Agents);

/// <summary>Where an agent lives.</summary>
/// <param name="Id">Run and name within it: <c>run/link</c>, <c>run/player-3</c>.</param>
/// <param name="Node">Address of the member that hosts it.</param>
public sealed record AgentPlace([property: JsonRequired] string Id, [property: JsonRequired] string Node);

/// <summary>Something that has happened to a cluster, as it was stored.</summary>
/// <param name="Number">From 1, in the order in which it was stored.</param>
public sealed record ClusterMoment(long Number, DateTimeOffset At, [property: JsonRequired] string Line);

public sealed record AgentCounts(int Total, [property: JsonRequired] IReadOnlyDictionary<string, int> ByNode);
