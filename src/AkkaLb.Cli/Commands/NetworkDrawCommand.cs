using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network draw</c>: random topologies.</summary>
internal static class NetworkDrawCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "draw",
            "Draw a random topology that looks like a backbone",
            """
            Nodes anywhere in a square; the shortest tree that joins them all, then further pairs up to 1.2 to 1.7 per node, near ones more
            often than far ones (Waxman). Links come in pairs, one for each direction; in half of the topologies all have the same capacity,
            in the others each pair has one of three.
            """,
            "akkalb network draw --nodes 24 --seed 7 --out topology.gml",
            "akkalb network generate --topology topology.gml --mean-load 0.4 --out flows.json");
        Option<int> nodes = Options.Whole("--nodes", "N", "Nodes", WaxmanTopology.Fewest, 12, WaxmanTopology.Most);
        Option<ulong?> seed = Options.Seed("Root of all randomness (default 1)");
        Option<string> output = new("--out") { Description = "The topology's file to write (GML)", HelpName = "T.gml", Required = true };
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("the size of the topology");
        foreach (Option option in new Option[] { nodes, seed, output, force, json })
        {
            command.Add(option);
        }
        command.SetAction((parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(output);
            OutputFile file = OutputFile.Of(path, "--out", parsed);
            (int count, ulong root) = (parsed.GetValue(nodes), parsed.GetValue(seed) ?? 1);
            Topology topology = new WaxmanTopology(count, count).Draw(new RandomStream(root, "network/draw"), $"drawn-{count}-{root}");
            file.Write(GmlTopology.Write(topology), cancellation);
            double[] capacities = [.. topology.Links.Select(link => link.Capacity).Distinct().Order()];
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new Drawing(path, topology.Name, root, count, topology.LinkCount, capacities));
            }
            else
            {
                host.Out.WriteLine($"{path}: {count} nodes, {topology.LinkCount} links, seed {root}, capacities "
                    + string.Join(", ", capacities.Select(capacity => $"{LinkSpeed.Write(capacity)}bit/s")));
            }
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>The document of <c>network draw --json</c>. Names are a contract.</summary>
    private sealed record Drawing(string Out, string Topology, ulong Seed, int Nodes, int Links, IReadOnlyList<double> Capacities);
}
