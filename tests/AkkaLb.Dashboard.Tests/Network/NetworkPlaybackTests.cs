using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Tests.Network;

[Collection(SampleRunsCollection.Name)]
public class NetworkPlaybackTests(SampleRuns runs)
{
    /// <summary>What agents stored gives the Φ that the run wrote down, to the last bit.</summary>
    [Fact]
    public void At_EveryEpisode_HasThePhiOfTheRun()
    {
        NetworkPlayback playback = NetworkPlayback.Open(RunFolder.Open(runs[SampleRuns.Network]));
        playback.Episodes.ShouldBe(0);
        playback.Refresh();
        playback.Episodes.ShouldBe(60);
        double[] phi =
        [
            .. File.ReadLines(Path.Combine(runs[SampleRuns.Network], RunFolder.EpisodesFile)).Skip(1)
                .Select(row => double.Parse(row.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)),
        ];
        Enumerable.Range(0, 60).Select(episode => playback.At(episode).Phi).ShouldBe(phi);
        playback.At(-1).Weights.ShouldAllBe(weight => weight == 1);
    }

    [Fact]
    public void HorizonsOf_AnEpisode_EndWithItsWeight()
    {
        NetworkPlayback playback = NetworkPlayback.Open(RunFolder.Open(runs[SampleRuns.Network]));
        playback.Refresh();
        LinkId link = new(3);
        IReadOnlyList<double> horizons = playback.HorizonsOf(link, 7);
        horizons.Count.ShouldBe(10);
        horizons[^1].ShouldBe(playback.At(7).Weights[3]);
        playback.WeightsOf(link)[7].ShouldBe(horizons[^1]);
        playback.HorizonsOf(link, 1000).ShouldBeEmpty();
    }

    /// <summary>The whole map within an episode: the weights of each agent, and after the last horizon the episode's Φ.</summary>
    [Fact]
    public void At_EveryHorizon_HasTheWeightsOfAllAgents()
    {
        NetworkPlayback playback = NetworkPlayback.Open(RunFolder.Open(runs[SampleRuns.Network]));
        playback.Refresh();
        playback.Horizons(7).ShouldBe(10);
        playback.At(7, 0).Weights.ShouldBe(playback.At(-1).Weights);
        for (int horizon = 1; horizon <= 10; horizon++)
        {
            playback.At(7, horizon).Weights.ShouldBe(
                Enumerable.Range(0, 8).Select(link => playback.HorizonsOf(new LinkId(link), 7)[horizon - 1]));
        }
        playback.At(7, 10).Phi.ShouldBe(playback.At(7).Phi);
        playback.At(7, 3).Phi.ShouldNotBe(playback.At(7).Phi);
    }

    /// <summary>What agents decided, in the order that the network stored, gives the Φ after every route, to the last bit.</summary>
    [Theory]
    [InlineData]
    [InlineData("network.asynchronous.on-change=restart", "network.asynchronous.rounds.count=2")]
    public async Task AtMoment_EveryOne_HasThePhiOfTheTimeline(params string[] keys)
    {
        string folder = runs[SampleRuns.InTime];
        if (keys.Length > 0)
        {
            // Within a run: the folder's list of runs is tested elsewhere.
            folder = Path.Combine(folder, "other");
            await ExperimentRunner.RunAsync(
                new ExperimentRequest(runs[$"{SampleRuns.InTime}.conf"])
                {
                    OutputFolder = folder, Overrides = ["method=samaroh-2l", .. keys],
                },
                new SampleRuns.Quiet(), CancellationToken.None);
        }
        NetworkPlayback playback = NetworkPlayback.Open(RunFolder.Open(folder));
        playback.Moments.ShouldBe(0);
        playback.Refresh();
        (double Time, double Phi)[] rows =
        [
            .. File.ReadLines(Path.Combine(folder, RunFolder.TimelineFile)).Skip(1).Select(row => row.Split(','))
                .Select(row => (Number(row[0]), Number(row[2]))),
        ];
        rows.Length.ShouldBeGreaterThan(100);
        playback.Moments.ShouldBe(rows.Length);
        Enumerable.Range(0, rows.Length).Select(playback.AtMoment).Select(view => (view.Time!.Value, view.Phi)).ShouldBe(rows);
        // While the link from 3 to 1 is down it carries nothing.
        int failed = TopologyLibrary.Get("4-node").FindLink("3", "1")!.Value.Index;
        NetworkMomentView[] down = [.. Enumerable.Range(0, rows.Length).Select(playback.AtMoment).Where(view => view.Down.Count > 0)];
        down.ShouldNotBeEmpty();
        down.ShouldAllBe(view => view.Time >= 5000 && view.Time < 10000 &&
            view.Down.SetEquals(new[] { failed }) && view.Utilisation[failed] == 0);
    }

    [Fact]
    public void MemoryOf_ATwoLayerRun_CountsItsAnswers()
    {
        NetworkPlayback playback = NetworkPlayback.Open(RunFolder.Open(runs[SampleRuns.InTime]));
        playback.Refresh();
        var uses = Enumerable.Range(0, 8).SelectMany(link => playback.MemoryOf(new LinkId(link))).ToArray();
        uses.Length.ShouldBe(8 * 20);
        uses.ShouldAllBe(episode => episode.Horizons == 10);
        uses.Sum(episode => episode.Answers).ShouldBeGreaterThan(0);
        uses.Sum(episode => episode.Cases).ShouldBeGreaterThan(0);
        NetworkPlayback.Open(RunFolder.Open(runs[SampleRuns.Network])).MemoryOf(new LinkId(0)).ShouldBeEmpty();
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
