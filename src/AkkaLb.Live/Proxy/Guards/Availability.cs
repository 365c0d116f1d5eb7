using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>Which servers are in use: those that are neither drained, nor unhealthy, nor ejected.</summary>
internal static class Availability
{
    /// <summary>Sets who is in use.</summary>
    /// <param name="panic">
    /// Share of ejected servers among the healthy ones above which ejections are passed over: when most fail, the cause lies elsewhere, and
    /// the rest could not carry the load.
    /// </param>
    /// <returns>Whether ejections are passed over.</returns>
    public static bool Decide(ReadOnlySpan<ServerSlot> servers, double panic, Span<bool> inUse)
    {
        int healthy = 0, ejected = 0;
        foreach (ServerSlot server in servers)
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

    private static bool IsUsable(ServerSlot server) => !server.IsDrained && server.Health.IsHealthy;
}
