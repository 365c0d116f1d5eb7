using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>What whoever asks for something has to know, sent as <c>Authorization: Bearer TOKEN</c>.</summary>
public static class BearerToken
{
    // Of any case (RFC 9110, 11.1).
    private const string Scheme = "Bearer ";

    /// <returns>Empty: the request has none.</returns>
    public static string Of(HttpRequest request)
    {
        string found = request.Headers.Authorization.ToString();
        return found.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? found[Scheme.Length..] : "";
    }

    /// <summary>Whether a token is the right one, in a time that tells nothing of it.</summary>
    /// <param name="token">The right one; empty: there is none.</param>
    public static bool IsRight(string given, string token) =>
        token.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token));
}
