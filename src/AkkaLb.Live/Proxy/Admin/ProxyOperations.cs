using System.Globalization;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>What an operator can ask of a proxy and do with it.</summary>
internal sealed class ProxyOperations(
    string name, IServiceProvider services, ProxyClusters clusters, ProxyReload reload, ServiceHost host)
{
    private readonly ClusterRegistry _registry = services.GetRequiredService<ClusterRegistry>();
    private readonly ServersByHand _byHand = services.GetRequiredService<ServersByHand>();
    private readonly ProxyCounts _counts = services.GetRequiredService<ProxyCounts>();
    private readonly LiveClock _clock = services.GetRequiredService<LiveClock>();
    private readonly ILogger _log = services.GetRequiredService<ILogger<ProxyOperations>>();

    public ProxyStatus Status() => new(
        name, Ticks.ToSeconds(_clock.Now),
        [.. _registry.All.OrderBy(c => c.Cluster.Options.Name, StringComparer.Ordinal).Select(control => StatusReport.Of(control))],
        new SortedDictionary<string, long>(_counts.Switches.ToDictionary(), StringComparer.Ordinal));

    /// <summary>
    /// Why it should not be sent requests: no server of any cluster is healthy, or its journal cannot be reached. Null: it may.
    /// </summary>
    public string? Unready => !_registry.All.Any(HasServer) ? "no server is healthy"
        : !host.HasJournal ? "the journal cannot be reached"
        : null;

    /// <summary>Takes a server out of use: requests in flight end there, no more come.</summary>
    /// <returns>What it is now.</returns>
    public string Drain(string? cluster, string server) => Change(cluster, server, slot => slot.IsDrained = true);

    /// <summary>Puts a server into use that was drained or ejected; one whose health checks fail stays out of it.</summary>
    /// <returns>What it is now.</returns>
    public string Enable(string? cluster, string server) => Change(cluster, server, slot =>
    {
        slot.IsDrained = false;
        slot.Ejection.IsEjected = false;
        slot.Ejection.InARow = 0;
    });

    /// <summary>Sets the weight that stands for the configured one until the proxy ends.</summary>
    public void SetWeight(string? cluster, string server, double weight)
    {
        CheckWeight(weight);
        ClusterControl control = Find(cluster, server, out _);
        control.Cluster.WithServers(all =>
        {
            all.SetWeight(all.Find(server)!, weight);
            return true;
        });
        control.Cluster.MakeAnew();
        _log.WeightSet(control.Cluster.Options.Name, server, weight);
    }

    public async Task AddAsync(string? cluster, string server, string address, double weight)
    {
        if (!ServerOptions.TryParseAddress(address, out Uri? uri))
        {
            throw new InvalidInputException($"address: expected {ServerOptions.Addresses}, found '{address}'");
        }
        if (!ServerOptions.IsName(server))
        {
            throw new InvalidInputException($"server: expected {ServerOptions.Names}");
        }
        CheckWeight(weight);
        string its = "";
        await clusters.ChangeAsync(() =>
        {
            BalancedCluster balanced = FindCluster(cluster).Cluster;
            its = balanced.Options.Name;
            if (Configured(its, server).Any())
            {
                throw new InvalidInputException(
                    $"{server}: expected a new server, the cluster has one of this name; 'remove' takes it out");
            }
            // What was said of one that was removed is not said of this one.
            balanced.WithServers(all =>
            {
                all.Forget(server);
                return false;
            });
            return _byHand.Change(its, server, new ServerOptions(server, uri, weight));
        });
        _log.ServerAdded(its, server, uri.AbsoluteUri, weight);
    }

    public async Task RemoveAsync(string? cluster, string server)
    {
        string its = "", name = "";
        await clusters.ChangeAsync(() =>
        {
            (ClusterControl, string)[] found =
            [
                .. Among(cluster).SelectMany(all => Configured(all.Cluster.Options.Name, server).Select(known => (all, known.Name))),
            ];
            if (found.Length == 0)
            {
                Find(cluster, server, out _);
                throw new InvalidInputException($"{server}: one of a name's addresses, expected the name, {server[..server.IndexOf('[')]}");
            }
            (ClusterControl control, name) = Only(server, found);
            its = control.Cluster.Options.Name;
            return _byHand.Change(its, name, null);
        });
        _log.ServerRemoved(its, name);
    }

    public Task<string?> ReloadAsync() => reload.ReloadAsync();

    /// <summary>Why a request went where it did.</summary>
    /// <param name="request">The header <c>x-akkalb-request</c> of its answer.</param>
    public RequestExplanation Explain(string request)
    {
        (string cluster, long decision, long number) = DecisionJournal.Parse(request);
        ClusterControl control = FindCluster(cluster);
        ProxyOptions options = clusters.Options!;
        DecisionExplanation? decided = new DecisionJournal(options.Resolved, options.Source, options.State).Find(cluster, decision);
        // Numbers begin anew with the proxy: a pick of another decision is another request.
        PickRecord? found = control.Cluster.FindPick(number);
        if (found is not { } pick || pick.Decision != decision)
        {
            long lastDecision = control.Cluster.Plane.Decision.Number, lastPick = control.Cluster.LastPick?.Number ?? 0;
            if (decided is null && (decision > lastDecision || number > lastPick || number == 0))
            {
                throw new InvalidInputException(
                    $"{request}: expected a request that was answered, found none: the last is "
                    + $"{DecisionJournal.Request(cluster, lastDecision, lastPick)}; numbers begin anew with the proxy");
            }
            return new RequestExplanation(request, null, null, null, null, null, null, control.Cluster.Options.Policy, decided);
        }
        string server = "";
        control.Cluster.WithServers(all =>
        {
            server = all.All[pick.Server].Name;
            return false;
        });
        return new RequestExplanation(
            request, server, pick.Reason.ToString().ToLowerInvariant(), pick.InFlight, pick.Total, pick.Weight,
            Ticks.ToSeconds(_clock.Now - pick.Time), control.Cluster.Options.Policy, decided);
    }

    /// <summary>Those of a cluster with this name: one or none.</summary>
    private IEnumerable<ServerOptions> Configured(string cluster, string server) =>
        clusters.Options!.Clusters.Where(options => options.Name == cluster).SelectMany(_byHand.Of)
            .Where(configured => string.Equals(configured.Name, server, StringComparison.OrdinalIgnoreCase));

    private static void CheckWeight(double weight)
    {
        if (!(weight >= ServerOptions.LeastWeight && weight <= ServerOptions.MostWeight))
        {
            throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"weight: expected a number from {ServerOptions.LeastWeight} to {ServerOptions.MostWeight}, found {weight}"));
        }
    }

    private static bool HasServer(ClusterControl control)
    {
        bool any = false;
        control.Cluster.WithServers(all =>
        {
            foreach (ServerSlot server in all.Present)
            {
                any |= server.IsInUse;
            }
            return false;
        });
        return any;
    }

    private string Change(string? cluster, string server, Action<ServerSlot> change)
    {
        ClusterControl control = Find(cluster, server, out string from);
        string to = "";
        control.Cluster.WithServers(all =>
        {
            ServerSlot slot = all.Find(server)!;
            change(slot);
            to = slot.State;
            return true;
        });
        if (from != to)
        {
            ((IClusterEvents)_registry).StateChanged(control.Cluster, server, from, to, "by hand");
        }
        return to;
    }

    private ClusterControl Find(string? cluster, string server, out string state)
    {
        List<(ClusterControl, string State)> found = [];
        foreach (ClusterControl control in Among(cluster))
        {
            control.Cluster.WithServers(all =>
            {
                if (all.Find(server) is { Destination: not null } slot)
                {
                    found.Add((control, slot.State));
                }
                return false;
            });
        }
        (ClusterControl its, state) = Only(server, found);
        return its;
    }

    private static (ClusterControl, string) Only(string server, IReadOnlyList<(ClusterControl Control, string)> found) => found switch
    {
        [var only] => only,
        [] => throw new InvalidInputException($"{server}: no such server; 'akkalb proxy status' lists them"),
        _ => throw new InvalidInputException(
            $"{server}: there is one in {string.Join(" and in ", found.Select(f => f.Control.Cluster.Options.Name))}, "
            + "expected --cluster too"),
    };

    private IEnumerable<ClusterControl> Among(string? cluster) => cluster is null ? _registry.All : [FindCluster(cluster)];

    private ClusterControl FindCluster(string? cluster) =>
        cluster is null
            ? _registry.All.ToArray() is [var only]
                ? only
                : throw new InvalidInputException("there are several clusters, expected --cluster")
            : _registry.Control(cluster)
                ?? throw new InvalidInputException($"{cluster}: no such cluster; 'akkalb proxy status' lists them");
}
