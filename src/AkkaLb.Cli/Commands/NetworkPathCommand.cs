using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network path</c>: where traffic from one node to another goes.</summary>
internal static class NetworkPathCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "path",
            "Show next hops and shares of the traffic from one node to another",
            """
            For every node that traffic from FROM to TO meets, its next hops in the order of the way: which part of the whole demand takes
            the link, and which part of what the node has. Splits are in proportion to the weights, exactly. With --routing
            k-shortest-paths the whole paths with their weights; the file of weights may have those of other pairs too.
            """,
            "akkalb network path 1 4 --topology 4-node --routing shortest",
            "akkalb network path 1 4 --topology 4-node --routing k-shortest-paths --paths 3",
            "akkalb network path Oslo Bergen --topology links.csv --weights weights.json --json");
        Argument<string> from = new("FROM") { Description = "Label of a node" };
        Argument<string> to = new("TO") { Description = "Label of another node" };
        TopologyInput topologyInput = new();
        NetworkInput input = new() { Topology = topologyInput, AllowsPaths = true };
        Option<string?> weights = WeightsOption();
        Option<bool> json = Options.Json("the hops with their shares");
        command.Add(from);
        command.Add(to);
        topologyInput.AddTo(command);
        foreach (Option option in (Option[])[.. input.RoutingOptions, weights, json])
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            Topology topology = topologyInput.Read(parsed, host).Topology;
            NodeId Node(string label, string argument) => topology.TryFindNode(label, out NodeId node)
                ? node
                : throw new InvalidInputException($"{argument}: expected the label of a node of {topology.Name}, found '{label}'");
            NodeId start = Node(parsed.GetRequiredValue(from), "FROM"), end = Node(parsed.GetRequiredValue(to), "TO");
            if (start == end)
            {
                throw new InvalidInputException($"TO: expected another node than FROM, found '{topology.Labels[end.Index]}'");
            }
            NetworkCase network = new(
                topology, input.Routing(parsed, topology) with { Hash = FlowHash.Fluid }, null, [new Demand(start, end, 1)]);
            if (network.Routing.Model == RoutingModel.KShortestPaths)
            {
                return ShowPaths(host, network, parsed.GetValue(weights), parsed.GetValue(json));
            }
            double[] values = ReadWeights(parsed.GetValue(weights), topology);
            FluidRouter router = network.Fluid();
            double[] shares = new double[topology.LinkCount];
            router.Route(values, shares);
            Hop[] hops = [.. Hops(topology, start, values, shares)];
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new Way(topology.Labels[start.Index], topology.Labels[end.Index], network.Routing.Name, hops));
                return ExitCodes.Success;
            }
            IAnsiConsole console = Terminal.ForResult(host);
            console.WriteLine($"{topology.Labels[start.Index]} → {topology.Labels[end.Index]}: {Terminal.Count(hops.Length, "link")}; "
                + $"{network.Describe(router)}");
            Table table = Terminal.Table(
                ("at", Justify.Left), ("next hop", Justify.Left), ("weight", Justify.Right), ("of the node", Justify.Right),
                ("of the demand", Justify.Right));
            foreach (Hop hop in hops)
            {
                table.AddRow(
                    new Text(hop.From), new Text(hop.To + (hop.Key == 0 ? "" : $" #{hop.Key}")), new Text(Terminal.Figure(hop.Weight)),
                    new Text(Terminal.Percent(hop.OfNode)), new Text(Terminal.Percent(hop.OfDemand)));
            }
            console.WriteFitted(table);
            return ExitCodes.Success;
        });
        return command;
    }

    public static Option<string?> WeightsOption() =>
        new("--weights") { Description = "Channel weights (JSON); all 1 without it", HelpName = "W.json" };

    public static double[] ReadWeights(string? path, Topology topology) =>
        path is null ? ChannelWeights.Uniform(topology) : WeightsFile.Read(path, "--weights", topology);

    /// <summary>The paths of the pair with their weights.</summary>
    private static int ShowPaths(CommandHost host, NetworkCase network, string? weights, bool json)
    {
        Topology topology = network.Topology;
        PathRouter router = (PathRouter)network.Router();
        IReadOnlyList<PathEvaluation> paths = PathEvaluation.Of(
            topology, router, weights is null ? [.. Enumerable.Repeat(1.0, router.WeightCount)]
                : PathWeightsFile.Read(weights, "--weights", topology, router, ignoresOthers: true));
        string from = paths[0].Path[0], to = paths[0].Path[^1];
        if (json)
        {
            JsonOutput.Write(host.Out, new Ways(from, to, network.Routing.Name, paths));
            return ExitCodes.Success;
        }
        IAnsiConsole console = Terminal.ForResult(host);
        console.WriteLine($"{from} → {to}: {Terminal.Count(paths.Count, "path")}; {network.Describe(router)}");
        Table table = Terminal.Table(
            ("path", Justify.Left), ("metric", Justify.Right), ("weight", Justify.Right), ("of the demand", Justify.Right));
        foreach (PathEvaluation path in paths)
        {
            string keys = path.Keys is null ? "" : $" (links #{string.Join(", #", path.Keys)})";
            table.AddRow(
                new Text(string.Join(" → ", path.Path) + keys), new Text(Terminal.Figure(path.Length)),
                new Text(Terminal.Figure(path.Weight)), new Text(Terminal.Percent(path.Share)));
        }
        console.WriteFitted(table);
        return ExitCodes.Success;
    }

    /// <summary>Links that carry something, breadth first from the start.</summary>
    private static IEnumerable<Hop> Hops(Topology topology, NodeId start, double[] weights, double[] shares)
    {
        Queue<NodeId> queue = new([start]);
        HashSet<NodeId> seen = [start];
        while (queue.TryDequeue(out NodeId node))
        {
            int[] links = [.. topology.OutLinks(node).ToArray().Where(link => shares[link] > 0)];
            double whole = links.Sum(link => shares[link]);
            foreach (int link in links)
            {
                Domain.Network.Link l = topology.Links[link];
                yield return new Hop(
                    topology.Labels[node.Index], topology.Labels[l.To.Index], l.Key, weights[link], shares[link] / whole, shares[link]);
                if (seen.Add(l.To))
                {
                    queue.Enqueue(l.To);
                }
            }
        }
    }

    /// <summary>The document of <c>network path --json</c>. Names are a contract.</summary>
    private sealed record Way(string From, string To, string Routing, IReadOnlyList<Hop> Hops);

    /// <summary>The same of whole paths. Names are a contract.</summary>
    private sealed record Ways(string From, string To, string Routing, IReadOnlyList<PathEvaluation> Paths);

    /// <param name="OfNode">Which part of the demand's traffic at the node takes the link.</param>
    /// <param name="OfDemand">Which part of the whole demand takes the link.</param>
    private sealed record Hop(string From, string To, int Key, double Weight, double OfNode, double OfDemand);
}
