namespace AkkaLb.Runtime.Cluster;

/// <summary>Who is there and what lives where, as one node sees it: the content of <c>cluster status --json</c>, a contract.</summary>
/// <param name="Unreachable">Addresses of members that this node or another one cannot reach.</param>
/// <param name="Singleton">Address of the node that holds the runs; null: none does.</param>
public sealed record ClusterStatus(
    IReadOnlyList<MemberStatusReport> Members, IReadOnlyList<string> Unreachable, string? Singleton, AgentCounts Agents);

/// <param name="UpSince">Since when the asked node knows the member as up; null while it is not.</param>
/// <param name="Shards">That it hosts.</param>
/// <param name="Agents">That it hosts.</param>
public sealed record MemberStatusReport(
    string Address, IReadOnlyList<string> Roles, string Status, DateTimeOffset? UpSince, int Shards, int Agents);

public sealed record AgentCounts(int Total, IReadOnlyDictionary<string, int> ByNode);
