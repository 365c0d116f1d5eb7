using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// What a server is asked for: path and query byte for byte as the client sent them, as what Kestrel decodes cannot be encoded back (of %2F
/// it leaves the escape, of %2B it does not). Routes are found by the decoded path without segments of dots, so they are taken out here.
/// </summary>
internal static partial class RequestTarget
{
    // Others would end the path, or the line, at some server.
    private static readonly SearchValues<char> Sent = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except(['#', '\\'])]);

    /// <summary>
    /// Makes of a target with a host (RFC 9112, 3.2.2) what a client that knows of no proxy sends. Kestrel would decode its path in another
    /// way than that of all others, slashes and segments of dots too, so that <c>http://x/a/..%2Fb</c> came by the route of <c>/a</c> and
    /// went to <c>/b</c>.
    /// </summary>
    public static Task MakePlainAsync(HttpContext context, RequestDelegate next)
    {
        IHttpRequestFeature request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        int host = request.RawTarget.StartsWith('/') ? -1 : request.RawTarget.IndexOf("://", StringComparison.Ordinal);
        if (host >= 0)
        {
            int end = request.RawTarget.AsSpan(host + 3).IndexOfAny('/', '?');
            string target = end < 0 ? "" : request.RawTarget[(host + 3 + end)..], path = target.Split('?')[0];
            if (path.Contains("%00", StringComparison.Ordinal))
            {
                // As Kestrel answers where no host is.
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return Task.CompletedTask;
            }
            request.RawTarget = path.Length > 0 ? target : "/" + target;
            context.Request.Path = PathString.FromUriComponent(path.Length > 0 ? WithoutDots(path) : "/");
        }
        return next(context);
    }

    /// <param name="raw">The target of the request line, or <c>:path</c>.</param>
    /// <param name="target">Path and query; null: <paramref name="raw"/> has another form, such as <c>*</c>.</param>
    /// <returns>
    /// False: some servers see segments of dots where others do not, such as in <c>/a/..%2Fb</c> or <c>/a/..;/b</c>, and who reaches what
    /// would be theirs to say and not the routes'.
    /// </returns>
    public static bool TryMake(string raw, out string? target)
    {
        target = null;
        if (!raw.StartsWith('/'))
        {
            return true;
        }
        target = raw.AsSpan().ContainsAnyExcept(Sent) ? Escape(raw) : raw;
        int path = target.IndexOf('?');
        path = path < 0 ? target.Length : path;
        if (!Dots().IsMatch(target.AsSpan(0, path)))
        {
            return true;
        }
        string plain = WithoutDots(target[..path]);
        target = string.Concat(plain, target.AsSpan(path));
        return !Dots().IsMatch(plain);
    }

    /// <summary>The address at a server.</summary>
    /// <param name="prefix">Of the server, with nothing but a slash for a path.</param>
    public static Uri At(string prefix, string target) => new(
        string.Concat(prefix.AsSpan().TrimEnd('/'), target),
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static string Escape(string raw)
    {
        StringBuilder escaped = new(raw.Length + 8);
        foreach (byte one in Encoding.Latin1.GetBytes(raw))
        {
            _ = Sent.Contains((char)one) ? escaped.Append((char)one) : escaped.Append('%').Append(Convert.ToHexString([one]));
        }
        return escaped.ToString();
    }

    /// <summary>RFC 3986, 5.2.4.</summary>
    private static string WithoutDots(string path)
    {
        string[] segments = path.Split('/');
        List<string> kept = [];
        for (int i = 0; i < segments.Length; i++)
        {
            string segment = segments[i].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (segment is not ("." or ".."))
            {
                kept.Add(segments[i]);
                continue;
            }
            if (segment == ".." && kept.Count > 1)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            if (i == segments.Length - 1)
            {
                kept.Add("");
            }
        }
        return string.Join('/', kept);
    }

    /// <summary>A segment of dots, whatever ends it at the one server or the other.</summary>
    [GeneratedRegex("(?:/|%2f|%5c)(?:[.]|%2e){1,2}(?:$|/|;|%2f|%5c|%3b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Dots();
}
