using System.Globalization;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// The servers of a cluster: those of the present configuration in the order of their numbers, and those that it had before, which keep
/// their numbers and what is counted of them. Guarded by the cluster's lock.
/// </summary>
internal sealed class ClusterServers
{
    /// <summary>Key of a destination's metadata that holds its weight.</summary>
    public const string WeightKey = "akkalb.weight";

    private readonly Dictionary<string, ServerSlot> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ServerSlot> _byNumber = [];
    private readonly Dictionary<string, double> _weightsByHand = new(StringComparer.OrdinalIgnoreCase);
    private ServerSlot[] _present = [];

    /// <summary>Those of the present configuration; their place here is their index.</summary>
    public ReadOnlySpan<ServerSlot> Present => _present;

    /// <summary>All that there ever were, by number.</summary>
    public IReadOnlyList<ServerSlot> All => _byNumber;

    public ServerSlot? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Numbers those that are new in the order of a configuration, before YARP hands them over in an order of its own.</summary>
    public void Expect(IEnumerable<string> names)
    {
        foreach (string name in names.Where(name => Find(name) is null))
        {
            Number(name);
        }
    }

    /// <summary>The configuration has these servers from now on.</summary>
    /// <param name="isFirst">Whether they are those of the start, which begin with their full weights.</param>
    public void Set(IReadOnlyList<DestinationState> destinations, long now, bool isFirst)
    {
        foreach (ServerSlot server in _present)
        {
            (server.Destination, server.Index) = (null, -1);
        }
        foreach (DestinationState destination in destinations)
        {
            ServerSlot server = Find(destination.DestinationId) ?? Number(destination.DestinationId);
            if (!isFirst && !_present.Contains(server))
            {
                server.InUseSince = now;
            }
            server.Destination = destination;
            server.Latency ??= new LatencyWindow();
            server.ConfiguredWeight = _weightsByHand.GetValueOrDefault(server.Name, WeightOf(destination));
        }
        _present = [.. _byNumber.Where(server => server.Destination is not null)];
        for (int j = 0; j < _present.Length; j++)
        {
            _present[j].Index = j;
        }
        foreach (ServerSlot gone in _byNumber.Where(server => server.Destination is null))
        {
            (gone.IsInUse, gone.Latency) = (false, null);
        }
    }

    /// <summary>An operator's weight stands above the file's, until the proxy ends.</summary>
    public void SetWeight(ServerSlot server, double weight)
    {
        _weightsByHand[server.Name] = weight;
        server.ConfiguredWeight = weight;
    }

    /// <summary>Nothing that an operator or a rule has said of a server, or of a name's addresses, holds any more.</summary>
    public void Forget(string name)
    {
        foreach (ServerSlot server in _byNumber.Where(server => server.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || server.Name.StartsWith(name + "[", StringComparison.OrdinalIgnoreCase)))
        {
            _weightsByHand.Remove(server.Name);
            server.IsDrained = server.Ejection.IsEjected = false;
        }
    }

    /// <summary>Those that are in use; all where all are, or none is.</summary>
    public IReadOnlyList<DestinationState> InUse(IReadOnlyList<DestinationState> all)
    {
        int used = 0;
        foreach (DestinationState destination in all)
        {
            used += IsInUse(destination) ? 1 : 0;
        }
        return used == all.Count || used == 0 ? all : [.. all.Where(IsInUse)];

        bool IsInUse(DestinationState destination) => OfDestination(destination) is { IsInUse: true };
    }

    public ServerSlot? OfDestination(DestinationState destination) => Find(destination.DestinationId);

    private ServerSlot Number(string name)
    {
        ServerSlot server = new(name, _byNumber.Count);
        _byName.Add(name, server);
        _byNumber.Add(server);
        return server;
    }

    private static double WeightOf(DestinationState destination) =>
        destination.Model.Config.Metadata?.GetValueOrDefault(WeightKey) is { } text
            && double.TryParse(text, CultureInfo.InvariantCulture, out double weight) ? weight : 1;
}
