using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Tests;

/// <summary>Small runs of each family in one folder, made once for all tests.</summary>
public sealed class SampleRuns : IAsyncLifetime
{
    public const string Network = "network", Other = "network-2", Game = "game", Static = "static",
        DataCenter = "datacenter", InTime = "in-time";

    private const string Small = "game.generate { players = 6, servers = 5 }";

    /// <summary>The nodes of 4-node, with places.</summary>
    private static string Square
    {
        get
        {
            Topology four = TopologyLibrary.Get("4-node");
            return GmlTopology.Write(new Topology(four.Name, four.Labels, four.Links)
            {
                Positions = [new NodePosition(0, 0), new NodePosition(10, 0), new NodePosition(10, 5), new NodePosition(0, 5)],
            });
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("akkalb-dashboard-").FullName;

    public async Task InitializeAsync()
    {
        await RunAsync(Network, NetworkExperiment(60));
        await RunAsync(Other, NetworkExperiment(60), "seed=2");
        await File.WriteAllTextAsync(Path.Combine(Folder, "square.gml"), Square);
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "failure.json"), """{"5000": {"missing_links": [["3", "1", 0]]}, "10000": {"missing_links": []}}""");
        await RunAsync(InTime, """
            network {
              topology = square.gml
              flows.generate { mean-load = 0.4, flows-per-pair = 5, seed = 1 }
              training { episodes = 20, update-every = 10, horizons = 10, epochs = 2 }
              memory { deltas = [0.2], size = 8 }
              mode = asynchronous
              topology-changes = failure.json
              asynchronous { until = 20s, budget = 40, threshold = 0.0001, keep-best = on, latency { min = 1ms, max = 5ms } }
            }
            baselines.genetic { population = 10, generations = 5 }
            """, "method=samaroh-2l");
        await RunAsync(Game, Small, "family=game", "method=dynamic");
        await RunAsync(Static, Small, "family=game", "method=static");
        await RunAsync(DataCenter, "datacenter { traffic.duration = 20s, repetitions = 1, policies = [ecmp, sed] }", "family=datacenter",
            "method=compare");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    public string this[string run] => Path.Combine(Folder, run);

    public static string NetworkExperiment(int episodes) => $$"""
        network {
          topology = 4-node
          flows.generate { mean-load = 0.4, flows-per-pair = 5, seed = 1 }
          training { episodes = {{episodes}}, update-every = 10, horizons = 10, epochs = 2 }
        }
        baselines.genetic { population = 10, generations = 5 }
        """;

    /// <summary>Plays a run into a folder.</summary>
    public static async Task RunAsync(string folder, string file, string experiment, IRunObserver observer, params string[] keys)
    {
        await File.WriteAllTextAsync(file, $"akkalb {{\n name = sample\n method = samaroh\n {experiment}\n}}\n");
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(file) { OutputFolder = folder, Overrides = keys }, observer, CancellationToken.None);
        result.Summary.Status.ShouldBe(RunSummary.Finished);
    }

    private Task RunAsync(string name, string experiment, params string[] keys) =>
        RunAsync(this[name], Path.Combine(Folder, name + ".conf"), experiment, new Quiet(), keys);

    internal sealed class Quiet : IRunObserver
    {
        public void Started(RunPlan plan)
        {
        }

        public void BaselinesFound(RunBaselines baselines)
        {
        }

        public void EpisodeFinished(EpisodeReport episode)
        {
        }

        public void Notice(string line)
        {
        }
    }
}

[CollectionDefinition(Name)]
public sealed class SampleRunsCollection : ICollectionFixture<SampleRuns>, ICollectionFixture<Browser.Chromium>
{
    public const string Name = "sample runs";
}
