using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Runtime.Experiments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaLb.Dashboard.Live;

/// <summary>The proxy that is shown, by its admin API. Whoever changes anything has to show the dashboard's token.</summary>
internal sealed class ProxyControl : IDisposable
{
    /// <summary>What can be done to a server.</summary>
    public const string Drain = "drain", Enable = "enable";

    private readonly AdminClient? _admin;
    private readonly string _token;

    public ProxyControl(DashboardOptions options)
    {
        _admin = options.Proxy is { } address ? new AdminClient(address, options.ProxyToken) : null;
        _token = options.Token;
    }

    public bool IsThere => _admin is not null;

    /// <exception cref="RunFailedException">No proxy answers.</exception>
    /// <exception cref="InvalidInputException">It refuses.</exception>
    public Task<ProxyStatus> StatusAsync(CancellationToken cancellation) => Admin.StatusAsync(cancellation);

    /// <inheritdoc cref="StatusAsync"/>
    public Task<RequestExplanation> ExplainAsync(string request, CancellationToken cancellation) =>
        Admin.ExplainAsync(request, cancellation);

    /// <summary>Drains or enables a server.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    /// <returns>Whether the token is right; else nothing was done.</returns>
    public async Task<bool> SwitchAsync(string token, string action, string cluster, string server, CancellationToken cancellation)
    {
        if (!BearerToken.IsRight(token, _token))
        {
            return false;
        }
        await Admin.SwitchAsync(action, cluster, server, cancellation);
        return true;
    }

    /// <summary>The same for programs: POST with <c>Authorization: Bearer TOKEN</c>.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/live/{action}", async (string action, string cluster, string server, HttpContext context, ProxyControl proxy) =>
        {
            if (!proxy.IsThere || action is not (Drain or Enable))
            {
                return Results.Text("there is nothing of this name to do\n", statusCode: StatusCodes.Status404NotFound);
            }
            try
            {
                return await proxy.SwitchAsync(BearerToken.Of(context.Request), action, cluster, server, context.RequestAborted)
                    ? Results.Text("ok\n")
                    : Results.Text("expected the dashboard's token, as 'Authorization: Bearer TOKEN'\n",
                        statusCode: StatusCodes.Status401Unauthorized);
            }
            catch (Exception e) when (e is InvalidInputException or RunFailedException)
            {
                int status = e is InvalidInputException ? StatusCodes.Status400BadRequest : StatusCodes.Status502BadGateway;
                return Results.Text(e.Message + "\n", statusCode: status);
            }
        }).DisableAntiforgery();

    public void Dispose() => _admin?.Dispose();

    private AdminClient Admin => _admin ?? throw new InvalidInputException("this dashboard shows no proxy");
}
