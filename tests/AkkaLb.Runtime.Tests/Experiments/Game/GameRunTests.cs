using System.Text.Json;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Game;

public sealed class GameRunTests : IDisposable
{
    private const string Head = "akkalb { family = game, name = g, seed = 3 }\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(string output, string content, params string[] overrides) => ExperimentRunner.RunAsync(
        new ExperimentRequest(_folder.Write("game.conf", Head + content)) { OutputFolder = _folder[output], Overrides = overrides },
        new QuietObserver(),
        default);

    private string Text(string run, string file) => File.ReadAllText(Path.Combine(_folder[run], file));

    /// <summary>Of the run itself, in its journal.</summary>
    private IJournalEvent LastEvent(string run)
    {
        using JournalReader reader = JournalReader.Open(JournalLocation.Of(_folder[run]));
        return reader.Events(new EventFilter(RunEvents.Agent)).Last().Read();
    }

    private static GameMetrics Metrics(RunResult result) => result.Summary.ShouldBeOfType<GameSummary>().Metrics;

    [Fact]
    public async Task Static_Ring_WritesASelfDescribingFolder()
    {
        RunResult result = await RunAsync("run", "akkalb { method = static, game.setting = 7 }");

        GameMetrics metrics = Metrics(result);
        (metrics.Players, metrics.Servers, metrics.Converged, metrics.Rounds, metrics.Moves).ShouldBe((6, 4, true, 1, 6L));
        metrics.PotentialExcess!.Value.ShouldBe(0, 1e-12);
        JsonElement summary = JsonDocument.Parse(Text("run", RunFolder.SummaryFile)).RootElement;
        summary.EnumerateObject().Select(p => p.Name)
            .ShouldBe(["family", "method", "seed", "status", "metrics", "wallSeconds"], ignoreOrder: true);
        summary.GetProperty("family").GetString().ShouldBe("game");
        summary.GetProperty("metrics").GetProperty("messages").GetProperty("observations").GetInt64().ShouldBe(2 * 6 * 4);
        Text("run", RunFolder.RoundsFile).Split('\n').Length.ShouldBe(1 + 2 + 1, "a header, two rounds and a last line feed");
        Text("run", RunFolder.LoadsPlotFile).ShouldStartWith("<svg");
        StaticGameRequest.Parse(Text("run", RunFolder.InstanceFile), "instance").Instance.Rates.ShouldBe(
            SurrogateSetting.All[6].Instance.Rates);
        Text("run", RunFolder.ConfigurationFile).ShouldContain("setting = 7");
    }

    [Theory]
    [InlineData("ring")]
    [InlineData("random")]
    [InlineData("poisson")]
    [InlineData("simultaneous")]
    public async Task Static_RoundsByMove_HaveARowPerMoveThatEndsWhereThePassDoes(string schedule)
    {
        string content = $"akkalb {{ method = static, game {{ setting = 7, static {{ schedule = {schedule}, max-rounds = 2 }} }} }}";
        RunResult result = await RunAsync("moves", content, "game.static.rounds=moves");
        await RunAsync("passes", content);

        string[][] passes = Rows("passes"), moves = Rows("moves");
        moves.Length.ShouldBe(1 + (int)Metrics(result).Moves!.Value);
        moves.Select(row => row[1]).ShouldBe(Enumerable.Range(0, moves.Length).Select(k => $"{k}"));
        moves[0][^1].ShouldBeEmpty();
        moves.Skip(1).Select(row => Number(row[^1])).ShouldAllBe(player => player >= 0 && player < 6);
        foreach (string[] pass in passes)
        {
            // The last move of a pass leaves its state; sums may differ in their last bits.
            string[] last = moves.Last(row => row[0] == pass[0]);
            (last[1], last[2], last[3], last[4]).ShouldBe((pass[1], pass[2], pass[3], pass[4]));
            Number(last[5]).ShouldBe(Number(pass[5]), 1e-9 * Number(pass[5]));
            for (int column = 10; column < 14; column++)
            {
                Number(last[column]).ShouldBe(Number(pass[column]), 1e-9);
            }
        }
        if (schedule != "simultaneous")
        {
            // A move never raises the potential when it answers what is there.
            double[] potentials = [.. moves.Select(row => Number(row[5]))];
            potentials.ShouldBe(potentials.OrderDescending(), 1e-9);
        }
    }

    private string[][] Rows(string run) =>
        [.. Text(run, RunFolder.RoundsFile).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("one", 45, 42, 54)]
    [InlineData("all-in-turn", 176, 176, 186)]
    public async Task Dynamic_Setting5_TakesTable2sSteps(string arrivals, int steps, int lower, int upper)
    {
        GameMetrics metrics = Metrics(await RunAsync(
            "run", "akkalb { method = dynamic, game { setting = 5, dynamic.picks = table-2 } }", $"game.dynamic.arrivals={arrivals}"));

        (metrics.Converged, metrics.Steps).ShouldBe((true, steps));
        metrics.LowerBound!.Value.ShouldBeInRange(lower - 20, steps);
        metrics.UpperBound!.Value.ShouldBeInRange(steps, upper + 20);
    }

    [Fact]
    public async Task Dynamic_RandomService_SameSeedSameBytesAndOtherSeedOthers()
    {
        const string Content = "akkalb { method = dynamic, game { setting = 6, dynamic { service = exponential, max-steps = 60 } } }";
        RunResult first = await RunAsync("first", Content);
        await RunAsync("second", Content);
        await RunAsync("other", Content, "seed=4");

        Text("second", RunFolder.RoundsFile).ShouldBe(Text("first", RunFolder.RoundsFile));
        Text("other", RunFolder.RoundsFile).ShouldNotBe(Text("first", RunFolder.RoundsFile));
        Metrics(first).IdleShare!.Value.ShouldBeInRange(0, 1);
        Metrics(first).UpperBound.ShouldBeNull("the bounds are proven for constant service");
    }

    [Fact]
    public async Task Static_Simultaneous_ReportsTheCycle()
    {
        _folder.Write("four.json", """{"rates": [1, 1], "loads": [0, 3], "lengths": [1, 1, 1, 1]}""");
        GameMetrics metrics = Metrics(
            await RunAsync("run", "akkalb { method = static, game { instance = four.json, static.schedule = simultaneous } }"));

        (metrics.Converged, metrics.CycleLength).ShouldBe((false, 2));
        metrics.PotentialExcess!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Scaling_OneCell_IsTheSpecificationsMean()
    {
        // Specification, section 8: n = 10, m = 10: 14.80 [15.65].
        RunResult result = await RunAsync("run", "akkalb { method = scaling, game.scaling { players = [10], servers = [10] } }");

        Metrics(result).Cells.ShouldBe([new ScalingCell(10, 10, 14.80, 15.65)]);
        Text("run", RunFolder.ScalingFile).ShouldBe("players,servers,meanSteps,meanLevelBound\n10,10,14.8,15.65\n");
        Text("run", RunFolder.ScalingPlotFile).ShouldStartWith("<svg");
        LastEvent("run").ShouldBe(new RunEvents.RunFinished(1));
    }

    [Fact]
    public async Task Scaling_Stopped_SaysSoAndKeepsWhatItHas()
    {
        using CancellationTokenSource stop = new();
        QuietObserver observer = new() { OnNotice = _ => stop.Cancel() };
        string file = _folder.Write(
            "s.conf", "akkalb { family = game, method = scaling, game.scaling { players = [10], servers = [10] } }");
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(file) { OutputFolder = _folder["run"] }, observer, stop.Token);
        result.Summary.Status.ShouldBe(RunSummary.Stopped);
        Metrics(result).Cells.ShouldBeEmpty();
        LastEvent("run").ShouldBe(new RunEvents.RunStopped(0));
        Metrics(await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)).Cells.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Resume_FinishedRun_ReturnsItsSummaryAndAnUnfinishedOneIsPlayedAgain()
    {
        RunResult first = await RunAsync("run", "akkalb { method = static, game.setting = 6 }");
        string rounds = Text("run", RunFolder.RoundsFile);
        QuietObserver observer = new();

        Metrics(await ExperimentRunner.ResumeAsync(_folder["run"], observer, default)).ShouldBe(Metrics(first));
        observer.Notices.ShouldContain(line => line.Contains("finished"));
        File.Delete(Path.Combine(_folder["run"], RunFolder.SummaryFile));
        File.Delete(Path.Combine(_folder["run"], RunFolder.RoundsFile));
        (await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        Text("run", RunFolder.RoundsFile).ShouldBe(rounds);
    }

    [Fact]
    public async Task Run_ScalingGameOfJobsThatAreTooLong_NamesTheKey()
    {
        const string content = "akkalb { family = game, method = scaling, game { scaling { players = [50], servers = [2] }, "
            + "generate { rates { min = 1, max = 2 }, lengths { min = 1, max = 100 } } } }";
        (await Should.ThrowAsync<RunFailedException>(() => RunAsync("run", content))).Message.ShouldBe(
            "50 players on 2 servers: the longest job exceeds the servers' total rate, they never become empty; expected a lower "
            + "'akkalb.game.generate.lengths.max' or higher 'rates'");
    }

    [Fact]
    public async Task Run_InstanceAskedForBesideASetting_IsRefused() =>
        (await Should.ThrowAsync<InvalidInputException>(
            () => RunAsync("bad", "akkalb { method = dynamic, game.setting = 7 }", "game.instance=y.json"))).Message.ShouldBe(
            "--set game.instance=y.json: 'akkalb.game.instance' is 'y.json', expected none where 'akkalb.game.setting' is above 0, "
            + "found 7");

    [Theory]
    [InlineData("akkalb.method = samaroh", "'akkalb.method' is 'samaroh', expected static, dynamic, scaling")]
    [InlineData("akkalb { method = static, game.setting = 8 }", "'akkalb.game.setting' is '8', expected an integer from 0 to 7")]
    [InlineData("akkalb { method = static, game.static.share = 0 }", "'akkalb.game.static.share' is '0', expected a number above 0 to 1")]
    [InlineData("akkalb { method = dynamic, game.static.share = 0 }", "'akkalb.game.static.share' is '0', expected a number above 0 to 1")]
    [InlineData("akkalb { method = static, game.static.schedule = rnig }", "expected ring, random, poisson, simultaneous")]
    [InlineData(
        "akkalb { method = dynamic, game.dynamic.picks = table-2 }",
        "'akkalb.game.dynamic.picks' is 'table-2', expected round-robin or random")]
    [InlineData(
        "akkalb { method = scaling, game.scaling.players = [10, x] }",
        "'akkalb.game.scaling.players' is '[10, x]', expected a list of integers")]
    [InlineData(
        "akkalb { method = scaling, game.scaling.servers = [3, 5, 3] }",
        "'akkalb.game.scaling.servers' is '[3, 5, 3]', expected sizes that differ from each other")]
    [InlineData("akkalb { method = static, game.instance = none.json }", "none.json: no such file")]
    [InlineData("akkalb { method = static, game.static.shares = 1 }", "did you mean 'akkalb.game.static.share'?")]
    [InlineData("akkalb { method = static, family = gmae }", "'akkalb.family' is 'gmae', expected network, game")]
    public async Task Run_BadInput_OneLineSaysWhatWasExpected(string content, string expected)
    {
        string message = (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("bad", content))).Message;

        message.ShouldContain(expected);
        message.ShouldNotContain("\n");
        Directory.Exists(_folder["bad"]).ShouldBeFalse("nothing may be written for bad input");
    }
}
