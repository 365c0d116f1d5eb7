using AkkaLb.Domain;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Tests.DataCenter;

namespace AkkaLb.Learning.Tests.Checkpoints;

public class DataCenterCheckpointTests
{
    private static readonly DataCenterLearningOptions Options = new()
    {
        Episodes = 8, WarmUpEpisodes = 2, UpdatesPerEpisode = 2, Batch = 3, SequenceLength = 4, BurnIn = 2, Hidden = 5, ReplayEpisodes = 4,
    };

    [Theory]
    [InlineData(DataCenterMethod.DistrLb)]
    [InlineData(DataCenterMethod.CentrLb)]
    [InlineData(DataCenterMethod.QMixLb)]
    [InlineData(DataCenterMethod.RlbSac)]
    public void Restore_HalfWay_GoesOnWithTheSameBits(DataCenterMethod method)
    {
        using DataCenterTrainer straight = Trained(method, 8), half = Trained(method, 4), restored = Trained(method, 0);
        Restore(restored, Save(half));
        restored.Episode.ShouldBe(4);
        Play(restored, 4);
        foreach ((string file, byte[] bytes) in Save(straight))
        {
            Save(restored)[file].ShouldBe(bytes, file);
        }
    }

    [Fact]
    public void Restore_AnothersOrDamagedFiles_AreNamed()
    {
        using DataCenterTrainer trained = Trained(DataCenterMethod.DistrLb, 3), fresh = Trained(DataCenterMethod.DistrLb, 0),
        central = Trained(DataCenterMethod.CentrLb, 0);
        using var other = new DataCenterTrainer(Options, 2, 3, 10, seed: 99, threads: 1);
        Dictionary<string, byte[]> files = Save(trained);
        Should.Throw<InvalidInputException>(() => Restore(other, files)).Message.ShouldContain("expected seed 99, found 5");
        Should.Throw<InvalidInputException>(() => Restore(central, files)).Message.ShouldContain("replay.bin");
        files[DataCenterCheckpoint.ReplayFile] = files[DataCenterCheckpoint.ReplayFile][..^3];
        Should.Throw<InvalidInputException>(() => Restore(fresh, files)).Message.ShouldContain("expected a whole replay file");
        using DataCenterTrainer later = Trained(DataCenterMethod.DistrLb, 4);
        files[DataCenterCheckpoint.ReplayFile] = Save(later)[DataCenterCheckpoint.ReplayFile];
        Should.Throw<InvalidInputException>(() => Restore(fresh, files)).Message.ShouldContain("expected episode 4, found 3");
    }

    [Fact]
    public void Restore_EpisodeThatIsNotWhole_IsNamed()
    {
        using DataCenterTrainer trained = Trained(DataCenterMethod.DistrLb, 3), fresh = Trained(DataCenterMethod.DistrLb, 0);
        EpisodeReplay replay = trained.Agents[0].Replay;
        replay.Add(replay[0] with { Features = replay[0].Features[1..] });
        Should.Throw<InvalidInputException>(() => Restore(fresh, Save(trained))).Message.ShouldStartWith(
            "folder/replay.bin: expected a whole replay file: episode 3 of ");
    }

    private static DataCenterTrainer Trained(DataCenterMethod method, int episodes)
    {
        var trainer = new DataCenterTrainer(Options with { Method = method }, 2, 3, 10, seed: 5, threads: 1);
        Play(trainer, episodes);
        return trainer;
    }

    private static void Play(DataCenterTrainer trainer, int episodes)
    {
        var servers = new FluidDataCenter(10, 1, 2, 1);
        for (int i = 0; i < episodes; i++)
        {
            trainer.RunEpisode(servers.Play);
        }
    }

    private static Dictionary<string, byte[]> Save(DataCenterTrainer trainer)
    {
        byte[] Bytes(Action<DataCenterTrainer, Stream> write)
        {
            using var stream = new MemoryStream();
            write(trainer, stream);
            return stream.ToArray();
        }

        return new()
        {
            [DataCenterCheckpoint.WeightsFile] = Bytes(DataCenterCheckpoint.WriteWeights),
            [DataCenterCheckpoint.OptimiserFile] = Bytes(DataCenterCheckpoint.WriteOptimiser),
            [DataCenterCheckpoint.ReplayFile] = Bytes(DataCenterCheckpoint.WriteReplay),
        };
    }

    private static void Restore(DataCenterTrainer trainer, Dictionary<string, byte[]> files) =>
        DataCenterCheckpoint.Restore(trainer, "folder", file => new MemoryStream(files[file]));
}
