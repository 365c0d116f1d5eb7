using AkkaLb.Domain;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.DataCenter.Learners;

public class DataCenterTrainerTests
{
    private static readonly DataCenterLearningOptions Small = new()
    {
        Episodes = 40, WarmUpEpisodes = 5, UpdatesPerEpisode = 15, Batch = 8, SequenceLength = 6, BurnIn = 3, Hidden = 16, Discount = 0.5,
        LearningRate = 3e-3, TargetShare = 0.05, TargetEntropy = 0.1, Observation = ObservationLayout.Released,
    };

    [Theory]
    [InlineData(DataCenterMethod.DistrLb)]
    [InlineData(DataCenterMethod.CentrLb)]
    [InlineData(DataCenterMethod.QMixLb)]
    [InlineData(DataCenterMethod.RlbSac)]
    public void Training_UnequalServers_FindsTheWeightsThatEqualiseDurations(DataCenterMethod method)
    {
        var servers = new FluidDataCenter(20, 1, 2, 1);
        using var trainer = new DataCenterTrainer(Small with { Method = method }, 2, servers.Servers, 20, seed: 7, threads: 1);
        double untrained = trainer.Evaluate(servers.Play, 1000, ActionMode.Random);
        while (!trainer.IsFinished)
        {
            trainer.RunEpisode(servers.Play);
        }

        // The best is 0.25 s; all weights equal give 0.278 s, and only the first moment must.
        double best = 0.25;
        trainer.Evaluate(servers.Play, 1000, ActionMode.Greedy).ShouldBeLessThan(best + 0.35 * (untrained - best));
    }

    [Fact]
    public void Training_ReferenceActor_DoesNotFindThem()
    {
        var servers = new FluidDataCenter(20, 1, 2, 1);
        using var trainer = new DataCenterTrainer(Small with { Reference = true }, 2, servers.Servers, 20, seed: 7, threads: 1);
        double untrained = trainer.Evaluate(servers.Play, 1000, ActionMode.Random);
        while (!trainer.IsFinished)
        {
            trainer.RunEpisode(servers.Play);
        }

        trainer.Evaluate(servers.Play, 1000, ActionMode.Sample).ShouldBeGreaterThan(0.25 + 0.6 * (untrained - 0.25));
    }

    [Theory]
    [InlineData(DataCenterMethod.DistrLb)]
    [InlineData(DataCenterMethod.CentrLb)]
    [InlineData(DataCenterMethod.QMixLb)]
    [InlineData(DataCenterMethod.RlbSac)]
    public void Training_AnyNumberOfThreads_HasTheSameBits(DataCenterMethod method)
    {
        TrainingEpisode[] one = Train(method, 7, 1, out float[] parameters), two = Train(method, 7, 2, out float[] others);
        two.ShouldBe(one);
        Numbers.SameBits(others, parameters).ShouldBeTrue();
        Train(method, 8, 1, out float[] otherSeed);
        Numbers.SameBits(otherSeed, parameters).ShouldBeFalse();
    }

    [Fact]
    public void Evaluate_BetweenEpisodes_ChangesNothing()
    {
        var servers = new FluidDataCenter(20, 1, 2);
        using var straight = new DataCenterTrainer(Small, 1, 2, 20, seed: 3, threads: 1);
        using var evaluated = new DataCenterTrainer(Small, 1, 2, 20, seed: 3, threads: 1);
        for (int i = 0; i < 8; i++)
        {
            evaluated.Evaluate(servers.Play, 1000 + i, ActionMode.Sample);
            evaluated.RunEpisode(servers.Play).ShouldBe(straight.RunEpisode(servers.Play));
        }
    }

    [Fact]
    public void IndependentLearners_SameTrafficAndSeed_StillDiffer()
    {
        var servers = new FluidDataCenter(20, 1, 2);
        using var trainer = new DataCenterTrainer(Small, 2, 2, 20, seed: 3, threads: 1);
        trainer.RunEpisode(servers.Play);
        EpisodeRecord first = trainer.Agents[0].Replay[0], second = trainer.Agents[1].Replay[0];
        first.Actions.ShouldNotBe(second.Actions);
    }

    [Fact]
    public void Options_OutOfRange_AreAllNamed()
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => new DataCenterTrainer(
            Small with { Levels = [1], Discount = 1, Hidden = 1 }, 1, 2, 20, 1));
        error.Message.ShouldContain("levels");
        error.Message.ShouldContain("discount is 1");
        error.Message.ShouldContain("hidden is 1");
    }

    private static TrainingEpisode[] Train(DataCenterMethod method, ulong seed, int threads, out float[] parameters)
    {
        var servers = new FluidDataCenter(20, 1, 2);
        using var trainer = new DataCenterTrainer(Small with { Method = method, Episodes = 9 }, 2, 2, 20, seed, threads);
        List<TrainingEpisode> episodes = [];
        while (!trainer.IsFinished)
        {
            episodes.Add(trainer.RunEpisode(servers.Play));
        }

        parameters = [.. trainer.Agents.SelectMany(a => a.Nets).SelectMany(n => n.Optimiser.Parameters.Span.ToArray())];
        return [.. episodes];
    }
}
