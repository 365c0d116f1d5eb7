using System.Text.Json;
using AkkaLb.Cli.Tests.Commands.Journal;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Tests.Commands;

/// <summary>What one command writes about a network with parallel links, another reads.</summary>
public sealed class ParallelLinksTests : IDisposable
{
    private const string Triangle = """
        graph [ multigraph 1
          node [ id 1 label "x" ] node [ id 2 label "y" ] node [ id 3 label "z" ]
          edge [ source 1 target 2 bandwidth 4e6 ] edge [ source 1 target 2 bandwidth 2e6 ] edge [ source 1 target 2 key 7 bandwidth 1e6 ]
          edge [ source 2 target 3 bandwidth 4e6 ] edge [ source 3 target 1 bandwidth 4e6 ]
        ]
        """;

    private readonly NetworkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Run_WeightsTopologyAndFlows_Evaluate()
    {
        _files.Write("triangle.gml", Triangle);
        string experiment = _files.Write("parallel.conf", """
            akkalb.network {
              topology = triangle.gml
              flows.generate { mean-load = 0.1, flows-per-pair = 3, seed = 2 }
              training { episodes = 2, horizons = 3, update-every = 1 }
            }
            akkalb.baselines.genetic.enabled = off
            """);
        RunResult run = await ExperimentRunner.RunAsync(
            new ExperimentRequest(experiment) { OutputFolder = _files["run"], Path = RunPath.Batched }, new SilentObserver(), default);

        double phi = await EvaluateAsync(
            Path.Combine(run.RunFolder, RunFolder.TopologyFile), Path.Combine(run.RunFolder, RunFolder.FlowsFile),
            Path.Combine(run.RunFolder, RunFolder.WeightsFile));

        phi.ShouldBe(((Runtime.Experiments.Network.NetworkSummary)run.Summary).Metrics.PhiBest!.Value, 1e-12);
    }

    [Fact]
    public async Task GenerateAndOptimise_Files_Evaluate()
    {
        string topology = _files.Write("triangle.gml", Triangle), gml = _files["out.gml"], flows = _files["f.json"],
            weights = _files["w.json"];
        (await new Cli().InvokeAsync(
            "network", "generate", "--mean-load", "0.1", "--topology", topology, "--out", flows, "--topology-out", gml))
            .ShouldBe(ExitCodes.Success);
        Cli optimise = new();
        (await optimise.InvokeAsync(
            "network", "optimise", "--topology", gml, "--flows", flows, "--generations", "3", "--population", "6", "--out", weights,
            "--json"))
            .ShouldBe(ExitCodes.Success);

        (await EvaluateAsync(gml, flows, weights))
            .ShouldBe(JsonDocument.Parse(optimise.Output).RootElement.GetProperty("phi").GetDouble());
    }

    private static async Task<double> EvaluateAsync(string topology, string flows, string weights)
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "evaluate", "--topology", topology, "--flows", flows, "--weights", weights, "--json"))
            .ShouldBe(ExitCodes.Success, cli.Error);
        return JsonDocument.Parse(cli.Output).RootElement.GetProperty("phi").GetDouble();
    }
}
