using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Grids;

public sealed class GridRunnerTests : IDisposable
{
    private const string Small = """
        akkalb {
          name = small
          network {
            topology = 4-node
            agents.message-iterations = 2
            training { episodes = 24, horizons = 3, update-every = 8 }
          }
          baselines.genetic.enabled = off
          checkpoint.interval = 0s
          grid {
            seeds = [1, 2]
            variants {
              samaroh { method = samaroh }
              maroh { method = maroh, values { network.training.horizons = [3, 4] } }
            }
          }
        }
        """;

    private static readonly string[] Tables = ["table.csv", "table.md", "summary.json", "phi.svg"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExperimentRequest Request(string output, string content = Small, params string[] overrides) =>
        new(_folder.Write("grid.conf", content)) { OutputFolder = _folder[output], Path = RunPath.Batched, Overrides = overrides };

    private Task<RunResult> RunAsync(string output, params string[] overrides) =>
        ExperimentRunner.RunAsync(Request(output, Small, overrides), new QuietObserver(), default);

    private string Text(string folder, string file) => File.ReadAllText(Path.Combine(_folder[folder], file));

    private async Task<string> Error(string content, params string[] overrides)
    {
        string message = (await Should.ThrowAsync<InvalidInputException>(
            () => ExperimentRunner.RunAsync(Request("bad", content, overrides), new QuietObserver(), default))).Message;
        Directory.Exists(_folder["bad"]).ShouldBeFalse("nothing may be written for a bad grid");
        message.ShouldNotContain("\n");
        return message;
    }

    [Fact]
    public async Task Run_Grid_MakesARunFolderForEveryCellAndSeed()
    {
        GridSummary summary = (await RunAsync("grid")).Summary.ShouldBeOfType<GridSummary>();

        summary.Status.ShouldBe(RunSummary.Finished);
        summary.Rows.Select(r => r.Cell).ShouldBe(["samaroh", "maroh horizons=3", "maroh horizons=4"]);
        summary.Rows.ShouldAllBe(r => r.Seeds.SequenceEqual(new ulong[] { 1, 2 }));
        Directory.EnumerateDirectories(Path.Combine(_folder["grid"], "runs")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(
            ["maroh_horizons=3_seed1", "maroh_horizons=3_seed2", "maroh_horizons=4_seed1", "maroh_horizons=4_seed2", "samaroh_seed1",
                "samaroh_seed2"]);
        // K = 2, H = 3, 16 pairs of neighbours, 64 bytes each.
        summary.Rows[0].Metrics["megabytesPerEpisode"].Mean.ShouldBe(2 * 3 * 16 * 64 / 1048576.0, 1e-12);
        summary.Rows[0].Metrics["megabytesPerEpisodePublished"].Mean.ShouldBe(4 * 2 * 3 * 16 * 64 / 1048576.0, 1e-12);
        NetworkSummary first = RunSummary.Read<NetworkSummary>(RunFolder.Open(Path.Combine(_folder["grid"], "runs", "samaroh_seed1")))!;
        NetworkSummary second = RunSummary.Read<NetworkSummary>(RunFolder.Open(Path.Combine(_folder["grid"], "runs", "samaroh_seed2")))!;
        summary.Rows[0].Metrics["phiLast500"].Mean.ShouldBe((first.Metrics.Phi!.Value + second.Metrics.Phi!.Value) / 2, 1e-12);
        first.Metrics.Phi.ShouldNotBe(second.Metrics.Phi);
    }

    [Fact]
    public async Task Run_GridOverAPublishedFolderThatDoesNotTellItsMethod_IsRefusedUnlessTheGridDoes()
    {
        string one = _folder.Write("one.conf", Small.Split("grid {")[0] + "}");
        await ExperimentRunner.RunAsync(
            new ExperimentRequest(one) { OutputFolder = _folder["one"], Path = RunPath.Batched }, new QuietObserver(), default);
        Directory.CreateDirectory(_folder["untold"]);
        foreach (string file in new[] { RunFolder.TopologyFile, RunFolder.FlowsFile })
        {
            File.Copy(Path.Combine(_folder["one"], file), Path.Combine(_folder["untold"], file));
        }
        _folder.Write("untold/config.yaml", """
            mate: { horizons: 3, episodes: 8, n_without_update: 8, actions: { multiplication: { action: true, value: 1.25 } } }
            """);
        const string grid = "akkalb { grid { base = untold, values { network.training.horizons = [3, 4] } } }";

        (await Error(grid)).ShouldBe(
            $"{_folder["grid.conf"]}, cell 'horizons=3': expected --method (samaroh, maroh, samaroh-cf or one of them with -2l), "
            + "or a folder whose name tells it, such as abilene_samaroh_1");
        (await Error("akkalb { grid { base = untold, variants { a { method = maroh }, b {} } } }"))
            .ShouldContain("cell 'b': expected --method");
        await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(
            new ExperimentRequest(_folder["untold"]) { OutputFolder = _folder["bad"], Overrides = ["grid.seeds=[1, 2]"] },
            new QuietObserver(), default));
        ExperimentRequest told = Request("told", grid) with { Method = "maroh" };
        (await ExperimentRunner.RunAsync(told, new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
    }

    /// <summary>The work list of a folder is all that knows of its runs.</summary>
    [Fact]
    public async Task Run_GridOfOtherSeeds_DoesNotForgetThoseOfTheFolder()
    {
        Task<RunResult> OfSeedAsync(ulong seed, string? output) => ExperimentRunner.RunAsync(
            Request("", Small, $"runs={_folder["runs"]}") with { Seed = seed, OutputFolder = output }, new QuietObserver(), default);
        string first = (await OfSeedAsync(1, null)).RunFolder, second = (await OfSeedAsync(2, null)).RunFolder;
        (first, second).ShouldBe((_folder["runs/small"], _folder["runs/small-2"]));
        (await Should.ThrowAsync<InvalidInputException>(() => OfSeedAsync(2, first))).Message.ShouldBe(
            $"{first}: holds runs that are none of this grid, such as 'samaroh' with seed 1; give the grid another folder (--out), or all "
            + "of these runs");
        GridRunner.Tabulate(first).Summary.ShouldBeOfType<GridSummary>().Rows
            .ShouldAllBe(row => row.Seeds.SequenceEqual(new ulong[] { 1 }));
    }

    [Fact]
    public async Task Run_GridOfAnotherObjective_SaysSoInItsTable()
    {
        await RunAsync("grid", "network.objective=max-utilisation");
        Text("grid", "table.md").ShouldContain("| largest utilisation, last 2,000 |");
        Text("grid", "phi.svg").ShouldContain("largest utilisation after the last horizon");
        Text("grid", "summary.json").ShouldContain("\"objective\": \"max-utilisation\"");
    }

    [Theory]
    [InlineData("samaroh_seed1", 23)]
    [InlineData("maroh_horizons=3_seed1", 10)]
    [InlineData("maroh_horizons=4_seed1", 2)]
    public async Task Resume_InterruptedGrid_EndsWithTheSameTables(string run, int episode)
    {
        await RunAsync("straight");
        using CancellationTokenSource stop = new();
        QuietObserver? observer = null;
        observer = new QuietObserver
        {
            OnEpisode = e =>
            {
                if (e.Episode == episode && observer!.Plan!.RunFolder.EndsWith(run, StringComparison.Ordinal))
                {
                    stop.Cancel();
                }
            },
        };
        RunResult stopped = await ExperimentRunner.RunAsync(Request("stopped"), observer, stop.Token);
        stopped.Summary.Status.ShouldBe(RunSummary.Stopped);

        RunResult resumed = await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default);

        resumed.Summary.Status.ShouldBe(RunSummary.Finished);
        foreach (string file in Tables)
        {
            Text("stopped", file).ShouldBe(Text("straight", file), file);
        }
    }

    [Fact]
    public async Task Run_SameGridAgain_SkipsWhatIsFinished()
    {
        await RunAsync("grid");
        string before = Text("grid", "table.csv");
        File.Delete(Path.Combine(_folder["grid"], "runs", "samaroh_seed2", RunFolder.SummaryFile));
        Directory.Delete(Path.Combine(_folder["grid"], "runs", "samaroh_seed2", RunFolder.CheckpointFolder), recursive: true);
        QuietObserver observer = new();

        await ExperimentRunner.RunAsync(Request("grid", Small, "network.training.threads=1"), observer, default);

        observer.Episodes.Count.ShouldBe(24, "one run alone was not finished");
        observer.Plan!.RunFolder.ShouldEndWith("samaroh_seed2");
        Text("grid", "table.csv").ShouldBe(before);
    }

    [Fact]
    public async Task Run_OtherGridInTheFolder_IsRefused()
    {
        await RunAsync("grid");
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("grid", "network.training.discount=0.5")))
            .Message.ShouldContain("holds another experiment");
    }

    [Fact]
    public async Task Run_FolderThatAnotherWorksOn_IsRefused()
    {
        await RunAsync("grid");
        using IDisposable guard = new GridFolder(_folder["grid"]).Lock();
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("grid"))).Message.ShouldContain("no other process");
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.ResumeAsync(_folder["grid"], new QuietObserver(), default)))
            .Message.ShouldContain("no other process");
        GridRunner.Tabulate(_folder["grid"]).Summary.Status.ShouldBe(RunSummary.Finished);
    }

    [Fact]
    public void Lock_FolderThatCannotBeWritten_BlamesNoOtherProcess()
    {
        Directory.CreateDirectory(Path.Combine(_folder["grid"], GridFolder.LockFile));
        InvalidInputException failure = Should.Throw<InvalidInputException>(() => new GridFolder(_folder["grid"]).Lock());
        failure.Message.ShouldStartWith($"{_folder["grid"]}: expected a grid in a folder that can be written to: ");
        new GridFolder(_folder["grid"]).TryLock().ShouldBeNull();
        _folder.Write("file", "");
        Should.Throw<InvalidInputException>(() => new GridFolder(Path.Combine(_folder["file"], "grid")).Lock()).Message.ShouldContain(
            "expected a grid in a folder that can be written to: ");
    }

    [Fact]
    public async Task Run_GridOfGames_TabulatesTheirOwnFigures()
    {
        string content = """
            akkalb {
              name = games
              family = game
              method = static
              game.generate { players = 3, servers = 2 }
              grid { seeds = [1, 2], values { game.static.share = [0.5, 1] } }
            }
            """;
        GridSummary summary = (await ExperimentRunner.RunAsync(Request("games", content), new QuietObserver(),
            default)).Summary.ShouldBeOfType<GridSummary>();
        summary.Rows.Select(r => r.Cell).ShouldBe(["share=0.5", "share=1"]);
        summary.Rows[1].Metrics["metrics.players"].ShouldBe(new Estimate(3, 0, 3, 3));
        summary.Rows[0].Metrics["metrics.rounds"].Mean.ShouldBeGreaterThan(summary.Rows[1].Metrics["metrics.rounds"].Mean);
        summary.Rows[0].Metrics.Keys.ShouldNotContain("wallSeconds");
    }

    [Theory]
    [InlineData(
        "values { network.training.episods = [1] }",
        "unknown key 'akkalb.grid.values.network.training.episods'; did you mean 'akkalb.grid.values.network.training.episodes'?")]
    [InlineData("values { network.training.epochs = 2 }", "'akkalb.grid.values.network.training.epochs': expected a list")]
    [InlineData("values { network.training.epochs = [] }", "expected a list")]
    [InlineData("values { network = [1] }", "'akkalb.grid.values.network' is a section")]
    [InlineData("values { seed = [1] }", "seeds are listed in 'akkalb.grid.seeds'")]
    [InlineData("values { network.training.epochs = [1, 0] }", "cell 'epochs=0': 'akkalb.network.training.epochs' is '0'")]
    [InlineData("values { network.training.epochs = [1, 1] }", "cell 'epochs=1': would share the folder")]
    [InlineData("variants { a { method = maroh }, b { method = maroh } }", "cell 'b': is the same experiment as cell 'a'")]
    [InlineData("variants { \"a b\" { method = maroh }, a_b { method = samaroh } }", "would share the folder")]
    [InlineData("variants { a { metod = maroh } }", "unknown key 'akkalb.grid.variants.a.metod'")]
    [InlineData("variants { a = 1 }", "'akkalb.grid.variants.a' is a section")]
    [InlineData("variants { a { method = magic } }", "cell 'a': 'akkalb.method' is 'magic'")]
    [InlineData("seeds = [1, 1]", "a list of different integers")]
    [InlineData("seeds = one", "a list of different integers")]
    [InlineData("base = none.conf", "none.conf: no such file")]
    public async Task Run_BadGrid_OneLineBeforeAnythingStarts(string grid, string expected) =>
        (await Error($"akkalb {{ name = g, network.topology = 4-node, grid {{ {grid} }} }}")).ShouldContain(expected);

    [Fact]
    public async Task Run_OverrideOfAVariedKey_SaysThatCellsAreTheSame() =>
        (await Error(Small, "network.training.horizons=5")).ShouldContain("is the same experiment as cell");

    [Fact]
    public async Task Run_BaseFile_LiesBeneathTheGrid()
    {
        _folder.Write("base.conf", Small[..Small.IndexOf("grid {", StringComparison.Ordinal)] + "}");
        const string Grid = "akkalb { name = over, grid { base = base.conf, values { network.training.epochs = [1, 2] } } }";
        GridSummary summary = (await ExperimentRunner.RunAsync(Request("based", Grid), new QuietObserver(),
            default)).Summary.ShouldBeOfType<GridSummary>();
        summary.Name.ShouldBe("over");
        summary.Rows.Select(r => r.Cell).ShouldBe(["epochs=1", "epochs=2"]);
        summary.Rows[0].Metrics["megabytesPerEpisodePublished"].Mean.ShouldBe(
            2 * summary.Rows[0].Metrics["megabytesPerEpisode"].Mean, 1e-12);
    }
}
