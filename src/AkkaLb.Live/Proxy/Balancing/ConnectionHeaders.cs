using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// Headers that a message's header Connection names: they are for the next hop alone, and not passed on (RFC 9110, 7.6.1).
/// </summary>
internal static class ConnectionHeaders
{
    // Whoever names these means no header of a hop; some of them are the proxy's own.
    private static readonly FrozenSet<string> Kept = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, HeaderNames.Connection, HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.TransferEncoding,
        HeaderNames.Upgrade, HeaderNames.SetCookie, BalancingMiddleware.RequestHeader);

    public static void Remove(IHeaderDictionary headers, IEnumerable<string> named)
    {
        foreach (string name in named)
        {
            if (!Kept.Contains(name))
            {
                headers.Remove(name);
            }
        }
    }
}
