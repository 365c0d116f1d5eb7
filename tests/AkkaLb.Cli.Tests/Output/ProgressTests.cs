using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments.Network;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Cli.Tests.Output;

public class ProgressTests
{
    [Fact]
    public async Task Plain_TwentySeconds_ALineEveryFiveAndTheEnds()
    {
        Cli cli = new();

        await cli.InvokeAsync("run", "a.conf");

        cli.ErrorLines.ShouldBe(
        [
            "quickstart: samaroh, seed 7, 4 nodes, 8 link agents, 63 flows, mean utilisation 0.415; 20 episodes of 20 horizons, on actors; "
                + "run folder /runs/quickstart",
            "episode 5 of 20: Φ 0.036, mean 0.038, best 0.036, ECMP 0.0331, 3,200 exchanges, 1.0 episodes/s, 15.0 s left",
            "episode 10 of 20: Φ 0.031, mean 0.0355, best 0.031, ECMP 0.0331, 6,400 exchanges, 1.0 episodes/s, 10.0 s left",
            "episode 15 of 20: Φ 0.026, mean 0.033, best 0.026, ECMP 0.0331, 9,600 exchanges, 1.0 episodes/s, 5.0 s left",
            "episode 20 of 20: Φ 0.021, mean 0.0305, best 0.021, ECMP 0.0331, 12,800 exchanges, 1.0 episodes/s",
        ]);
    }

    [Fact]
    public async Task Plain_FasterThanTheInterval_FirstAndLastLineOnly()
    {
        Cli cli = new();
        cli.Runner.EpisodeTime = TimeSpan.FromMilliseconds(10);

        await cli.InvokeAsync("run", "a.conf");

        cli.ErrorLines.Length.ShouldBe(2);
        cli.ErrorLines[1].ShouldStartWith("episode 20 of 20: ");
    }

    /// <summary>All episodes were played before a stop: only what comes after them goes on, and there is nothing to tell of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resumed_NoEpisodesLeft_ShowsNoEmptyFigures(bool terminal)
    {
        Cli cli = new() { IsTerminal = terminal };
        cli.Runner.Played = FakeRunner.Plan with { FirstEpisode = FakeRunner.Plan.Episodes };

        (await cli.InvokeAsync("resume", "runs/quickstart")).ShouldBe(ExitCodes.Success);

        cli.Error.ShouldContain("from 20");
        cli.Error.ShouldNotContain("Φ");
        cli.Error.ShouldNotContain("exchanges");
        cli.Error.ShouldNotContain("/s");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Run_NoTerminal_NoEscapeSequences(bool terminal, bool colour)
    {
        Cli cli = new() { IsTerminal = terminal, Colour = colour };

        await cli.InvokeAsync("run", "a.conf");

        (cli.Output + cli.Error).ShouldNotContain('\e');
    }

    [Fact]
    public async Task Live_Terminal_RedrawsAndEndsWithTheLastState()
    {
        Cli cli = new() { IsTerminal = true, Colour = true };

        (await cli.InvokeAsync("run", "a.conf")).ShouldBe(ExitCodes.Success);

        cli.Error.ShouldContain("quickstart: samaroh, seed 7");
        cli.Error.ShouldContain("of 20 episodes");
        cli.Error.ShouldContain("12,800 exchanges sent");
        cli.Error.ShouldContain("\e[?25l");
        cli.Error.TrimEnd().ShouldEndWith(Terminal.ShowCursor);
        cli.Error.ShouldMatch("\e\\[[0-9;]*32m");
    }

    [Fact]
    public async Task Live_RunThatHasSaidNothing_IsDrawnWithoutFailing()
    {
        Cli cli = new() { IsTerminal = true };
        cli.Runner.Failure = new InvalidInputException("a.conf: expected something else");

        (await cli.InvokeAsync("run", "a.conf")).ShouldBe(ExitCodes.BadInput);

        cli.Error.ShouldContain("akkalb: a.conf: expected something else");
    }

    [Fact]
    public async Task Live_NoColor_MovesTheCursorWithoutColours()
    {
        Cli cli = new() { IsTerminal = true, Colour = false };

        await cli.InvokeAsync("run", "a.conf");

        (cli.Output + cli.Error).ShouldNotMatch("\e\\[[0-9;]*3[0-7]m");
    }

    [Fact]
    public void Standing_Resumed_CountsEarlierEpisodesButNotTheirTime()
    {
        FakeTimeProvider time = new();
        RunProgress progress = new(time);
        progress.Start(FakeRunner.Plan with { FirstEpisode = 10 });
        progress.Standing()!.Done.ShouldBe(10);

        time.Advance(TimeSpan.FromSeconds(2));
        progress.Add(new EpisodeReport(10, 0.03, 0.03, 0.03, 0.5, 1, 1, 0, 0, 0, 0));
        progress.Add(new EpisodeReport(11, 0.02, 0.03, 0.02, 0.5, 1, 1, 0, 0, 0, 0));

        RunStanding now = progress.Standing()!;
        now.Done.ShouldBe(12);
        now.PerSecond.ShouldBe(1);
        now.Left.ShouldBe(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void Standing_ManyEpisodes_MeanIsOfTheLastHundred()
    {
        RunProgress progress = new(new FakeTimeProvider());
        progress.Start(FakeRunner.Plan with { Episodes = 1000 });
        for (int episode = 0; episode < 250; episode++)
        {
            progress.Add(new EpisodeReport(episode, episode < 150 ? 1 : 0.5, 1, 1, 1, 1, 1, 0, 0, 0, 0));
        }

        progress.Standing()!.Mean.ShouldBe(0.5);
    }
}
