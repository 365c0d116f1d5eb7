namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>Looks for a server where the policy is not asked.</summary>
public static class ServerSearch
{
    /// <summary>The least loaded server but one; that one too where there is no other.</summary>
    /// <param name="except">Its number.</param>
    /// <returns>Null when nobody is in use.</returns>
    public static TServer? Other<TServer>(ReadOnlySpan<TServer> servers, int except)
        where TServer : GuardedServer
    {
        TServer? best = null;
        foreach (TServer server in servers)
        {
            if (server.IsInUse && (best is null || best.Number == except || (server.Number != except && Load(server) < Load(best))))
            {
                best = server;
            }
        }
        return best;
    }

    /// <summary>The least loaded server with room.</summary>
    /// <param name="most">Requests in flight at one.</param>
    /// <returns>Null when all are full.</returns>
    public static TServer? Roomiest<TServer>(ReadOnlySpan<TServer> servers, int most)
        where TServer : GuardedServer
    {
        TServer? best = null;
        foreach (TServer server in servers)
        {
            if (server.IsInUse && server.Places < most && (best is null || Load(server) < Load(best)))
            {
                best = server;
            }
        }
        return best;
    }

    private static double Load(GuardedServer server) => (server.Places + 1) / (server.Weight > 0 ? server.Weight : server.ConfiguredWeight);
}
