namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>Is told what happens to a cluster beside its requests; by any thread, some of it under the cluster's lock.</summary>
internal interface IClusterEvents
{
    /// <summary>The configuration has other servers; called under the lock.</summary>
    void ServersChanged(BalancedCluster cluster);

    void StateChanged(BalancedCluster cluster, string server, string from, string to, string reason);

    void ModeChanged(BalancedCluster cluster, WeightMode from, WeightMode to, string reason);
}
