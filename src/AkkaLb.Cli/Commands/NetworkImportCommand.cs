using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network import</c>: a graph as people have it, made a topology that the other commands read.</summary>
internal static class NetworkImportCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "import",
            "Make a topology of a graph file, such as one of the Internet Topology Zoo or SNDlib",
            """
            Reads GML, GraphML, SNDlib (XML and native), REPETITA .graph, CSV (from,to[,capacity,weight]) and NetworkX node-link JSON, by
            content, also gzipped or in Latin-1. An edge's capacity is its bandwidth or capacity (in --capacity-unit), LinkSpeedRaw
            (bit/s) or LinkSpeed with LinkSpeedUnits; one that tells none gets --default-capacity. A weight (IGP metric) is kept. Labels
            that repeat get the node's id behind them, loops are left out, parallel edges get keys, an undirected edge becomes two
            links, and of several components the largest is kept. All that was changed or supposed is listed. The result is GML for
            --topology of the other commands, which read these formats themselves, too.
            """,
            "akkalb network import Cogentco.gml --out topology.gml",
            "akkalb network import Geant2012.graphml --default-capacity 2.5G --out topology.gml --json");
        Argument<string> source = new("FILE") { Description = "The graph file" };
        Option<string> output = new("--out") { Description = "The topology to write (GML)", HelpName = "T.gml", Required = true };
        TopologyInput input = new();
        Option<string> components = Options.Word(
            "--components", "Of a graph that is not connected keep the largest component, or refuse it", "largest", "refuse");
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("nodes, links, and what was changed");
        command.Add(source);
        input.AddOpenTo(command);
        foreach (Option option in new Option[] { output, components, force, json })
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(source), written = parsed.GetRequiredValue(output);
            ImportOptions options = input.Options(parsed) with { RefuseComponents = parsed.GetValue(components) == "refuse" };
            OutputFile file = OutputFile.Of(written, "--out", parsed);
            ImportedTopology imported = TopologyImport.Read(
                InputFile.Read(path, "FILE", "a graph file", allowLatin1: true), path, options);
            file.Write(GmlTopology.Write(imported.Topology));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new Import(
                    written, imported.Format!, imported.Topology.NodeCount, imported.Topology.LinkCount, options.DefaultCapacity,
                    imported.DefaultCapacities, imported.Notes));
                return ExitCodes.Success;
            }
            Topology topology = imported.Topology;
            host.Out.WriteLine($"{written}: {topology.NodeCount} nodes, {topology.LinkCount} links from {path} ({imported.Format})");
            foreach (string note in imported.Notes)
            {
                host.Out.WriteLine($"- {note}");
            }
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The document of <c>network import --json</c>. Names are a contract.</summary>
    /// <param name="DefaultCapacities">Edges that got the default capacity.</param>
    private sealed record Import(
        string Out, string Format, int Nodes, int Links, double DefaultCapacity, int DefaultCapacities, IReadOnlyList<string> Notes);
}
