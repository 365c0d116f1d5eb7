using AkkaLb.Domain;

namespace AkkaLb.Dashboard;

/// <summary>What a dashboard shows, and where.</summary>
/// <param name="Port">On this machine's loopback address; 0: a free one.</param>
public sealed record DashboardOptions(int Port)
{
    /// <summary>The port where none is given.</summary>
    public const int DefaultPort = 8090;

    /// <summary>A run folder, or a folder with some in it, such as a grid's; null: no runs.</summary>
    public string? Runs { get; init; }

    /// <summary>Address of a node's web server, such as http://127.0.0.1:9110; null: no cluster.</summary>
    public string? Node { get; init; }

    /// <summary>Admin address of a proxy, such as http://127.0.0.1:9901; null: no live traffic.</summary>
    public string? Proxy { get; init; }

    /// <summary>The proxy's admin token; empty: it has none.</summary>
    public string ProxyToken { get; init; } = "";

    /// <summary>What whoever changes something has to know; empty: nobody may change anything.</summary>
    public string Token { get; init; } = "";

    /// <exception cref="InvalidInputException">There is nothing to show.</exception>
    internal void Check()
    {
        if (Runs is not null && !Directory.Exists(Runs))
        {
            throw new InvalidInputException($"{Runs}: expected a run folder, or a folder with run folders in it");
        }
        foreach (string? address in new[] { Node, Proxy })
        {
            if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
            {
                throw new InvalidInputException($"{address}: expected an address such as http://127.0.0.1:9110");
            }
        }
    }
}
