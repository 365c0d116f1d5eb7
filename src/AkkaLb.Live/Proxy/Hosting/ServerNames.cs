using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// What DNS says of the names of servers: where <c>dns</c> is above 0 every address of a name is a server of its own, NAME[ADDRESS].
/// YARP's own resolver asks after it has taken a configuration over, so that requests come before their routes, and one name that is not
/// known holds back all the rest; here names are known before.
/// </summary>
/// <param name="lookUp">The addresses of a host; throws <see cref="SocketException"/> where there are none.</param>
internal sealed class ServerNames(Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks for those names that are new.</summary>
    /// <param name="where">What has the server, for the message.</param>
    /// <exception cref="InvalidInputException">DNS does not know one of them.</exception>
    public Task LearnAsync(IEnumerable<ServerOptions> servers, Func<ServerOptions, string> where)
    {
        return Task.WhenAll(servers.Where(server => IsName(server) && !_known.ContainsKey(Host(server))).Select(LearnAsync));

        async Task LearnAsync(ServerOptions server)
        {
            try
            {
                await AskAsync(Host(server), CancellationToken.None);
            }
            catch (SocketException e)
            {
                throw new InvalidInputException(
                    $"{where(server)} is '{server.Address.OriginalString}', expected a name that DNS knows, as 'dns' is above 0: "
                    + e.Message, e);
            }
        }
    }

    /// <summary>Forgets all other names: one that comes back is asked for anew.</summary>
    public void Keep(IEnumerable<ServerOptions> servers)
    {
        foreach (string gone in _known.Keys.Except(servers.Select(Host), StringComparer.OrdinalIgnoreCase).ToArray())
        {
            _known.TryRemove(gone, out _);
        }
    }

    /// <summary>Asks again. A name that cannot be resolved now keeps its addresses.</summary>
    /// <returns>Whether any has other addresses than before, and the first name that could not be resolved, with the reason.</returns>
    public async Task<(bool Changed, string? Problem)> RefreshAsync(IEnumerable<ServerOptions> servers, CancellationToken cancellation)
    {
        (bool Changed, string? Problem)[] asked = await Task.WhenAll(
            servers.Where(IsName).Select(Host).Distinct(StringComparer.OrdinalIgnoreCase).Select(RefreshAsync));
        return (asked.Any(one => one.Changed), asked.Select(one => one.Problem).FirstOrDefault(problem => problem is not null));

        async Task<(bool, string?)> RefreshAsync(string host)
        {
            try
            {
                return (await AskAsync(host, cancellation), null);
            }
            catch (SocketException e)
            {
                return (false, $"{host}: {e.Message}");
            }
        }
    }

    /// <summary>The servers behind one, in an order that does not depend on that of DNS.</summary>
    public IEnumerable<ServerOptions> AddressesOf(ServerOptions server) => !IsName(server) ? [server]
        : _known[Host(server)].Select(address => server with
        {
            Name = $"{server.Name}[{address}]",
            Address = new UriBuilder(server.Address) { Host = address.ToString() }.Uri,
            HostHeader = server.Address.Authority,
        });

    private static bool IsName(ServerOptions server) => server.Address.HostNameType == UriHostNameType.Dns;

    private static string Host(ServerOptions server) => server.Address.IdnHost;

    private async Task<bool> AskAsync(string host, CancellationToken cancellation)
    {
        IPAddress[] found =
        [
            .. (await lookUp(host, cancellation)).Distinct().OrderBy(address => address.ToString(), StringComparer.Ordinal),
        ];
        if (found.Length == 0)
        {
            throw new SocketException((int)SocketError.NoData);
        }
        bool changed = !_known.TryGetValue(host, out IPAddress[]? before) || !before.SequenceEqual(found);
        _known[host] = found;
        return changed;
    }
}
