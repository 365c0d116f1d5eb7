using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaLb.Domain.Network;

/// <summary>Next-hop tables and metrics in the words of routers.</summary>
public static class RouterSnippets
{
    /// <summary>FRR's pbr-maps take sequence numbers from 1 to this.</summary>
    private const int MostPolicies = 700;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>For a program: <c>[{"node", "nextHops": [{"to", "key", "weight"}], "destinations": [label]}]</c>.</summary>
    public static string Wcmp(NextHopTable table)
    {
        Topology topology = table.Topology;
        return JsonSerializer.Serialize(
            table.Groups.Select(group => new
            {
                node = topology.Labels[group.Node.Index],
                nextHops = group.Links.Select((link, i) => new
                {
                    to = topology.Labels[topology.Links[link.Index].To.Index], key = topology.Links[link.Index].Key,
                    weight = group.Weights[i],
                }),
                destinations = group.Destinations.Select(node => topology.Labels[node.Index]),
            }),
            Json) + "\n";
    }

    /// <summary>For FRR: a <c>nexthop-group</c> with weights for each group, and a <c>pbr-map</c> that leads destinations to it.</summary>
    /// <exception cref="InvalidInputException">A router has more destinations than a <c>pbr-map</c> takes.</exception>
    public static string Frr(NextHopTable table)
    {
        Topology topology = table.Topology;
        var plan = new AddressPlan(topology);
        var text = new StringBuilder($"! {AddressPlan.Remark}\n");
        foreach (IGrouping<NodeId, NextHopGroup> router in table.Groups.GroupBy(group => group.Node))
        {
            if (router.Sum(group => group.Destinations.Count) is > MostPolicies and var destinations)
            {
                throw new InvalidInputException(
                    $"{topology.Name}: found {destinations} destinations of router '{TextInput.Shown(topology.Labels[router.Key.Index])}', "
                    + $"expected at most {MostPolicies} for FRR, whose pbr-map has no numbers for more");
            }

            text.Append(CultureInfo.InvariantCulture,
                $"!\n! ===== router {Line(topology.Labels[router.Key.Index])}, {AddressPlan.Of(router.Key)}\n");
            int sequence = 0;
            foreach ((int number, NextHopGroup group) in router.Index())
            {
                text.Append(CultureInfo.InvariantCulture, $"nexthop-group G{number}\n");
                foreach ((int i, LinkId link) in group.Links.Index())
                {
                    text.Append(CultureInfo.InvariantCulture, $" nexthop {plan.NextHop(link)} weight {group.Weights[i]}\n");
                }

                text.Append("exit\n");
                foreach (NodeId destination in group.Destinations)
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"pbr-map AKKALB seq {++sequence}\n match dst-ip {AddressPlan.Of(destination)}/32\n");
                    text.Append(CultureInfo.InvariantCulture, $" set nexthop-group G{number}\nexit\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// For SONiC: for each router the entries of the table ROUTE_TABLE of its APPL_DB, as <c>swssconfig</c> takes them, with next hops and
    /// their weights side by side.
    /// </summary>
    public static string Sonic(NextHopTable table)
    {
        Topology topology = table.Topology;
        var plan = new AddressPlan(topology);
        var routers = table.Groups.GroupBy(group => group.Node).ToDictionary(
            router => topology.Labels[router.Key.Index],
            router => router.SelectMany(group => group.Destinations.Select(destination => new Dictionary<string, object>
            {
                [$"ROUTE_TABLE:{AddressPlan.Of(destination)}/32"] = new
                {
                    nexthop = string.Join(',', group.Links.Select(plan.NextHop)),
                    ifname = string.Join(',', group.Links.Select(link => Interface(topology, link))),
                    weight = string.Join(',', group.Weights),
                },
                ["OP"] = "SET",
            })).ToArray());
        return JsonSerializer.Serialize(new { remark = AddressPlan.Remark, routers }, Json) + "\n";
    }

    /// <summary>Interface costs as FRR and Cisco IOS take them.</summary>
    /// <param name="metrics">One whole number per link.</param>
    public static string OspfCosts(Topology topology, IReadOnlyList<double> metrics)
    {
        var text = new StringBuilder("! Names of interfaces are placeholders: the n-th link of a router is Ethernet n, from 0.\n");
        for (int node = 0; node < topology.NodeCount; node++)
        {
            text.Append(CultureInfo.InvariantCulture, $"!\n! ===== router {Line(topology.Labels[node])}\n");
            foreach (int link in topology.OutLinks(new NodeId(node)))
            {
                text.Append(CultureInfo.InvariantCulture, $"interface {Interface(topology, new LinkId(link))}\n");
                text.Append(CultureInfo.InvariantCulture, $" description to {Line(topology.Labels[topology.Links[link].To.Index])}\n");
                text.Append(CultureInfo.InvariantCulture, $" ip ospf cost {metrics[link]:F0}\nexit\n");
            }
        }

        return text.ToString();
    }

    private static string Interface(Topology topology, LinkId link) =>
        $"Ethernet{topology.OutLinks(topology.Links[link.Index].From).IndexOf(link.Index)}";

    /// <summary>A label that ends no line of a configuration.</summary>
    private static string Line(string label) => label.ReplaceLineEndings(" ");
}
