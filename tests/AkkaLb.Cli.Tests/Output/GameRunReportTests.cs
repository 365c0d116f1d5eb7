using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Game;

namespace AkkaLb.Cli.Tests.Output;

public class GameRunReportTests
{
    private static GameSummary Summary(GameMetrics metrics) =>
        new() { Method = "static", Seed = 3, Status = "finished", Metrics = metrics, WallSeconds = 1.5 };

    private static async Task<string> ReportAsync(GameSummary summary, params string[] options)
    {
        Cli cli = new();
        cli.Runner.Result = new RunResult(summary, "/runs/game");
        (await cli.InvokeAsync(["run", "a.conf", .. options])).ShouldBe(ExitCodes.Success);
        return cli.Output;
    }

    [Fact]
    public async Task Run_GameFinished_ReportsRoundsAndMessages()
    {
        string report = await ReportAsync(Summary(new GameMetrics
        {
            Players = 500, Servers = 200, Schedule = "ring", Converged = true, Rounds = 1, Moves = 500,
            Messages = new GameMessages(200_000, 1000, 1400, 202_400), Potential = 5.5, PotentialExcess = 0,
        }));

        report.ShouldContain("static game, seed 3: an equilibrium after 1 round");
        report.ShouldContain("202,400 sent: 200,000 to observe");
        report.ShouldContain("500 players, 200 servers, ring");
    }

    [Fact]
    public async Task Run_GameCycles_SaysSo() =>
        (await ReportAsync(Summary(new GameMetrics { Converged = false, Rounds = 7, CycleLength = 2 })))
            .ShouldContain("no equilibrium: repeats every 2 rounds, seen in round 7");

    [Fact]
    public async Task Run_Scaling_ShowsATableOverSizes()
    {
        string report = await ReportAsync(
            Summary(new GameMetrics { Cells = [new ScalingCell(10, 50, 17.45, 17.7), new ScalingCell(10, 100, 17.65, 17.8)] }));

        report.ShouldContain("m=50 [bound]");
        report.ShouldContain("17.65 [17.80]");
    }

    [Fact]
    public async Task Run_GameJson_IsTheSummaryAlone()
    {
        GameSummary summary = Summary(new GameMetrics { Rounds = 1 });

        (await ReportAsync(summary, "--json")).ShouldBe(summary.ToJson() + "\n");
    }
}
