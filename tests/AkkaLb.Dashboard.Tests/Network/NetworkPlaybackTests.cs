using AkkaLb.Domain.Network;
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
}
