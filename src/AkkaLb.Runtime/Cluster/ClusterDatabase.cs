namespace AkkaLb.Runtime.Cluster;

/// <summary>The PostgreSQL database of a cluster.</summary>
/// <param name="Connection">Connection string of Npgsql.</param>
/// <param name="Key">What names it to the user: a file and its key, or an option.</param>
public sealed record ClusterDatabase(string Connection, string Key);
