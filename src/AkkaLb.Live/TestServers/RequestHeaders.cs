using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.TestServers;

/// <summary>What load generator and test servers tell each other, through whatever balancer stands between them.</summary>
internal static class RequestHeaders
{
    /// <summary>Service time of the request, microseconds: it travels with the request, so that all balancers meet the same jobs.</summary>
    public const string Work = "X-AkkaLb-Work";

    /// <summary>Of an answer: the position of the server that gave it.</summary>
    public const string Server = "X-AkkaLb-Server";

    /// <summary>The longest service time that a request may bring, an hour, in microseconds.</summary>
    public const long MostWork = 3_600_000_000;

    /// <summary>Reads how long a request takes.</summary>
    /// <param name="otherwise">Of a request that does not say.</param>
    /// <returns>False: what it says is no number of microseconds, or too large.</returns>
    public static bool TryReadWork(IHeaderDictionary headers, TimeSpan otherwise, out TimeSpan work)
    {
        work = otherwise;
        if (!headers.TryGetValue(Work, out var value))
        {
            return true;
        }
        bool valid = long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            && microseconds <= MostWork;
        work = TimeSpan.FromMicroseconds(valid ? microseconds : 0);
        return valid;
    }
}
