using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network generate</c>: gravity traffic for a topology.</summary>
internal static class NetworkGenerateCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "generate",
            "Generate flows for a topology by the gravity model",
            """
            The demand between two nodes goes with the product of their capacities and the inverse square of their distance. Its scale is
            chosen so that the mean load under the generator's own placement (each demand on its roomiest path) reaches --mean-load;
            the utilisation that links really see under equal weights differs, and is reported beside it. --masses puts other masses in
            the place of the nodes' capacities, such as their inhabitants: CSV with node and mass.
            """,
            "akkalb network generate --topology abilene --mean-load 0.4 --seed 7 --out flows.json",
            "akkalb network generate --topology topology.gml --mean-load 0.6 --flows-per-pair 2 --out flows60.json --force",
            "akkalb network generate --topology geant2009 --out flows.json --topology-out topology.gml");
        GravityOptions defaults = new();
        TopologyInput topology = new();
        Option<double> load = Options.Between("--mean-load", "X", "Mean link load of the generator's placement", 0, 1, defaults.MeanLoad);
        Option<string?> masses = new("--masses") { Description = "What nodes send and receive by: CSV with node and mass",
            HelpName = "M.csv" };
        Option<int> flowsPerPair = Options.Whole(
            "--flows-per-pair", "N", "Each pair's demand is cut into 1 to N flows", 1, defaults.MaxFlowsPerPair, 10_000);
        Option<ulong?> seed = Options.Seed("Root of all randomness (default 1)");
        Option<string> output = new("--out") { Description = "The flows file to write (JSON)", HelpName = "F.json", Required = true };
        Option<string?> topologyOutput = new("--topology-out") { Description = "Write the topology too, as GML", HelpName = "T.gml" };
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("the figures of the generated traffic");
        topology.AddTo(command);
        foreach (Option option in new Option[] { masses, load, flowsPerPair, seed, output, topologyOutput, force, json })
        {
            command.Add(option);
        }
        int Generate(ParseResult parsed, CancellationToken cancellation)
        {
            string path = parsed.GetRequiredValue(output);
            OutputFile file = OutputFile.Of(path, "--out", parsed);
            OutputFile? topologyFile = parsed.GetValue(topologyOutput) is { } gml ? OutputFile.Of(gml, "--topology-out", parsed) : null;
            Topology network = topology.Read(parsed, host).Topology;
            GravityOptions options = new()
            {
                MeanLoad = parsed.GetValue(load), MaxFlowsPerPair = parsed.GetValue(flowsPerPair), Seed = parsed.GetValue(seed) ?? 1,
                Masses = parsed.GetValue(masses) is { } massesPath
                    ? NodeMasses.Read(InputFile.Read(massesPath, "--masses", "a CSV file of masses"), massesPath, network)
                    : null,
            };
            GeneratedFlows generated = new GravityFlowGenerator(network, options).Generate(cancellation, Progress(host));
            if (file.TryWrite(writer => FlowJson.Write(generated.Flows, network, writer, cancellation), cancellation) is { } failure)
            {
                FlowJson.Write(generated.Flows, network, host.Out, cancellation);
                throw failure;
            }
            topologyFile?.Write(GmlTopology.Write(network), cancellation);

            // The published routing of all pairs of a large network takes longer than generating them.
            bool published = network.Origin is null && network.NodeCount <= GravityFlowGenerator.LargeNetwork;
            RoutingModel shortest = IgpPathCalculator.HasOwnMetrics(network) ? RoutingModel.Igp : RoutingModel.Shortest;
            NetworkCase traffic = new(
                network, published ? new RoutingRule() : new RoutingRule(shortest, Hash: FlowHash.Fluid), generated.Flows.ActiveAt(0),
                null);
            ITrafficRouter router = published ? traffic.Router() : traffic.Fluid();
            Evaluation equal = Evaluation.Of(network, router, ChannelWeights.Uniform(network), traffic, Objective.Variance);
            int pairs = network.NodeCount * (network.NodeCount - 1);
            int without = pairs - generated.Flows.Flows.Select(flow => (flow.Start, flow.End)).Distinct().Count();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new Generation(
                    path, network.Name, options.Seed, generated.Flows.Flows.Count, options.MeanLoad, generated.PlacementMeanLoad,
                    equal.MeanUtilisation, equal.MaxUtilisation, equal.Phi, without, equal.Routing, equal.Splitting));
            }
            else
            {
                host.Out.WriteLine($"{path}: {generated.Flows.Flows.Count} flows for {network.Name}, seed {options.Seed}");
                if (without > 0)
                {
                    host.Out.WriteLine(
                        $"{Terminal.Count(without)} of {Terminal.Count(pairs)} pairs have no flow, as the links between them are full");
                }
                host.Out.WriteLine($"mean load by the generator's placement {Terminal.Figure(generated.PlacementMeanLoad)} (asked for "
                    + $"{Terminal.Figure(options.MeanLoad)})");
                host.Out.WriteLine(
                    $"with equal weights ({traffic.Describe(router)}): mean utilisation {Terminal.Figure(equal.MeanUtilisation)}, highest "
                    + $"{Terminal.Figure(equal.MaxUtilisation)}, Φ {Terminal.Figure(equal.Phi)}");
            }
            return ExitCodes.Success;
        }
        // Some of its steps cannot be told to stop: the first Ctrl-C leaves them to the end of the process.
        command.SetAction((parsed, cancellation) =>
            Task.Run(() => Generate(parsed, cancellation), CancellationToken.None).WaitAsync(cancellation));
        return command;
    }

    /// <summary>A line every few seconds; a small network is done before the first.</summary>
    private static Action<double> Progress(CommandHost host)
    {
        long last = host.Time.GetTimestamp();
        int passes = 0;
        return load =>
        {
            passes++;
            if (host.Time.GetElapsedTime(last) >= PlainRunDisplay.Interval)
            {
                last = host.Time.GetTimestamp();
                host.Error.WriteLine($"placed all demands {passes} times, mean load {Terminal.Figure(load)}");
            }
        };
    }

    /// <summary>The document of <c>network generate --json</c>. Names are a contract.</summary>
    private sealed record Generation(
        string Out, string Topology, ulong Seed, int Flows, double TargetMeanLoad, double GeneratorMeanLoad,
        double MeanUtilisation, double MaxUtilisation, double Phi, int PairsWithoutFlow, string Routing, string Splitting);
}
