using System.Text.Json;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cli.Tests.Commands;

/// <summary>Small runs of all families, made once for the tests of <c>akkalb evaluate</c>, which only read them.</summary>
public sealed class EvaluatedRuns : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal TemporaryFolder Folder => _folder;

    public string this[string run] => _folder[run];

    public async Task InitializeAsync()
    {
        await TrainAsync("network", Network(""));
        await TrainAsync("shared", Network("network.agents.readout = shared"));
        await TrainAsync("two-layer", Network("method = samaroh-2l"));
        await TrainAsync("datacenter", """
            akkalb {
              family = datacenter, method = distr-lb, seed = 3
              datacenter { repetitions = 2, policies = [sed, ecmp], traffic.duration = 10s }
              datacenter.learning { duration = 10s, episodes = 4, warm-up = 2, updates = 1 }
            }
            """);
        await TrainAsync("compare", """
            akkalb {
              family = datacenter, method = compare
              datacenter { repetitions = 2, policies = [sed, ecmp], traffic.duration = 5s }
            }
            """);
        await TrainAsync("game", "akkalb { family = game, method = static, game.setting = 1 }");
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A copy that a test may change.</summary>
    internal string Copy(string run, string name)
    {
        foreach (string file in Directory.EnumerateFiles(_folder[run], "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(_folder[name], Path.GetRelativePath(_folder[run], file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return _folder[name];
    }

    private static string Network(string keys) => $$"""
        akkalb {
          seed = 5
          network { topology = 4-node, agents.message-iterations = 1 }
          network.training { episodes = 16, horizons = 5, update-every = 8, threads = 1 }
          baselines.genetic { population = 10, generations = 3 }
          {{keys}}
        }
        """;

    private Task TrainAsync(string name, string experiment) => ExperimentRunner.RunAsync(
        new ExperimentRequest(_folder.Write($"{name}.conf", experiment)) { OutputFolder = _folder[name], Path = RunPath.Batched },
        new Silent(), default);

    private sealed class Silent : IRunObserver
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

public sealed class EvaluateCommandTests(EvaluatedRuns runs) : IClassFixture<EvaluatedRuns>
{
    private static async Task<JsonElement> EvaluateAsync(params string[] arguments)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["evaluate", .. arguments, "--json"])).ShouldBe(ExitCodes.Success, cli.Error);
        return JsonSerializer.Deserialize<JsonElement>(cli.Output);
    }

    private static JsonElement Episode(JsonElement document, int number) =>
        document.GetProperty("evaluation").GetProperty("episodes")[number];

    private JsonElement SummaryOf(string run) =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(runs[run], "summary.json")));

    [Fact]
    public async Task Network_NothingElse_IsOneGreedyEpisodeBesideTheBaselinesOfTheRun()
    {
        byte[] checkpoint = File.ReadAllBytes(Path.Combine(runs["network"], "checkpoint", "weights.safetensors"));
        JsonElement first = await EvaluateAsync(runs["network"]), again = await EvaluateAsync(runs["network"]);

        first.GetProperty("family").GetString().ShouldBe("network");
        first.GetProperty("method").GetString().ShouldBe("samaroh");
        first.GetProperty("seed").GetUInt64().ShouldBe(5UL);
        first.GetProperty("status").GetString().ShouldBe("finished");
        JsonElement metrics = first.GetProperty("metrics");
        metrics.GetProperty("episodes").GetInt32().ShouldBe(1);
        metrics.GetProperty("phi").GetDouble().ShouldBe(metrics.GetProperty("phiBest").GetDouble());
        foreach (string baseline in (string[])["ecmp", "ecmpShortestHop", "ucmp", "genetic"])
        {
            first.GetProperty("baselines").GetProperty(baseline).GetDouble()
                .ShouldBe(SummaryOf("network").GetProperty("baselines").GetProperty(baseline).GetDouble(), baseline);
        }
        JsonElement evaluation = first.GetProperty("evaluation");
        evaluation.GetProperty("run").GetString().ShouldBe(runs["network"]);
        evaluation.GetProperty("learntSeed").GetUInt64().ShouldBe(5UL);
        evaluation.GetProperty("learntEpisodes").GetInt32().ShouldBe(16);
        evaluation.GetProperty("decisions").GetString().ShouldBe("greedy");
        JsonElement exchanges = first.GetProperty("exchanges");
        exchanges.GetProperty("sent").GetInt64().ShouldBe(exchanges.GetProperty("possible").GetInt64());
        Episode(again, 0).GetRawText().ShouldBe(Episode(first, 0).GetRawText());
        File.ReadAllBytes(Path.Combine(runs["network"], "checkpoint", "weights.safetensors")).ShouldBe(checkpoint);
    }

    [Fact]
    public async Task Network_Table_PutsThePolicyBesideTheBaselines()
    {
        Cli cli = new();
        (await cli.InvokeAsync("evaluate", runs["network"], "--seed", "7", "--episodes", "2")).ShouldBe(ExitCodes.Success, cli.Error);

        foreach (string part in (string[])[
            "policy of samaroh on ", "finished after 2 greedy episodes", "samaroh, greedy, mean", "ECMP on the DAG routing, mean",
            "UCMP, mean", "genetic search, mean", "flows of seed", "learnt from 16 episodes with seed 5", "generated with seeds 7 to 8"])
        {
            cli.Output.ShouldContain(part);
        }
    }

    [Theory]
    [InlineData("run", "the run's own")]
    [InlineData("generated", "generated with seed 7", "--seed", "7")]
    [InlineData("file", "of a file", "--flows", "flows.json")]
    public async Task Network_Flows_AreSaidToBeWhoseTheyAre(string whose, string said, params string[] options)
    {
        string[] named = [.. options.Select(option => option == "flows.json" ? Path.Combine(runs["network"], option) : option)];
        (await EvaluateAsync([runs["network"], .. named])).GetProperty("evaluation").GetProperty("flows").GetString().ShouldBe(whose);
        Cli cli = new();
        (await cli.InvokeAsync(["evaluate", runs["network"], .. named])).ShouldBe(ExitCodes.Success, cli.Error);
        cli.Output.ShouldContain($" flows, {said}, mean utilisation");
    }

    [Fact]
    public async Task Network_AnotherSeed_GeneratesOtherFlowsAndASeedForEachEpisode()
    {
        JsonElement own = await EvaluateAsync(runs["network"]);
        JsonElement others = await EvaluateAsync(runs["network"], "--seed", "7", "--episodes", "3");
        JsonElement second = await EvaluateAsync(runs["network"], "--seed", "8");

        others.GetProperty("metrics").GetProperty("episodes").GetInt32().ShouldBe(3);
        others.GetProperty("evaluation").GetProperty("episodes").EnumerateArray().Select(e => e.GetProperty("flowsSeed").GetUInt64())
            .ShouldBe([7UL, 8UL, 9UL]);
        Episode(others, 0).GetProperty("phi").GetDouble().ShouldNotBe(Episode(own, 0).GetProperty("phi").GetDouble());
        Episode(second, 0).GetRawText().ShouldBe(Episode(others, 1).GetRawText());
        double[] phi = [.. Enumerable.Range(0, 3).Select(i => Episode(others, i).GetProperty("phi").GetDouble())];
        others.GetProperty("metrics").GetProperty("phi").GetDouble().ShouldBe(phi.Average());
        others.GetProperty("metrics").GetProperty("phiBest").GetDouble().ShouldBe(phi.Min());
    }

    [Fact]
    public async Task Network_OtherFlowsAndAnOutputFolder_PlaysThemAndWritesWhatOtherCommandsRead()
    {
        using NetworkFiles files = new();
        string flows = files.Write("few.json", $"[{NetworkFiles.Flow("1", "4", 3e7, "one")}, {NetworkFiles.Flow("2", "3", 2e7, "two")}]");
        string output = files["result"];
        JsonElement document = await EvaluateAsync(runs["network"], "--flows", flows, "--out", output);

        document.GetProperty("traffic").GetProperty("flows").GetInt32().ShouldBe(2);
        Episode(document, 0).GetProperty("flowsSeed").ValueKind.ShouldBe(JsonValueKind.Null);
        File.ReadAllText(Path.Combine(output, "evaluation.csv")).Split('\n').Length.ShouldBe(3);
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(output, "summary.json"))).GetProperty("metrics").GetRawText()
            .ShouldBe(document.GetProperty("metrics").GetRawText());

        Cli cli = new();
        (await cli.InvokeAsync(
            "network", "evaluate", "--json", "--topology", Path.Combine(output, "topology.gml"),
            "--flows", Path.Combine(output, "flows.json"), "--weights", Path.Combine(output, "weights.json")))
            .ShouldBe(ExitCodes.Success, cli.Error);
        JsonSerializer.Deserialize<JsonElement>(cli.Output).GetProperty("phi").GetDouble()
            .ShouldBe(document.GetProperty("metrics").GetProperty("phi").GetDouble());

        JsonElement bySet = await EvaluateAsync(runs["network"], "--set", $"network.flows.file={JsonSerializer.Serialize(flows)}");
        Episode(bySet, 0).GetRawText().ShouldBe(Episode(document, 0).GetRawText());
    }

    [Fact]
    public async Task Network_OtherFlowsAndWhatGeneratesFlows_IsRefused()
    {
        string flows = Path.Combine(runs["network"], "flows.json");
        string[] evaluate = [runs["network"], "--flows", flows];
        await new Cli().ShouldRefuseEvaluationAsync(
            [.. evaluate, "--seed", "7"], "--seed: expected none beside flows of a file, unless decisions are drawn");
        await new Cli().ShouldRefuseEvaluationAsync(
            [.. evaluate, "--set", "network.flows.generate.mean-load=0.6"],
            "--set network.flows.generate.mean-load=0.6: ", "expected none, as the flows are those of 'akkalb.network.flows.file'");
        JsonElement drawn = await EvaluateAsync([.. evaluate, "--seed", "7", "--set", "network.training.sample-probability=1"]);
        drawn.GetProperty("seed").GetUInt64().ShouldBe(7UL);
    }

    [Fact]
    public async Task Network_AnotherTopology_PlaysASharedReadoutAndRefusesOnesPerLink()
    {
        JsonElement document = await EvaluateAsync(runs["shared"], "--topology", "abilene", "--set", "baselines.genetic.enabled=off");
        document.GetProperty("evaluation").GetProperty("topology").GetString().ShouldBe("abilene");
        document.GetProperty("baselines").GetProperty("genetic").ValueKind.ShouldBe(JsonValueKind.Null);
        Episode(document, 0).GetProperty("flowsSeed").GetUInt64().ShouldBe(1UL);

        await new Cli().ShouldRefuseEvaluationAsync(
            [runs["network"], "--topology", "abilene"],
            runs["network"], "a readout for each of 8 links", "found abilene with 20 links", "readout=shared");

        // The same links with other capacities are no other links.
        string gml = File.ReadAllText(Path.Combine(runs["network"], "topology.gml"));
        string wider = gml.Replace("bandwidth 1", "bandwidth 2", StringComparison.Ordinal);
        JsonElement same = await EvaluateAsync(
            runs["network"], "--topology", runs.Folder.Write("wider.gml", wider), "--flows", Path.Combine(runs["network"], "flows.json"));
        same.GetProperty("traffic").GetProperty("flows").GetInt32()
            .ShouldBe(SummaryOf("network").GetProperty("traffic").GetProperty("flows").GetInt32());
    }

    [Fact]
    public async Task Network_Sampled_DrawsByEpisode()
    {
        JsonElement document = await EvaluateAsync(runs["network"], "--episodes", "4", "--set", "network.training.sample-probability=1");

        document.GetProperty("evaluation").GetProperty("decisions").GetString().ShouldBe("sampled");
        Enumerable.Range(0, 4).Select(i => Episode(document, i).GetProperty("phi").GetDouble()).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Network_TwoLayers_BeginsWithTheMemoryOfTheRun()
    {
        JsonElement document = await EvaluateAsync(runs["two-layer"], "--episodes", "2");
        JsonElement exchanges = document.GetProperty("exchanges");
        exchanges.GetProperty("sent").GetInt64().ShouldBeLessThan(exchanges.GetProperty("possible").GetInt64());
    }

    /// <summary>As in 'run': what is said by an option of its own wins.</summary>
    [Theory]
    [InlineData("network")]
    [InlineData("datacenter")]
    public async Task Seed_OfTheOption_WinsOverSet(string run) =>
        (await EvaluateAsync(runs[run], "--seed", "7", "--set", "seed=8")).GetProperty("seed").GetUInt64().ShouldBe(7UL);

    [Theory]
    [InlineData("datacenter.traffic.rate=8",
        "--set datacenter.traffic.load=0.2: 'akkalb.datacenter.traffic.load' is '0.2', expected none, as the load is that of 'rate'")]
    [InlineData("datacenter.traffic.trace=t.csv", "expected none, as the load is that of 'trace'")]
    public async Task DataCenter_LoadWithoutEffect_IsRefused(string key, string problem)
    {
        using NetworkFiles files = new();
        string trace = files.Write("t.csv", "seconds,service\n0,1\n1,1\n");
        await new Cli().ShouldRefuseEvaluationAsync(
            [runs["datacenter"], "--set", key.Replace("t.csv", trace, StringComparison.Ordinal), "--set", "datacenter.traffic.load=0.2"],
            problem);
    }

    [Theory]
    [InlineData("datacenter.traffic.rate=5", "expected none, as the load is that of 'trace'")]
    [InlineData("datacenter.traffic.modulation=0.5", "expected none, as the load is that of 'trace'")]
    [InlineData("datacenter.actors=on", "--set datacenter.actors: an evaluation simulates, expected none of this key")]
    public async Task DataCenter_KeyWithoutEffectBesideATrace_IsRefused(string key, string problem)
    {
        using NetworkFiles files = new();
        string trace = files.Write("t.csv", "seconds,service\n0,1\n1,1\n");
        await new Cli().ShouldRefuseEvaluationAsync(
            [runs["datacenter"], "--set", $"datacenter.traffic.trace={trace}", "--set", key], problem);
    }

    [Fact]
    public async Task DataCenter_NothingElse_GivesTheFiguresOfTheRun()
    {
        JsonElement document = await EvaluateAsync(runs["datacenter"]);

        document.GetProperty("policies").GetRawText().ShouldBe(SummaryOf("datacenter").GetProperty("policies").GetRawText());
        document.GetProperty("metrics").GetRawText().ShouldBe(SummaryOf("datacenter").GetProperty("metrics").GetRawText());
        document.GetProperty("evaluation").GetProperty("learntEpisodes").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task DataCenter_AnotherSeedAndLoad_PlaysOtherJobs()
    {
        string output = runs.Folder["datacenter-result"];
        JsonElement document = await EvaluateAsync(
            runs["datacenter"], "--seed", "9", "--episodes", "3", "--set", "datacenter.traffic.load=0.5",
            "--set", "datacenter.policies=[sed, lsq]", "--out", output);

        document.GetProperty("seed").GetUInt64().ShouldBe(9UL);
        document.GetProperty("evaluation").GetProperty("learntSeed").GetUInt64().ShouldBe(3UL);
        document.GetProperty("metrics").GetProperty("repetitions").GetInt32().ShouldBe(3);
        document.GetProperty("policies").EnumerateObject().Select(p => p.Name).ShouldBe(["distr-lb", "distr-lb-sampled", "sed", "lsq"]);
        File.ReadAllText(Path.Combine(output, "policies.csv")).Split('\n').Length.ShouldBe(1 + 4 * 3 + 1);

        Cli cli = new();
        (await cli.InvokeAsync("evaluate", runs["datacenter"], "--episodes", "1")).ShouldBe(ExitCodes.Success, cli.Error);
        cli.Output.ShouldContain("learnt from 4 episodes with seed 3");
        cli.Output.ShouldNotContain("without rejected jobs");
        cli.Output.ShouldNotContain("run folder");
        Cli crowded = new();
        (await crowded.InvokeAsync(
            "evaluate", runs["datacenter"], "--set", "datacenter.servers.capacity=2", "--set", "datacenter.traffic.load=2"))
            .ShouldBe(ExitCodes.Success, crowded.Error);
        crowded.Output.ShouldContain("without rejected jobs");
    }

    [Theory]
    [InlineData("datacenter", "its policy is for 7 servers, expected as many", "--set", "datacenter.servers.workers=[1, 2]")]
    [InlineData("datacenter", "its policy is for 2 load balancers, expected as many", "--set", "datacenter.load-balancers=3")]
    [InlineData("datacenter", "--set datacenter.learning.hidden: nothing is learnt here", "--set", "datacenter.learning.hidden=8")]
    [InlineData("datacenter", "--set method=qmix-lb: expected 'distr-lb'", "--set", "method=qmix-lb")]
    [InlineData("datacenter", "--topology: expected a run of family network", "--topology", "abilene")]
    [InlineData("network", "--set network.agents.readout=shared: expected 'per-agent'", "--set", "network.agents.readout=shared")]
    [InlineData("network", "--set network.training.episodes: nothing is learnt here", "--set", "network.training.episodes=3")]
    [InlineData("network", "unknown key 'akkalb.network.flow'", "--set", "network.flow=3")]
    [InlineData("network", "--topology: expected a file or one of 4-node", "--topology", "nowhere.gml")]
    [InlineData("network", "--flows: expected a file of flows, nowhere.json: no such file", "--flows", "nowhere.json")]
    [InlineData("network", "--episodes: expected a whole number from 1, found '0'", "--episodes", "0")]
    [InlineData("compare", "expected a run with a checkpoint: it has learnt nothing yet")]
    [InlineData("game", "a run of family game, whose players learn nothing: there is no policy to evaluate")]
    [InlineData("nowhere", "expected a run folder with experiment.conf in it")]
    public async Task Evaluate_WhatCannotBePlayed_OneLineAndNothingWritten(string run, string expected, params string[] arguments)
    {
        string output = runs.Folder["never"];
        await new Cli().ShouldRefuseEvaluationAsync([runs[run], .. arguments, "--out", output], expected);
        Directory.Exists(output).ShouldBeFalse();
    }

    [Fact]
    public async Task Evaluate_RunWithoutCheckpoint_OneLine()
    {
        string run = runs.Copy("network", "blank");
        Directory.Delete(Path.Combine(run, "checkpoint"), recursive: true);
        await new Cli().ShouldRefuseEvaluationAsync([run], run, "expected a run with a checkpoint");
    }

    [Theory]
    [InlineData("network")]
    [InlineData("datacenter")]
    public async Task Evaluate_DamagedWeights_OneLineNamesTheFile(string family)
    {
        string run = runs.Copy(family, $"damaged-{family}");
        string weights = Path.Combine(run, "checkpoint", "weights.safetensors");
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^5] ^= 1;
        File.WriteAllBytes(weights, bytes);
        await new Cli().ShouldRefuseEvaluationAsync([run], weights, "damaged");

        // Without the sums and the journal the file itself must tell.
        File.WriteAllBytes(weights, bytes[..(bytes.Length / 2)]);
        File.Delete(Path.Combine(run, "checkpoint", "SHA256SUMS"));
        Directory.Delete(Path.Combine(run, "journal"), recursive: true);
        await new Cli().ShouldRefuseEvaluationAsync([run], weights);
    }

    [Fact]
    public async Task Evaluate_OutputFolderInUse_OneLine()
    {
        string used = runs.Folder.MakeFolder("used");
        File.WriteAllText(Path.Combine(used, "file"), "");
        await new Cli().ShouldRefuseEvaluationAsync([runs["network"], "--out", used], used, "expected a new or empty folder");
    }

    [Fact]
    public async Task Evaluate_Interrupted_ExitCode130()
    {
        Cli cli = new();
        (await cli.InvokeAsync(new CancellationToken(canceled: true), "evaluate", runs["network"])).ShouldBe(ExitCodes.Interrupted);
        cli.Output.ShouldBeEmpty();
        cli.ErrorLines[^1].ShouldBe("akkalb: interrupted");
    }
}

internal static class EvaluationRefusal
{
    /// <summary>As <see cref="Cli.ShouldRefuseAsync"/>.</summary>
    public static Task ShouldRefuseEvaluationAsync(this Cli cli, string[] arguments, params string[] parts) =>
        cli.ShouldRefuseAsync(["evaluate", .. arguments], parts);
}
