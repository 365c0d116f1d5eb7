using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network export</c>: channel weights in the words of routers and of other programs.</summary>
internal static class NetworkExportCommand
{
    private static readonly string[] Formats = ["wcmp", "frr", "sonic", "ospf", "frr-ospf", "graphml", "csv"];

    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "export",
            "Write channel weights for routers and other programs",
            """
            wcmp      per router and group of next hops whole weights from 1 to 255 and the destinations (JSON)
            frr       the same as nexthop-groups and pbr-maps of FRR;  sonic  the same as ROUTE_TABLE entries of SONiC's APPL_DB
            ospf      integer metrics for even splits, by local search: a third of --evaluations towards the loads of the weights, then
                      for the lowest Φ from there and from the topology's own metrics. A list of edges (CSV) that --topology reads with
                      --routing igp;  frr-ospf  the same as interface costs of FRR and Cisco IOS
            graphml   the topology with weights, loads and utilisations;  csv  the same as a table
            WEIGHTS is a file as 'network evaluate' takes it, or a run folder, whose topology, routing and flows, at the time that it
            learnt last, are taken where no option names others; links that were down then are left out. Splits are in proportion to
            the weights, exactly, whatever hash the run had. Φ before and after rounding or fitting is printed.
            """ + "\n" + NetworkInput.Defaults,
            "akkalb network export weights.json --topology links.csv --demands demands.csv --format wcmp --out wcmp.json",
            "akkalb network export weights.json --topology links.csv --demands demands.csv --format ospf --out ospf.csv",
            "akkalb network export runs/quickstart-samaroh-seed1 --routing shortest --format frr --out frr.conf");
        Argument<string> source = new("WEIGHTS|RUN") { Description = "A file of channel weights (JSON), or a run folder" };
        NetworkInput input = new() { Topology = new TopologyInput(required: false) };
        Option<string> format = Options.Word("--format", "What to write", Formats);
        Option<string> output = new("--out") { Description = "The file to write", HelpName = "FILE", Required = true };
        Option<int> evaluations = Options.Whole(
            "--evaluations", "N", "Metric vectors that the fit of ospf and frr-ospf tries", 3, 60_000);
        Option<ulong?> seed = Options.Seed("Root of the fit's randomness (default 1)");
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("Φ and the highest utilisation before and after");
        command.Add(source);
        input.AddTo(command, fluidOnly: true);
        foreach (Option option in new Option[] { format, output, evaluations, seed, force, json })
        {
            command.Add(option);
        }
        Options.OnlyWith(command, format, isWord: true, ["ospf", "frr-ospf"], evaluations, seed);
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(output), kind = parsed.GetValue(format)!, weightsPath = parsed.GetRequiredValue(source);
            OutputFile file = OutputFile.Of(path, "--out", parsed);
            string? run = Directory.Exists(weightsPath) ? weightsPath : null;
            string topologyPath = input.Topology.Path(parsed) ?? (run is null
                ? throw new InvalidInputException("--topology: expected a topology, as no run folder has one")
                : Path.Combine(run, RunFolder.TopologyFile));
            ImportedTopology imported = input.Topology.Read(topologyPath, parsed, host);
            NetworkCase network = input.Read(imported, parsed, host, run).NotEmpty();
            Topology topology = network.Topology;
            double[] weights = network.Left(WeightsFile.Read(
                run is null ? weightsPath : Path.Combine(run, RunFolder.WeightsFile), "WEIGHTS|RUN", imported.Topology));
            FluidRouter router = network.Fluid();
            double[] wanted = new double[topology.LinkCount];
            router.Route(weights, wanted);

            (string text, double[] reached) = kind switch
            {
                "wcmp" => Table(RouterSnippets.Wcmp),
                "frr" => Table(RouterSnippets.Frr),
                "sonic" => Table(RouterSnippets.Sonic),
                "graphml" => (TopologyText.GraphMl(topology, weights, wanted), wanted),
                "csv" => (TopologyText.LoadsCsv(topology, weights, wanted), wanted),
                _ => await Task.Run(Metrics, CancellationToken.None),
            };
            file.Write(text, cancellation);
            Result result = new(
                path, kind, network.Routing.Name,
                ObjectiveFunction.Variance(wanted, topology.Capacities), ObjectiveFunction.Variance(reached, topology.Capacities),
                ObjectiveFunction.MaxUtilisation(wanted, topology.Capacities),
                ObjectiveFunction.MaxUtilisation(reached, topology.Capacities));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, result);
                return ExitCodes.Success;
            }
            host.Out.WriteLine($"{path}: {kind} of {topology.LinkCount} links; {network.Describe(router)}");
            host.Out.WriteLine($"Φ {Terminal.Figure(result.Phi)} of the weights, {Terminal.Figure(result.PhiExported)} of the file "
                + $"({Terminal.Against(result.Phi, result.PhiExported)}); highest utilisation {Terminal.Percent(result.MaxUtilisation)} "
                + "and "
                + Terminal.Percent(result.MaxUtilisationExported));
            return ExitCodes.Success;

            (string, double[]) Table(Func<NextHopTable, string> write)
            {
                NextHopTable table = new(topology, network.Routing.Paths(topology), weights);
                return (write(table), table.Route(router));
            }

            (string, double[]) Metrics()
            {
                // Metrics that come near the learnt loads may still overload a link: from there, and from the topology's own metrics, Φ
                // counts.
                IReadOnlyList<Demand> demands = network.AsDemands();
                MetricOptions options = new()
                {
                    Seed = parsed.GetValue(seed) ?? 1, Evaluations = parsed.GetValue(evaluations) / 3,
                };
                SearchResult near = MetricSearch.Run(
                    topology, demands, loads => Distance(loads, wanted, topology), options, cancellation: cancellation);
                SearchResult found = new IReadOnlyList<double>?[] { near.Weights, null }.Select(start => MetricSearch.Run(
                    topology, demands, loads => Objective.Variance.Evaluate(loads, topology.Capacities), options with { Start = start },
                    cancellation: cancellation)).MinBy(search => search.Phi)!;
                double[] loads = new double[topology.LinkCount];
                new OspfRouter(topology, network.AsDemands()).Route([.. found.Weights], loads);
                return (kind == "ospf"
                    ? TopologyText.MetricsCsv(topology, found.Weights)
                    : RouterSnippets.OspfCosts(topology, found.Weights), loads);
            }
        });
        return command;
    }

    /// <summary>Mean squared difference of utilisations, as Φ is one from their mean.</summary>
    private static double Distance(double[] loads, double[] wanted, Topology topology)
    {
        double squares = 0;
        for (int link = 0; link < loads.Length; link++)
        {
            double difference = (loads[link] - wanted[link]) / topology.Capacities[link];
            squares += difference * difference;
        }
        return squares / loads.Length;
    }

    /// <summary>The document of <c>network export --json</c>. Names are a contract.</summary>
    /// <param name="Phi">Of the weights as they are, split exactly.</param>
    /// <param name="PhiExported">Of what the file says.</param>
    private sealed record Result(
        string Out, string Format, string Routing, double Phi, double PhiExported, double MaxUtilisation, double MaxUtilisationExported);
}
