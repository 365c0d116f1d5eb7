using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>Talks to a proxy's admin API.</summary>
public sealed class AdminClient : IDisposable
{
    // What its answers are looked at for is there.
    private static readonly JsonSerializerOptions Json = new(AdminServer.Json) { RespectNullableAnnotations = true };

    private readonly HttpClient _http;
    private readonly string _address;

    /// <param name="address">Such as <c>http://127.0.0.1:9901</c>.</param>
    /// <param name="token">Empty: none.</param>
    /// <exception cref="InvalidInputException">It is no such address.</exception>
    public AdminClient(string address, string token)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new InvalidInputException($"{address}: expected the proxy's admin address, such as http://127.0.0.1:9901");
        }
        _address = address.TrimEnd('/');
        _http = new HttpClient { BaseAddress = uri, Timeout = TimeSpan.FromSeconds(10) };
        // Files that hold a token end with a line break.
        token = token.Trim();
        if (token.Any(char.IsControl))
        {
            throw new InvalidInputException("the admin token: expected one line without control characters");
        }
        if (token.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Task<ProxyStatus> StatusAsync(CancellationToken cancellation) =>
        SendAsync<ProxyStatus>(HttpMethod.Get, "/status", [], cancellation);

    public Task<RequestExplanation> ExplainAsync(string request, CancellationToken cancellation) =>
        SendAsync<RequestExplanation>(HttpMethod.Get, "/why", [("request", request)], cancellation);

    /// <param name="action">drain or enable.</param>
    /// <returns>What the server is now.</returns>
    public async Task<string> SwitchAsync(string action, string? cluster, string server, CancellationToken cancellation) =>
        (await SendAsync<AdminAnswer>(HttpMethod.Post, $"/{action}", [("cluster", cluster), ("server", server)], cancellation)).State
            ?? throw NoProxy(null);

    public Task SetWeightAsync(string? cluster, string server, double weight, CancellationToken cancellation) => SendAsync<AdminAnswer>(
        HttpMethod.Post, "/weight",
        [("cluster", cluster), ("server", server), ("weight", weight.ToString("R", CultureInfo.InvariantCulture))], cancellation);

    public Task AddAsync(string? cluster, string server, string address, CancellationToken cancellation) => SendAsync<AdminAnswer>(
        HttpMethod.Post, "/servers", [("cluster", cluster), ("server", server), ("address", address)], cancellation);

    public Task RemoveAsync(string? cluster, string server, CancellationToken cancellation) =>
        SendAsync<AdminAnswer>(HttpMethod.Delete, "/servers", [("cluster", cluster), ("server", server)], cancellation);

    public Task ReloadAsync(CancellationToken cancellation) => SendAsync<AdminAnswer>(HttpMethod.Post, "/reload", [], cancellation);

    public void Dispose() => _http.Dispose();

    private RunFailedException NoProxy(Exception? cause) =>
        new($"{_address}: no proxy answers there: what does is no admin API", cause);

    private static string? Problem(string text) => JsonSerializer.Deserialize<AdminAnswer>(text, AdminServer.Json)?.Problem;

    /// <exception cref="InvalidInputException">The proxy refuses, and says why.</exception>
    /// <exception cref="RunFailedException">There is no proxy, or it fails at what it was asked for.</exception>
    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, IReadOnlyList<(string Key, string? Value)> query, CancellationToken cancellation)
    {
        string asked = string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value!)}"));
        using HttpRequestMessage request = new(method, $"{path}?{asked}");
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellation);
            string text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize<T>(text, Json) ?? throw NoProxy(null);
            }
            bool isFailure = answer.StatusCode >= HttpStatusCode.InternalServerError;
            // A failure that the proxy has not expected itself has no document.
            string? said = isFailure && text.Length == 0 ? null : Problem(text);
            string problem = $"{_address}: {said ?? $"status {(int)answer.StatusCode}"}";
            throw isFailure ? new RunFailedException(problem) : new InvalidInputException(problem);
        }
        catch (JsonException e)
        {
            throw NoProxy(e);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new RunFailedException($"{_address}: no proxy answers there: {e.Message}", e);
        }
    }
}
