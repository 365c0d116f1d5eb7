using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cli.Tests.Commands;

public class RunCommandTests
{
    [Theory]
    [InlineData("run", RunPath.Actors)]
    [InlineData("train", RunPath.Batched)]
    public async Task Run_AllOptions_ReachTheRunner(string command, RunPath path)
    {
        Cli cli = new();

        int exitCode = await cli.InvokeAsync(
            command, "a folder", "--method", "samaroh", "--set", "network.episodes=5", "--set", "x=a=b c", "--seed", "18446744073709551615",
            "--out", "my runs/1");

        exitCode.ShouldBe(ExitCodes.Success);
        ExperimentRequest request = cli.Runner.Request.ShouldNotBeNull();
        request.Source.ShouldBe("a folder");
        request.Method.ShouldBe("samaroh");
        request.Overrides.ShouldBe(["network.episodes=5", "x=a=b c"]);
        request.Seed.ShouldBe(ulong.MaxValue);
        request.OutputFolder.ShouldBe("my runs/1");
        request.Path.ShouldBe(path);
    }

    [Fact]
    public async Task Run_NoOptions_LeavesAllToTheFile()
    {
        Cli cli = new();

        await cli.InvokeAsync("run", "a.conf");

        ExperimentRequest request = cli.Runner.Request.ShouldNotBeNull();
        request.ShouldSatisfyAllConditions(
            () => request.Method.ShouldBeNull(),
            () => request.Overrides.ShouldBeEmpty(),
            () => request.Seed.ShouldBeNull(),
            () => request.OutputFolder.ShouldBeNull());
    }

    [Fact]
    public async Task Run_Json_StdoutIsTheSummaryAlone()
    {
        Cli cli = new();

        (await cli.InvokeAsync("run", "a.conf", "--json")).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldBe(FakeRunner.Finished.ToJson() + "\n");
        using JsonDocument document = JsonDocument.Parse(cli.Output);
        document.RootElement.GetProperty("metrics").GetProperty("phiLast2000").GetDouble().ShouldBe(0.0211);
    }

    [Fact]
    public async Task Run_Finished_TablePutsTheMethodBesideTheBaselines()
    {
        Cli cli = new();

        await cli.InvokeAsync("run", "a.conf");

        string[] lines = [.. cli.Output.Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        lines.ShouldContain("samaroh on quickstart, seed 7: finished after 20 episodes");
        lines.ShouldContain("method Φ against ECMP");
        lines.ShouldContain("samaroh, mean of the last 20 episodes 0.0207 37.5 % lower");
        lines.ShouldContain("samaroh, best episode 0.02055 37.9 % lower");
        lines.ShouldContain("ECMP on the DAG routing 0.0331 equal");
        lines.ShouldContain("UCMP 0.0364 10.0 % higher");
        lines.ShouldContain("genetic search – –");
        lines.ShouldContain("exchanges 12,800 of 12,800 (100.0 %), sent between link agents");
        lines.ShouldContain("wall time 1 min 15 s");
        lines.ShouldContain("run folder /runs/quickstart");
    }

    [Fact]
    public async Task Run_OfOneEpisodeInRounds_SaysNoMoreThanThereIs()
    {
        using TemporaryFolder folder = new();
        folder.Write("weights.json", "[]");
        NetworkSummary summary = FakeRunner.Finished with { Metrics = FakeRunner.Finished.Metrics with { Episodes = 1 } };
        Cli cli = new();
        cli.Runner.Played = FakeRunner.Plan with { Episodes = 1 };
        cli.Runner.Result = new RunResult(summary, folder.FullPath);

        await cli.InvokeAsync("run", "a.conf");

        cli.Error.ShouldContain("; 1 episode of 20 horizons, on actors; ");
        cli.Output.ShouldContain("finished after 1 episode\n");
        cli.Output.ShouldContain("samaroh, the only episode ");
        cli.Output.ShouldContain("channel weights of the best episode, for 'akkalb network evaluate --weights'");
        cli.Output.ShouldNotContain("asynchronous");
    }

    [Fact]
    public async Task Run_OnAnotherRouting_TableHasItsEqualWeights()
    {
        Cli cli = new();
        cli.Runner.Result = new RunResult(
            FakeRunner.Finished with { Baselines = new RunBaselines(0.04, 0.03, 0.02, null) { EqualWeights = 0.025 } }, "/runs/igp");

        await cli.InvokeAsync("run", "a.conf");

        string[] lines = [.. cli.Output.Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        lines.ShouldContain("equal weights on the run's routing 0.025 37.5 % lower");
    }

    /// <summary>A run that follows a policy has no episodes, so nothing is said of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OfAPolicyThatIsFollowed_SaysNothingOfEpisodes(bool terminal)
    {
        Cli cli = new() { IsTerminal = terminal };
        cli.Runner.Played = FakeRunner.Plan with { Episodes = 0 };
        cli.Runner.Result = cli.Runner.Result with
        {
            Summary = FakeRunner.Finished with
            {
                Metrics = new RunMetrics(null, null, null, 0), Exchanges = new RunExchanges(0, 0, 1, 1),
                Asynchronous = new AsynchronousMetrics(true, 0.021, 0.02, 30, 30, 60, 15, 0, []),
            },
        };

        await cli.InvokeAsync("run", "a.conf");

        cli.Output.ShouldContain("samaroh on quickstart, seed 7: finished\n");
        string.Join(' ', cli.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("mean Φ 0.02100 over virtual time, 0.02000 at the end; 15 horizons, 60 messages");
        cli.Output.ShouldContain("UCMP");
        (cli.Output + cli.Error).ShouldNotContain("episode");
        cli.Output.ShouldNotContain("exchanges");
        cli.Error.ShouldContain("a policy that has learnt before; run folder");
    }

    /// <summary>The best of episodes on networks that differ says nothing beside one of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OnNetworksThatDiffer_ShowsNoBestWhileItRuns(bool varies)
    {
        Cli cli = new();
        cli.Runner.Played = FakeRunner.Plan with { Varies = varies };

        await cli.InvokeAsync("run", "a.conf");

        cli.Error.ShouldContain(varies ? "mean 0.0305, ECMP 0.0331" : "mean 0.0305, best 0.021, ECMP 0.0331");
    }

    [Fact]
    public async Task Run_AnotherObjective_IsWhatTheTableIsOf()
    {
        Cli cli = new();
        cli.Runner.Result = cli.Runner.Result with { Objective = "max-utilisation" };

        await cli.InvokeAsync("run", "a.conf");

        cli.Output.ShouldContain("largest utilisation");
        cli.Output.ShouldNotContain("Φ");
    }

    [Fact]
    public async Task Run_RunFolder_ListsWhatLiesInIt()
    {
        using TemporaryFolder folder = new();
        folder.Write("summary.json", "{}");
        folder.Write("phi.svg", "<svg/>");
        Cli cli = new();
        cli.Runner.Result = cli.Runner.Result with { RunFolder = folder.FullPath };

        await cli.InvokeAsync("run", "a.conf");

        cli.Output.ShouldContain("summary.json");
        cli.Output.ShouldContain("phi.svg");
        cli.Output.ShouldNotContain("episodes.csv");
    }

    [Fact]
    public async Task Run_Interrupted_KeepsTheResultAndSaysHowToGoOn()
    {
        using CancellationTokenSource interrupt = new();
        Cli cli = new();
        cli.Runner.Result = cli.Runner.Result with { RunFolder = "/my runs/it's" };
        cli.Runner.BeforeEpisode = episode =>
        {
            if (episode == 3)
            {
                interrupt.Cancel();
            }
        };

        (await cli.InvokeAsync(interrupt.Token, "run", "a.conf")).ShouldBe(ExitCodes.Interrupted);

        cli.Output.ShouldContain("stopped after 3 episodes");
        cli.ErrorLines[^1]
            .ShouldBe(@"akkalb: stopped after 3 episodes; everything so far is kept, go on with: akkalb resume '/my runs/it'\''s'");
    }

    [Theory]
    [InlineData(0, ", before the first policy update: nothing is learnt yet, begin again with: akkalb resume /runs/quickstart")]
    [InlineData(2, "; everything up to the last policy update, after 2, is kept, go on with: akkalb resume /runs/quickstart")]
    [InlineData(3, "; everything so far is kept, go on with: akkalb resume /runs/quickstart")]
    public async Task Run_InterruptedBetweenUpdates_SaysWhatIsKept(int kept, string expected)
    {
        using CancellationTokenSource interrupt = new();
        Cli cli = new();
        cli.Runner.Result = cli.Runner.Result with { KeptEpisodes = kept };
        cli.Runner.BeforeEpisode = episode => (episode == 3 ? interrupt : null)?.Cancel();

        (await cli.InvokeAsync(interrupt.Token, "run", "a.conf")).ShouldBe(ExitCodes.Interrupted);

        cli.ErrorLines[^1].ShouldBe($"akkalb: stopped after 3 episodes{expected}");
    }

    [Fact]
    public async Task Run_InterruptedWithJson_StdoutIsStillOneDocument()
    {
        Cli cli = new();

        (await cli.InvokeAsync(new CancellationToken(canceled: true), "run", "a.conf", "--json")).ShouldBe(ExitCodes.Interrupted);

        using JsonDocument document = JsonDocument.Parse(cli.Output);
        document.RootElement.GetProperty("status").GetString().ShouldBe("stopped");
    }

    [Fact]
    public async Task Resume_Folder_ReachesTheRunner()
    {
        Cli cli = new();

        (await cli.InvokeAsync("resume", "runs/1", "--json")).ShouldBe(ExitCodes.Success);

        cli.Runner.Resumed.ShouldBe("runs/1");
        cli.Output.ShouldBe(FakeRunner.Finished.ToJson() + "\n");
    }

    [Fact]
    public async Task Run_InvalidInput_OneLineAndExitCode2()
    {
        Cli cli = new();
        cli.Runner.Failure = new InvalidInputException("a.conf: network.episodes: expected a number from 1,\nfound 'x'");

        await cli.ShouldRefuseAsync(["run", "a.conf"], "akkalb: a.conf: network.episodes: expected a number from 1, found 'x'\n");
    }

    [Theory]
    [InlineData("--seed", "-1", "--seed: expected a whole number from 0")]
    [InlineData("--seed", "1.5", "--seed: expected a whole number from 0")]
    [InlineData("--set", "episodes", "--set: expected KEY=VALUE, found 'episodes'")]
    [InlineData("--set", "=5", "--set: expected KEY=VALUE, found '=5'")]
    [InlineData("--sed", "1", "unknown option '--sed'; did you mean '--se")]
    [InlineData("--json", "extra", "unknown argument 'extra'")]
    public Task Run_BadOption_OneLineNamesIt(string option, string value, string expected) =>
        new Cli().ShouldRefuseAsync(["run", "a.conf", option, value], expected, "see 'akkalb run --help'");

    [Fact]
    public async Task Run_CannotGoOn_OneLineWithTheReason()
    {
        Cli cli = new();
        cli.Runner.Failure = new RunFailedException("runs/a: cannot write the run: disk full");

        (await cli.InvokeAsync("run", "a.conf")).ShouldBe(ExitCodes.Failure);

        cli.Error.ShouldBe("akkalb: runs/a: cannot write the run: disk full\n");
    }

    [Fact]
    public async Task Run_InternalError_OneLineAndHowToSeeMore()
    {
        Cli cli = new();
        cli.Runner.Failure = new InvalidOperationException("the matrix\nis singular");

        (await cli.InvokeAsync("run", "a.conf")).ShouldBe(ExitCodes.Failure);

        cli.Error.ShouldBe(
            "akkalb: internal error: the matrix is singular (InvalidOperationException; AKKALB_DEBUG=1 shows the stack trace)\n");
        cli.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_InternalErrorWithDebug_ShowsTheStackTrace()
    {
        Cli cli = new() { ShowStackTraces = true };
        cli.Runner.Failure = new InvalidOperationException("the matrix is singular");

        (await cli.InvokeAsync("run", "a.conf")).ShouldBe(ExitCodes.Failure);

        cli.Error.ShouldContain("at AkkaLb");
    }

    [Fact]
    public async Task Run_DiskFull_OneLineWithoutBlamingTheProgram()
    {
        Cli cli = new();
        cli.Runner.Failure = new IOException("No space left on device : '/runs/1/summary.json'");

        (await cli.InvokeAsync("run", "a.conf")).ShouldBe(ExitCodes.Failure);

        cli.Error.ShouldBe("akkalb: No space left on device : '/runs/1/summary.json'\n");
    }
}
