using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using Spectre.Console;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network optimise</c>: the genetic baseline.</summary>
internal static class NetworkOptimiseCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "optimise",
            "Search for good channel weights, or for good IGP metrics",
            """
            Searches integer weights 1 to 64 with linear ranking, crossover by node and mutation by node. The same seed gives the same
            weights, whatever the number of threads. Ctrl-C ends the search after the generation and keeps the best so far, as --time does.
            --mutation reference repeats the published code, which gives all links of a row or column the same new weight.
            --search ospf searches integer IGP metrics for even splits instead (Fortz and Thorup's local search): --out is then a list of
            edges for --topology with --routing igp. With --routing k-shortest-paths the weights are those of paths;
            --search local then moves shares of 1/64 between a pair's paths, from all on the shortest, and keeps what is not worse.
            """ + "\n" + NetworkInput.Defaults,
            "akkalb network optimise --topology topology.gml --flows flows.json --out weights.json",
            "akkalb network optimise --topology topology.gml --flows flows.json --seed 3 --generations 300 --json",
            "akkalb network optimise --topology links.csv --demands demands.csv --search ospf --objective fortz-thorup --out ospf.csv");
        NetworkInput input = new() { AllowsPaths = true };
        input.AddTo(command);
        GeneticOptions defaults = new();
        Option<ulong?> seed = Options.Seed("Root of all randomness (default 1)");
        Option<int> generations = Options.Whole("--generations", "N", "Generations", 1, defaults.Iterations);
        Option<int> population = Options.Whole("--population", "N", "Individuals that survive a selection", 2, defaults.Population);
        Option<int> threads = Options.Whole(
            "--threads", "N", "Threads that evaluate; changes the time only", 1, Environment.ProcessorCount);
        Option<string> search = Options.Word(
            "--search", "Genetic search of weights, local search of IGP metrics (ospf), or of path weights (local)",
            "genetic", "ospf", "local");
        Option<int> evaluations = Options.Whole(
            "--evaluations", "N", "Metric vectors that --search ospf tries, moves of --search local", 1, new MetricOptions().Evaluations);
        Option<string> mutation = Options.Word("--mutation", "How weights are reassigned", "correct", "reference");
        Option<double?> time = Options.Seconds("--time", "Search for this time at most, and keep the best so far");
        Option<string?> output = new("--out")
        {
            Description = "Write the best weights as JSON, for 'network evaluate --weights'", HelpName = "W.json",
        };
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("Φ, the seed, the effort, and the weights");
        foreach (Option option in new Option[]
        {
            search, evaluations, seed, generations, population, mutation, threads, time, output, force, json,
        })
        {
            command.Add(option);
        }
        Options.OnlyWith(command, search, isWord: true, ["ospf", "local"], evaluations);
        Options.OnlyWith(command, search, isWord: false, ["ospf", "local"], generations, population, mutation, threads);
        Options.OnlyWith(command, search, isWord: false, ["ospf"], input.Hash);
        Options.OnlyWith(command, output, force);
        command.SetAction(async (parsed, cancellation) =>
        {
            OutputFile? file = parsed.GetValue(output) is { } path ? OutputFile.Of(path, "--out", parsed) : null;
            NetworkCase network = input.Read(parsed, host);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(time) is { } seconds)
            {
                end.CancelAfter(TimeSpan.FromSeconds(seconds));
            }
            if (parsed.GetValue(search) == "ospf")
            {
                if (network.Routing.Model == RoutingModel.KShortestPaths)
                {
                    throw new InvalidInputException(
                        $"--search: expected genetic or local with --routing {RoutingRule.PathsName}, as ospf searches metrics of links");
                }
                if (network.Routing.Model != RoutingModel.Igp && input.NamesRouting(parsed))
                {
                    throw new InvalidInputException(
                        $"--routing: expected igp, or none, with --search ospf, found {network.Routing.Name}");
                }
                return await MetricOptimisation.RunAsync(
                    host, network.NotEmpty(), input.Objective(parsed),
                    new MetricOptions { Seed = parsed.GetValue(seed) ?? 1, Evaluations = parsed.GetValue(evaluations) }, file,
                    parsed.GetValue(output), parsed.GetValue(json), end.Token, cancellation);
            }
            bool local = parsed.GetValue(search) == "local";
            if (local && network.Routing.Model != RoutingModel.KShortestPaths)
            {
                throw new InvalidInputException(
                    $"--search: local searches path weights, expected --routing {RoutingRule.PathsName} with it");
            }
            Topology topology = network.Topology;
            Objective objective = input.Objective(parsed);
            ITrafficRouter router = network.Router(cancellation: cancellation);
            GeneticOptions options = new()
            {
                Seed = parsed.GetValue(seed) ?? 1,
                Iterations = parsed.GetValue(generations),
                Population = parsed.GetValue(population),
                Threads = parsed.GetValue(threads),
                ReferenceMutation = parsed.GetValue(mutation) == "reference",
            };
            double equal = Evaluation.Of(topology, router, [.. Enumerable.Repeat(1.0, router.WeightCount)], network, objective)
                .ObjectiveValue;
            NetworkScenario scenario = new(topology, router, objective);
            WeightSearch chosen = local
                ? WeightSearch.OfPaths(scenario, parsed.GetValue(evaluations), options.Seed) : WeightSearch.Genetic(scenario, options);
            SearchDisplay display = new(
                host, $"{chosen.Name} search on {topology.Name}: {topology.LinkCount} links, "
                    + $"{(router is PathRouter ? $"{router.WeightCount} paths, " : "")}{router.Count} "
                    + $"{(network.Demands is null ? "flows" : "demands")}, seed {options.Seed}, {chosen.Effort}",
                equal, chosen.Steps);
            SearchResult result = await display.ShowAsync(progress => chosen.Run(progress, end.Token));
            (int done, int asked, string what) = chosen.Reached(result);
            bool interrupted = done < asked && cancellation.IsCancellationRequested;
            string text = router is PathRouter paths
                ? PathWeightsFile.Write(topology, paths, result.Weights) : WeightsFile.Write(topology, result.Weights);
            RunFailedException? failure = file?.TryWrite(text, cancellation);
            Evaluation evaluation = Evaluation.Of(topology, router, [.. result.Weights], network, objective);
            Optimisation optimisation = new(
                evaluation.Phi, evaluation.MeanUtilisation, evaluation.MaxUtilisation, evaluation.Flows, evaluation.Unroutable,
                evaluation.Objective, evaluation.ObjectiveValue, equal, options.Seed, evaluation.Routing,
                local ? null : parsed.GetValue(mutation), local ? null : done, result.Evaluations, interrupted,
                [.. evaluation.Links.Where(l => l.Weight is not null).Select(l => new LinkWeight(l.From, l.To, l.Key, l.Weight!.Value))])
            {
                Search = local ? chosen.Name : null,
                Paths = evaluation.Paths,
            };
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, optimisation);
            }
            else
            {
                IAnsiConsole console = Terminal.ForResult(host);
                evaluation.Write(console);
                console.WriteLine($"{Terminal.Figure(equal)} with equal weights, so "
                    + $"{Terminal.Against(equal, optimisation.ObjectiveValue)}; {(local ? "" : $"{done} {what}, ")}"
                    + $"{Terminal.Count(result.Evaluations)} evaluations");
                if (failure is not null)
                {
                    host.Out.Write(text);
                }
                else if (file is not null)
                {
                    console.WriteLine($"weights in {parsed.GetValue(output)}");
                }
            }
            if (interrupted)
            {
                host.Error.WriteLine($"akkalb: interrupted after {done} of {asked} {what}; the result is the best so far");
            }
            if (failure is not null)
            {
                throw failure;
            }
            return interrupted ? ExitCodes.Interrupted : ExitCodes.Success;
        });
        return command;
    }
}
