using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network evaluate</c>: route flows under given weights, no learning.</summary>
internal static class NetworkEvaluateCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "evaluate",
            "Show Φ and link loads for given channel weights",
            """
            Routes the flows that are active at one time and prints, for every directed link in the topology's enumeration, its weight,
            load, capacity and utilisation. Φ is the population variance of the utilisations.
            Without --weights all weights are 1, which is ECMP. A weights file is a JSON array in link order, or
            [{"from", "to", "weight"}] in any order; with --routing k-shortest-paths it is [{"path": [LABEL, ...], "weight"}].
            """ + "\n" + NetworkInput.Defaults,
            "akkalb network evaluate --topology topology.gml --flows flows.json",
            "akkalb network evaluate --topology topology.gml --flows flows.json --weights runs/quickstart-samaroh-seed1/weights.json",
            "akkalb network evaluate --topology topology.gml --flows flows.json --changes topology_changes.json --at 60000",
            "akkalb network evaluate --topology links.csv --demands demands.csv --demand-unit M --routing igp",
            "akkalb network evaluate --topology links.csv --demands demands.csv --routing k-shortest-paths --paths 3");
        Option<string?> weights = new("--weights") { Description = "Channel weights (JSON); all 1 without it", HelpName = "W.json" };
        Option<string?> changes = new("--changes")
        {
            Description = "What is missing from the topology from when on (JSON)", HelpName = "C.json",
        };
        NetworkInput input = new() { AllowsPaths = true, AlsoTimed = changes };
        input.AddTo(command);
        Option<bool> unroutable = new("--allow-unroutable")
        {
            Description = "Count flows without a path instead of refusing them; implied by --changes",
        };
        Option<bool> json = Options.Json("Φ and the other objectives, flows, how they were routed, and the links");
        foreach (Option option in new Option[] { weights, changes, unroutable, json })
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            NetworkCase network = input.Read(parsed, host);
            if (network.Flows is { Count: 0 })
            {
                host.Error.WriteLine($"akkalb: no flow is active at {input.At(parsed)} ms (--at)");
            }
            bool byPaths = network.Routing.Model == RoutingModel.KShortestPaths;
            if (byPaths && parsed.GetValue(weights) is not null && parsed.GetValue(changes) is not null)
            {
                throw new InvalidInputException(
                    $"--changes: expected no --weights beside it with --routing {RoutingRule.PathsName}: other links make other paths");
            }
            double[] values = !byPaths && parsed.GetValue(weights) is { } path
                ? WeightsFile.Read(path, "--weights", network.Topology)
                : ChannelWeights.Uniform(network.Topology);
            if (parsed.GetValue(changes) is { } changesPath)
            {
                string text = InputFile.Read(changesPath, "--changes", "a JSON file of topology changes");
                IReadOnlySet<LinkId> missing = TopologyChanges.Read(text, changesPath, network.Topology).MissingAt(input.At(parsed));
                network = network.Without(missing, changesPath, input.At(parsed));
                values = network.Left(values);
            }
            Topology topology = network.Topology;
            bool allowDisconnected = parsed.GetValue(unroutable) || parsed.GetValue(changes) is not null;
            ITrafficRouter router = network.Router(allowDisconnected);
            if (router is PathRouter paths)
            {
                values = parsed.GetValue(weights) is { } file
                    ? PathWeightsFile.Read(file, "--weights", topology, paths) : [.. Enumerable.Repeat(1.0, paths.WeightCount)];
            }
            Evaluation evaluation = Evaluation.Of(topology, router, values, network, input.Objective(parsed));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, evaluation);
            }
            else
            {
                evaluation.Write(Terminal.ForResult(host));
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
