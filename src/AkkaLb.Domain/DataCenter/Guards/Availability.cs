namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>Which servers are in use: those that are neither drained, nor unhealthy, nor ejected.</summary>
public static class Availability
{
    /// <summary>Sets who is in use.</summary>
    /// <param name="panic">
    /// Share of ejected servers among the healthy ones above which ejections are passed over: when most fail, the cause lies elsewhere, and
    /// the rest could not carry the load.
    /// </param>
    /// <returns>Whether ejections are passed over.</returns>
    public static bool Decide<TServer>(ReadOnlySpan<TServer> servers, double panic, Span<bool> inUse)
        where TServer : GuardedServer
    {
        int healthy = 0, ejected = 0;
        foreach (TServer server in servers)
        {
            if (IsUsable(server))
            {
                healthy++;
                ejected += server.Ejection.IsEjected ? 1 : 0;
            }
        }
        bool panics = ejected > panic * healthy;
        for (int j = 0; j < servers.Length; j++)
        {
            inUse[j] = IsUsable(servers[j]) && (panics || !servers[j].Ejection.IsEjected);
        }
        return panics;
    }

    /// <summary>Decides who is in use, and notes it with the servers: one that had requests before begins anew, slowly.</summary>
    /// <inheritdoc cref="Decide"/>
    public static bool Announce<TServer>(ReadOnlySpan<TServer> servers, double panic, long now, Span<bool> inUse)
        where TServer : GuardedServer
    {
        bool panics = Decide(servers, panic, inUse);
        for (int j = 0; j < servers.Length; j++)
        {
            if (inUse[j] && !servers[j].IsInUse && servers[j].Picks > 0)
            {
                servers[j].InUseSince = now;
            }
            servers[j].IsInUse = inUse[j];
        }
        return panics;
    }

    private static bool IsUsable(GuardedServer server) => !server.IsDrained && server.Health.IsHealthy;
}
