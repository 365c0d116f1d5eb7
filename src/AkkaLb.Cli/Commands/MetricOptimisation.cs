using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using Spectre.Console;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network optimise --search ospf</c>: integer IGP metrics for even splits.</summary>
internal static class MetricOptimisation
{
    /// <param name="end">Ends the search, which keeps the best so far.</param>
    /// <param name="cancellation">The same, by the user.</param>
    public static async Task<int> RunAsync(
        CommandHost host, NetworkCase network, Objective objective, MetricOptions options, OutputFile? file, string? path, bool json,
        CancellationToken end, CancellationToken cancellation)
    {
        Topology topology = network.Topology;
        NetworkCase igp = network with { Routing = new RoutingRule(RoutingModel.Igp, Hash: FlowHash.Fluid) };
        double[] weights = ChannelWeights.Uniform(topology);
        Evaluation before = Evaluation.Of(topology, igp.Fluid(), weights, igp, objective);
        SearchDisplay display = new(
            host, $"local search of IGP metrics on {topology.Name}: {topology.LinkCount} links, seed {options.Seed}, {options.Evaluations} "
                + "evaluations",
            before.ObjectiveValue, $"reports of {MetricSearch.ReportEvery} evaluations", "metrics before");
        SearchResult result = await display.ShowAsync(progress => MetricSearch.Run(
            topology, igp.AsDemands(), loads => objective.Evaluate(loads, topology.Capacities), options, progress, end));
        bool interrupted = result.Evaluations < options.Evaluations && cancellation.IsCancellationRequested;
        string edges = TopologyText.MetricsCsv(topology, result.Weights);
        RunFailedException? failure = file?.TryWrite(edges, cancellation);
        FluidRouter router = new(topology, igp.AsDemands(), new IgpPathCalculator(topology, result.Weights));
        double[] loads = new double[topology.LinkCount];
        int unroutable = router.Route(weights, loads);
        Evaluation evaluation = Evaluation.Of(topology, router, [.. result.Weights], loads, unroutable, igp, objective);
        if (json)
        {
            JsonOutput.Write(host.Out, new Found(
                evaluation.Phi, evaluation.MeanUtilisation, evaluation.MaxUtilisation, evaluation.Flows, evaluation.Objective,
                evaluation.ObjectiveValue, before.ObjectiveValue, options.Seed, result.Evaluations, interrupted,
                [.. evaluation.Links.Select(link => new LinkWeight(link.From, link.To, link.Key, link.Weight!.Value))]));
        }
        else
        {
            IAnsiConsole console = Terminal.ForResult(host);
            evaluation.Write(console);
            console.WriteLine(
                $"weights are IGP metrics found, splits are even; {Terminal.Figure(before.ObjectiveValue)} with the metrics before, so "
                + $"{Terminal.Against(before.ObjectiveValue, evaluation.ObjectiveValue)}; {Terminal.Count(result.Evaluations)} "
                + "evaluations");
            if (failure is not null)
            {
                host.Out.Write(edges);
            }
            else if (path is not null)
            {
                console.WriteLine($"metrics in {path}");
            }
        }
        if (interrupted)
        {
            host.Error.WriteLine($"akkalb: interrupted after {result.Evaluations} of {options.Evaluations} evaluations; the result is the "
                + "best so far");
        }
        return failure is not null ? throw failure : interrupted ? ExitCodes.Interrupted : ExitCodes.Success;
    }

    /// <summary>The document of <c>network optimise --search ospf --json</c>. Names are a contract.</summary>
    /// <param name="Before">The objective with the file's metrics, or inverse capacities.</param>
    private sealed record Found(
        double Phi, double MeanUtilisation, double MaxUtilisation, int Flows, string Objective, double ObjectiveValue, double Before,
        ulong Seed, int Evaluations, bool Interrupted, IReadOnlyList<LinkWeight> Metrics);
}
