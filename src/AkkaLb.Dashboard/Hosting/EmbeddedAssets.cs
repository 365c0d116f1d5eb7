using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace AkkaLb.Dashboard.Hosting;

/// <summary>Style, scripts and icon, out of this assembly.</summary>
internal static class EmbeddedAssets
{
    private static readonly (string Path, string Resource, string Type)[] Files =
    [
        ("/_framework/blazor.web.js", "blazor.web.js", "text/javascript"),
        ("/dashboard.css", "dashboard.css", "text/css"),
        ("/theme.js", "theme.js", "text/javascript"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach ((string path, string resource, string type) in Files)
        {
            byte[] content = Read(resource);
            EntityTagHeaderValue tag = new($"\"{Convert.ToHexString(SHA256.HashData(content))[..16]}\"");
            endpoints.MapGet(path, (HttpContext context) =>
            {
                // Asked for again, and sent only when it is another.
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(content, type, entityTag: tag);
            });
        }
    }

    private static byte[] Read(string resource)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded");
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
