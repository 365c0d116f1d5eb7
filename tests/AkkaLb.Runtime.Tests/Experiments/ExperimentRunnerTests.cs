using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments;

public sealed class ExperimentRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExperimentRequest Request(string output, RunPath path = RunPath.Actors, params string[] overrides) =>
        new(_folder.Write("small.conf", SmallExperiment.Text)) { OutputFolder = _folder[output], Path = path, Overrides = overrides };

    private static NetworkSummary Network(RunResult result) => result.Summary.ShouldBeOfType<NetworkSummary>();

    private string Text(string run, string file) => File.ReadAllText(Path.Combine(_folder[run], file));

    private async Task<string> Error(string content, params string[] overrides)
    {
        ExperimentRequest request = new(_folder.Write("bad.conf", content)) { OutputFolder = _folder["bad"], Overrides = overrides };
        string message = (await Should.ThrowAsync<InvalidInputException>(() =>
            ExperimentRunner.RunAsync(request, new QuietObserver(), default))).Message;
        Directory.Exists(_folder["bad"]).ShouldBeFalse("nothing may be written for bad input");
        message.ShouldNotContain("\n");
        return message;
    }

    [Theory]
    [InlineData(RunPath.Actors)]
    [InlineData(RunPath.Batched)]
    public async Task Run_SmallExperiment_WritesASelfDescribingFolder(RunPath path)
    {
        QuietObserver observer = new();
        RunResult result = await ExperimentRunner.RunAsync(Request("run", path), observer, default);

        observer.Plan.ShouldNotBeNull().Agents.ShouldBe(8);
        observer.Episodes.Select(e => e.Episode).ShouldBe(Enumerable.Range(0, 50));
        result.Summary.Status.ShouldBe(RunSummary.Finished);
        Network(result).Metrics.Episodes.ShouldBe(50);
        Network(result).Metrics.PhiBest.ShouldBe(observer.Episodes.Min(e => e.Phi));
        Network(result).Metrics.Phi!.Value.ShouldBe(observer.Episodes.Average(e => e.Phi), 1e-12);
        // 16 pairs of neighbours, 2 iterations, 5 horizons, 50 episodes.
        Network(result).Exchanges.Sent.ShouldBe(16 * 2 * 5 * 50);
        Network(result).Baselines.Ecmp.ShouldBe(observer.Episodes[0].PhiStart);
        foreach (string file in new[] { RunFolder.SummaryFile, RunFolder.EpisodesFile, RunFolder.PlotFile, RunFolder.WeightsFile,
            RunFolder.ConfigurationFile, RunFolder.TopologyFile, RunFolder.FlowsFile })
        {
            Text("run", file).ShouldNotBeEmpty();
        }
        JsonDocument.Parse(Text("run", RunFolder.WeightsFile)).RootElement.GetArrayLength().ShouldBe(8);
    }

    [Fact]
    public async Task Run_OnShortestHops_EveryBaselineIsThatOfItsName()
    {
        RunBaselines dag = Network(await ExperimentRunner.RunAsync(
            Request("dag", RunPath.Batched, "network.topology=abilene", "network.training.episodes=1"), new QuietObserver(),
            default)).Baselines;
        QuietObserver observer = new();
        RunBaselines shortest = Network(await ExperimentRunner.RunAsync(
            Request("shortest", RunPath.Batched, "network.topology=abilene", "network.training.episodes=1",
                "network.routing.paths=shortest"),
            observer, default)).Baselines;

        dag.Ecmp.ShouldNotBe(dag.EcmpShortestHop);
        (shortest.Ecmp, shortest.EcmpShortestHop).ShouldBe((dag.Ecmp, dag.EcmpShortestHop));
        observer.Episodes[0].PhiStart.ShouldBe(shortest.EcmpShortestHop);
        (dag.EqualWeights, shortest.EqualWeights).ShouldBe((null, null), "they stand there under their names");

        RunBaselines igp = Network(await ExperimentRunner.RunAsync(
            Request("igp", RunPath.Batched, "network.topology=abilene", "network.training.episodes=1", "network.routing.paths=igp"),
            observer, default)).Baselines;
        igp.EqualWeights.ShouldBe(observer.Episodes[^1].PhiStart);
        (igp.Ecmp, igp.EcmpShortestHop).ShouldBe((dag.Ecmp, dag.EcmpShortestHop));
    }

    [Fact]
    public async Task Run_OnPathsWithWeights_IsRefusedWithTheReason() =>
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(
            Request("run", RunPath.Batched, "network.routing.paths=k-shortest-paths"), new QuietObserver(), default)))
            .Message.ShouldContain(
                "'akkalb.network.routing.paths' is 'k-shortest-paths', expected dag, shortest or igp: link agents decide");

    [Fact]
    public async Task Summary_Json_HasTheNamesOfTheContract()
    {
        await ExperimentRunner.RunAsync(Request("run"), new QuietObserver(), default);
        JsonElement summary = JsonDocument.Parse(Text("run", RunFolder.SummaryFile)).RootElement;
        string[] Names(string path) => [.. (path.Length == 0 ? summary : summary.GetProperty(path)).EnumerateObject().Select(p => p.Name)];
        new[] { "family", "method", "seed", "metrics", "baselines", "exchanges", "wallSeconds" }.ShouldBeSubsetOf(Names(""));
        new[] { "phi", "phiLast2000", "phiBest", "episodes" }.ShouldBeSubsetOf(Names("metrics"));
        new[] { "ecmp", "ucmp", "genetic" }.ShouldBeSubsetOf(Names("baselines"));
        new[] { "sent", "possible", "share", "sharePublished" }.ShouldBeSubsetOf(Names("exchanges"));
    }

    [Theory]
    [InlineData("samaroh")]
    [InlineData("samaroh-cf-2l")]
    public async Task Run_ActorsAndBatched_WriteTheSameBytes(string name)
    {
        string method = $"method={name}";
        await ExperimentRunner.RunAsync(Request("actors", RunPath.Actors, method), new QuietObserver(), default);
        NetworkSummary batched = Network(
            await ExperimentRunner.RunAsync(Request("batched", RunPath.Batched, method), new QuietObserver(), default));
        await ExperimentRunner.RunAsync(Request("other", RunPath.Batched, method, "seed=6"), new QuietObserver(), default);
        (batched.Exchanges.Share < 1).ShouldBe(name.EndsWith("-2l", StringComparison.Ordinal), "a memory saves exchanges");
        foreach (string file in new[] { RunFolder.EpisodesFile, RunFolder.WeightsFile, RunFolder.ConfigurationFile,
            "checkpoint/weights.safetensors", "checkpoint/optimiser.safetensors" })
        {
            Text("batched", file).ShouldBe(Text("actors", file), file);
        }
        Text("other", RunFolder.EpisodesFile).ShouldNotBe(Text("actors", RunFolder.EpisodesFile));
    }

    [Theory]
    [InlineData(RunPath.Actors, 3)]
    [InlineData(RunPath.Actors, 20)]
    [InlineData(RunPath.Batched, 20)]
    public async Task Resume_StoppedRun_EndsWithTheBytesOfAStraightOne(RunPath path, int stopAfter)
    {
        await ExperimentRunner.RunAsync(Request("straight", path), new QuietObserver(), default);
        using CancellationTokenSource stop = new();
        QuietObserver stopping = new() { OnEpisode = e => { if (e.Episode == stopAfter) { stop.Cancel(); } } };
        RunResult stopped = await ExperimentRunner.RunAsync(Request("stopped", path), stopping, stop.Token);
        stopped.Summary.Status.ShouldBe(RunSummary.Stopped);
        Network(stopped).Metrics.Episodes.ShouldBeLessThan(50);

        RunResult resumed = await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default);
        resumed.Summary.Status.ShouldBe(RunSummary.Finished);
        foreach (string file in new[] { RunFolder.EpisodesFile, RunFolder.WeightsFile, "checkpoint/weights.safetensors",
            "checkpoint/optimiser.safetensors" })
        {
            Text("stopped", file).ShouldBe(Text("straight", file), file);
        }
        Network(resumed).Metrics.ShouldBe(
            Network(await ExperimentRunner.ResumeAsync(_folder["straight"], new QuietObserver(), default)).Metrics);
    }

    /// <summary>Killed before it had a summary or a checkpoint, a run goes on as it was begun.</summary>
    [Fact]
    public async Task Resume_KilledBeforeAnUpdate_GoesOnBatched()
    {
        using CancellationTokenSource stop = new();
        QuietObserver stopping = new() { OnStarted = _ => stop.Cancel() };
        await ExperimentRunner.RunAsync(Request("killed", RunPath.Batched), stopping, stop.Token);
        File.Delete(Path.Combine(_folder["killed"], RunFolder.SummaryFile));
        RunResult resumed = await ExperimentRunner.ResumeAsync(_folder["killed"], new QuietObserver(), default);
        Network(resumed).Path.ShouldBe("batched");
    }

    [Theory]
    [InlineData(RunPath.Actors, 2, 0)]
    [InlineData(RunPath.Actors, 45, 40)]
    [InlineData(RunPath.Actors, null, 0)]
    public async Task Resume_StoppedBeforeAnUpdate_SaysWhatIsKeptAndEndsWithTheSameSummary(RunPath path, int? stopAfter, int kept)
    {
        const string updates = "network.training.update-every=40";
        RunResult straight = await ExperimentRunner.RunAsync(Request("straight", path, updates), new QuietObserver(), default);
        using CancellationTokenSource stop = new();
        QuietObserver stopping = new()
        {
            // Before its baselines are known.
            OnStarted = _ => (stopAfter is null ? stop : null)?.Cancel(),
            OnEpisode = e => { if (e.Episode == stopAfter) { stop.Cancel(); } },
        };
        RunResult stopped = await ExperimentRunner.RunAsync(Request("stopped", path, updates), stopping, stop.Token);
        stopped.KeptEpisodes.ShouldBe(kept);

        RunResult resumed = await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default);

        Network(straight).Traffic.GeneratorMeanLoad.ShouldNotBeNull();
        (Network(resumed) with { WallSeconds = 0 }).ToJson().ShouldBe((Network(straight) with { WallSeconds = 0 }).ToJson());
        foreach (string file in new[] { RunFolder.EpisodesFile, RunFolder.WeightsFile, RunFolder.PlotFile, RunFolder.GeneratorFile })
        {
            Text("stopped", file).ShouldBe(Text("straight", file), file);
        }
    }

    [Theory]
    [InlineData(RunPath.Actors)]
    [InlineData(RunPath.Batched)]
    public async Task Resume_StoppedInALaterPeriod_EndsWithTheBytesOfAStraightOne(RunPath path)
    {
        _folder.Write("failures.json", """{"100000": {"missing_links": [["1", "2", 0], ["2", "1", 0]]}}""");
        string[] periods = ["network.periods { count = 3, length = 80s }", "network.training.episodes = 20",
            "network.topology-changes = failures.json"];
        string conf = _folder.Write("periods.conf", SmallExperiment.Text + string.Concat(periods.Select(p => $"\nakkalb.{p}")));
        RunResult straight = await ExperimentRunner.RunAsync(
            new ExperimentRequest(conf) { OutputFolder = _folder["straight"], Path = path }, new QuietObserver(), default);
        using CancellationTokenSource stop = new();
        QuietObserver stopping = new() { OnEpisode = e => { if (e.Episode == 44) { stop.Cancel(); } } };
        await ExperimentRunner.RunAsync(
            new ExperimentRequest(conf) { OutputFolder = _folder["stopped"], Path = path }, stopping, stop.Token);
        RunResult resumed = await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default);

        foreach (string file in new[] { RunFolder.EpisodesFile, RunFolder.WeightsFile, "checkpoint/weights.safetensors" })
        {
            Text("stopped", file).ShouldBe(Text("straight", file), file);
        }
        Network(resumed).Metrics.ShouldBe(Network(straight).Metrics);
        IReadOnlyList<RunPeriod> list = Network(straight).Periods.ShouldNotBeNull();
        list.ShouldBe(Network(resumed).Periods);
        list.Select(p => (p.Start, p.FirstEpisode, p.Episodes, p.LinksDown))
            .ShouldBe([(0L, 0, 20, 0), (80_000, 20, 20, 0), (100_000, 40, 20, 2)]);
        Network(straight).Metrics.PhiBest.ShouldBe(list[2].PhiBest);
        Network(straight).Baselines.Ecmp.ShouldBe(list[2].Ecmp);
    }

    [Fact]
    public async Task Run_PublishedMemory_ResumesAndCountsExchangesInTrainingToo()
    {
        string[] published =
        [
            "method=samaroh-2l", "network.memory.representatives=reference", "network.memory.switching=team",
            "network.memory.recalls=memory",
            "network.memory.size=8", "network.memory.delta=0.02",
        ];
        NetworkSummary straight = Network(
            await ExperimentRunner.RunAsync(Request("straight", RunPath.Batched, published), new QuietObserver(), default));
        using CancellationTokenSource stop = new();
        QuietObserver observer = new() { OnEpisode = e => (e.Episode == 20 ? stop : null)?.Cancel() };
        await ExperimentRunner.RunAsync(Request("stopped", RunPath.Batched, published), observer, stop.Token);

        await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default);

        Text("stopped", RunFolder.EpisodesFile).ShouldBe(Text("straight", RunFolder.EpisodesFile));
        await ExperimentRunner.RunAsync(Request("actors", RunPath.Actors, published), new QuietObserver(), default);
        Text("actors", RunFolder.EpisodesFile).ShouldBe(Text("straight", RunFolder.EpisodesFile));
        // H = 5, K = 2, three passes of training; from the last two episodes nothing was learnt, and so nothing recalled.
        IReadOnlyList<EpisodeReport> rows = EpisodeLog.Read(Path.Combine(_folder["straight"], RunFolder.EpisodesFile), 50);
        rows.Take(48).Sum(r => r.RecallExchanges).ShouldBeInRange(1, (48 * 30) - 1);
        rows.Skip(48).ShouldAllBe(r => r.RecallExchanges == 0);
        straight.Exchanges.SharePublished.ShouldBe(rows.Take(48).Sum(r => r.TeamExchanges + r.RecallExchanges) / (48 * 40.0), 1e-12);
        // Sixteen pairs of neighbours, 64 bytes each.
        straight.Exchanges.MegabytesPerEpisode.ShouldBe(straight.Exchanges.Share * 5 * 2 * 16 * 64 / 1048576, 1e-12);
        straight.Exchanges.MegabytesPerEpisodePublished.ShouldBe(straight.Exchanges.SharePublished * 5 * 2 * 16 * 4 * 64 / 1048576, 1e-12);
    }

    [Fact]
    public async Task Run_DeltasForEveryExchange_AreKeptApart()
    {
        async Task<RunExchanges> Exchanges(string name, string deltas) => Network(await ExperimentRunner.RunAsync(
            Request(name, RunPath.Batched, "method=samaroh-2l", "network.memory.delta=0.001", deltas), new QuietObserver(),
            default)).Exchanges;

        RunExchanges both = await Exchanges("both", "network.memory.deltas=[0.2, 0.2]"),
            first = await Exchanges("first", "network.memory.deltas=[0.2, 0.000001]");
        both.Sent.ShouldBeLessThan(first.Sent);
        first.Sent.ShouldBeLessThan((await Exchanges("none", "network.memory.deltas=[0.000001, 0.000001]")).Sent);
        (await Error(SmallExperiment.Text, "method=samaroh-2l", "network.memory.deltas=[0.1, 0.1, 0.1]"))
            .ShouldContain("'akkalb.network.memory.deltas' is '[0.1, 0.1, 0.1]', expected a value for each of the 2 exchanges, or none");
        (await Error(SmallExperiment.Text, "method=samaroh-2l", "network.memory.deltas=[0.1, 0]"))
            .ShouldContain("expected a list of numbers above 0");
    }

    [Fact]
    public async Task Resume_FinishedRun_LeavesItAlone()
    {
        await ExperimentRunner.RunAsync(Request("run"), new QuietObserver(), default);
        string before = Text("run", RunFolder.SummaryFile);
        QuietObserver observer = new();
        (await ExperimentRunner.ResumeAsync(_folder["run"], observer, default)).Summary.Status.ShouldBe(RunSummary.Finished);
        observer.Episodes.ShouldBeEmpty();
        observer.Notices.ShouldHaveSingleItem();
        Text("run", RunFolder.SummaryFile).ShouldBe(before);
    }

    [Fact]
    public async Task Resume_DamagedCheckpoint_NamesTheFile()
    {
        using CancellationTokenSource stop = new();
        await ExperimentRunner.RunAsync(
            Request("run"), new QuietObserver { OnEpisode = e => { if (e.Episode == 20) { stop.Cancel(); } } }, stop.Token);
        string weights = Path.Combine(_folder["run"], "checkpoint", "weights.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..1000]);
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)))
            .Message.ShouldStartWith(weights);
    }

    [Fact]
    public async Task Run_PublishedFolder_IsReadAsItIs()
    {
        await ExperimentRunner.RunAsync(Request("source"), new QuietObserver(), default);
        Directory.CreateDirectory(_folder["published"]);
        File.Copy(Path.Combine(_folder["source"], RunFolder.TopologyFile), Path.Combine(_folder["published"], "topology.gml"));
        File.Copy(Path.Combine(_folder["source"], RunFolder.FlowsFile), Path.Combine(_folder["published"], "flows.json"));
        _folder.Write("published/config.yaml", """
            mate:
              horizons: 5
              episodes: 50
              n_without_update: 8
              lr_actor: 0.00015
              lr_critic: 0.00085
              message_iterations: 2
              actions:
                multiplication: { action: true, value: 1.25 }
                zero: { action: true, value: 0 }
            """);
        _folder.Write("published/topology_changes.json", "{}");
        ExperimentRequest request = new(_folder["published"])
        {
            OutputFolder = _folder["run"], Method = "samaroh", Seed = 5, Path = RunPath.Batched,
        };
        RunResult result = await ExperimentRunner.RunAsync(request, new QuietObserver(), default);
        Network(result).Metrics.Episodes.ShouldBe(50);
        Text("run", RunFolder.EpisodesFile).ShouldBe(Text("source", RunFolder.EpisodesFile));
    }

    [Fact]
    public async Task Run_PublishedFolderThatDoesNotTellItsMethod_IsRefused()
    {
        Directory.CreateDirectory(_folder["untold"]);
        _folder.Write("untold/config.yaml", "mate: { actor_cfg: { use_memory: True } }");
        _folder.Write("untold/topology.gml", "");
        _folder.Write("untold/flows.json", "[]");

        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(
            new ExperimentRequest(_folder["untold"]) { OutputFolder = _folder["run"] }, new QuietObserver(), default)))
            .Message.ShouldContain("config.yaml: expected --method");
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_CancelledWhileFlowsAreGenerated_StopsAtOnceAndWritesNothing()
    {
        const int nodes = 300;
        string edges = string.Concat(Enumerable.Range(0, nodes).Select(
            i => $"edge [ source {i} target {(i + 1) % nodes} bandwidth 1000000 ]\n"));
        _folder.Write("ring.gml", $"graph [\n{string.Concat(Enumerable.Range(0, nodes).Select(i => $"node [ id {i} ]\n"))}{edges}]\n");
        using CancellationTokenSource stop = new();
        Task<RunResult> run = ExperimentRunner.RunAsync(
            Request("run", RunPath.Batched, "network.topology=ring.gml"), new QuietObserver(), stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(10)));
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("variance", "Φ after the last horizon")]
    [InlineData("max-utilisation", "largest utilisation after the last horizon")]
    [InlineData("max-load", "largest load, bit/s after the last horizon")]
    public async Task Run_Objective_IsSaidInResultAndPlot(string objective, string axis)
    {
        QuietObserver observer = new();
        RunResult result = await ExperimentRunner.RunAsync(
            Request("run", RunPath.Batched, $"network.objective={objective}"), observer, default);

        result.Objective.ShouldBe(objective);
        observer.Plan!.Objective.ShouldBe(objective);
        Text("run", RunFolder.PlotFile).ShouldContain(axis);
        (await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)).Objective.ShouldBe(objective);
    }

    [Theory]
    [InlineData("akkalb.network.training.episodes = many", "'akkalb.network.training.episodes' is 'many', expected an integer from 1")]
    [InlineData("akkalb.network.training.discount = 1.5", "'akkalb.network.training.discount' is '1.5', expected a number from 0 to 1")]
    [InlineData("akkalb.method = magic", "'akkalb.method' is 'magic', expected samaroh, maroh")]
    [InlineData("akkalb.family = games", "'akkalb.family' is 'games', expected network, game")]
    [InlineData("akkalb.network.topology = nowhere.gml", "nowhere.gml: no such file")]
    [InlineData("akkalb.network.flows.at = 999h", "expected flows that are active at")]
    [InlineData(
        "akkalb.network.periods { count = 2, length = 999h }", "expected flows that are active at 3596400000 ms ('akkalb.network.periods'")]
    [InlineData("akkalb.network.periods.length = 0ms", "'akkalb.network.periods.length' is '0ms', expected at least 1ms")]
    [InlineData("akkalb.network.periods.count = 0", "'akkalb.network.periods.count' is '0', expected an integer from 1")]
    [InlineData("akkalb.network.agents.actions { multiply = off, nothing = off }", "at least one action")]
    public async Task Run_BadValue_SaysWhereAndWhatIsExpected(string content, string expected) =>
        (await Error(content)).ShouldContain(expected);

    [Fact]
    public async Task Run_NodesFile_SaysWhatItIsFor() => (await Error("akkalb.node.port = 4053"))
        .ShouldEndWith("bad.conf: expected an experiment, found akkalb.node alone, which is for 'akkalb node'");

    [Theory]
    [InlineData(RunFolder.ConfigurationFile, "a run folder")]
    [InlineData("grid.json", "the folder of a grid")]
    public async Task Run_FolderOfARun_SaysHowToGoOn(string file, string found)
    {
        string run = Directory.CreateDirectory(_folder["before"]).FullName;
        _folder.Write(Path.Combine("before", file), "");
        (await Should.ThrowAsync<InvalidInputException>(() =>
                ExperimentRunner.RunAsync(new ExperimentRequest(run), new QuietObserver(), default)))
            .Message.ShouldBe($"{run}: expected an experiment or a published folder, found {found}; 'akkalb resume {run}' goes on with it");
    }

    [Theory]
    [InlineData(RunFolder.ConfigurationFile, "found one with a run in it ('akkalb resume' goes on with runs)")]
    [InlineData("notes.txt", "found one with files in it")]
    public async Task Run_IntoAFolderWithFiles_SaysWhatIsInIt(string file, string found)
    {
        Directory.CreateDirectory(_folder["before"]);
        _folder.Write(Path.Combine("before", file), "");
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(Request("before"), new QuietObserver(), default)))
            .Message.ShouldBe($"{_folder["before"]}: expected a new or empty folder for the run's results, {found}");
    }

    /// <summary>Right by themselves, and not beside each other.</summary>
    [Theory]
    [InlineData("samaroh-2l", "memory { representatives = clusters, metric = l1 }",
        "memory.metric' is 'l1', expected l2, or 'akkalb.network.memory.clustering' agglomerative: k-means needs l2")]
    [InlineData("samaroh-2l", "memory.recalls = memory",
        "memory.recalls' is 'memory', expected compute, or 'akkalb.network.memory.representatives' reference")]
    [InlineData("samaroh-2l", "memory { representatives = reference, switching = per-agent }",
        "memory.switching' is 'per-agent', expected team where 'akkalb.network.memory.representatives' is reference")]
    [InlineData("maroh-2l", "agents.readout = reference",
        "memory.switching' is 'per-agent', expected team where 'akkalb.network.agents.readout' is reference: agents decide on")]
    [InlineData("samaroh-2l", "memory.adapt { target = share, value = 1 }",
        "memory.adapt.value' is '1', expected a share below 1 where 'akkalb.network.memory.adapt.target' is share")]
    [InlineData("samaroh-2l", "agents.architecture = attention",
        "agents.architecture' is 'attention', expected message-passing with method samaroh-2l, whose memories hold its states")]
    [InlineData("samaroh-cf", "agents.actions.add = 1",
        "agents.actions.add' is '1', expected off with method samaroh-cf, whose actions are factors")]
    [InlineData("samaroh-cf", "agents.actions.subtract = 1", "agents.actions.subtract' is '1', expected off with method samaroh-cf")]
    [InlineData("samaroh-cf-2l", "training.reward = mean", "training.reward' is 'mean', expected phi with method samaroh-cf-2l")]
    [InlineData("samaroh-cf", "training.reward-computation = value",
        "training.reward-computation' is 'value', expected change with method samaroh-cf")]
    public async Task Run_KeysThatDoNotFit_NamesTheKeyWhatWasFoundAndIsExpected(string method, string content, string expected)
    {
        string message = await Error($"akkalb {{ method = {method}, network {{ {content} }} }}");
        message.ShouldContain($"'akkalb.network.{expected}");
        message.ShouldNotContain("learning options");
    }

    [Theory]
    [InlineData("1e-59", "1e6", "link a → b has bandwidth 1E-59, expected 0.001 to 1E+30 bit/s to learn on")]
    [InlineData("1e40", "1e6", "link a → b has bandwidth 1E+40, expected 0.001 to 1E+30 bit/s to learn on")]
    [InlineData("1e6", "1e59", "flows.json: all flows together have 1E+59 bit/s, expected at most 1E+30 bit/s to learn on")]
    [InlineData("1e6", "1e301", "has the rate 1e301 in all_bandwidth, expected at most 1E+60 bit/s")]
    public async Task Run_LoadsThatLearningCannotHold_NamesLinkOrFlows(string capacity, string rate, string expected)
    {
        _folder.Write(
            "pair.gml",
            $"graph [ node [ id 0 label \"a\" ] node [ id 1 label \"b\" ] edge [ source 0 target 1 bandwidth {capacity} ] ]");
        _folder.Write(
            "flows.json",
            $$$"""[{"start": "a", "end": "b", "all_bandwidth": {"0": {{{rate}}}}, "start_time": 0, "end_time": 9, "flow_id": "f"}]""");
        (await Error("akkalb.network { topology = pair.gml, flows.file = flows.json }")).ShouldContain(expected);
    }

    /// <summary>A file may hold both; whoever asks for generated flows gets them, or hears why not.</summary>
    [Theory]
    [InlineData("mean-load=0.6")]
    [InlineData("flows-per-pair=2")]
    [InlineData("seed=3")]
    public async Task Run_GeneratedFlowsAskedForBesideThoseOfAFile_IsRefused(string generate)
    {
        const string content = "akkalb.network.flows { file = none.json, generate { mean-load = 0.5, flows-per-pair = 3, seed = 2 } }";
        (await Error(content)).ShouldContain("none.json: no such file");
        (await Error(content, $"network.flows.generate.{generate}")).ShouldEndWith(
            "expected none, as the flows are those of 'akkalb.network.flows.file'");
    }

    [Fact]
    public async Task Run_SeveralBadValues_CountsTheOthers() =>
        (await Error("akkalb { seed = -1, network.training { episodes = 0, epochs = 0 } }")).ShouldEndWith("(and 2 more such problems)");
}
