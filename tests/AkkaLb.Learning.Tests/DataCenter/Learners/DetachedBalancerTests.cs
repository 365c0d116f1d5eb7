using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Learning.Tests.DataCenter.Learners;

/// <summary>Load balancers that decide apart from their learner, by a policy that they were sent.</summary>
public class DetachedBalancerTests
{
    private const int Steps = 12, Balancers = 3;
    private const ulong Seed = 7;

    private static readonly FluidDataCenter Servers = new(Steps, 1, 2, 1);

    [Theory]
    [InlineData(DataCenterMethod.DistrLb)]
    [InlineData(DataCenterMethod.CentrLb)]
    [InlineData(DataCenterMethod.QMixLb)]
    [InlineData(DataCenterMethod.RlbSac)]
    public void Training_BalancersApart_LearnsTheSameBits(DataCenterMethod method)
    {
        DataCenterLearningOptions options = Options(method);
        using DataCenterTrainer together = Trainer(options), apart = Trainer(options);
        while (!together.IsFinished)
        {
            TrainingEpisode expected = together.RunEpisode(
                (episode, controllers) => Servers.Play(episode, [.. controllers.Select(c => new Changing((IEpisodeSource)c))]));

            IEpisodeSource[] balancers = [.. apart.Begin().Select(c => new Changing(Detach(c, options)))];
            double time = Servers.Play(apart.Episode, balancers);
            EpisodePart[] parts = [.. balancers.Select(balancer => balancer.Finish())];
            LearnerStatistics?[] learnt =
            [
                .. apart.Learners.Select(l => l.Learn(parts[l.FirstLoadBalancer..(l.FirstLoadBalancer + l.LoadBalancers)])),
            ];
            apart.Complete(time, [.. learnt.OfType<LearnerStatistics>()]).ShouldBe(expected);
        }
        Saved(apart).ShouldBe(Saved(together));
    }

    [Theory]
    [InlineData(DataCenterMethod.DistrLb, true)]
    [InlineData(DataCenterMethod.CentrLb, false)]
    [InlineData(DataCenterMethod.QMixLb, true)]
    [InlineData(DataCenterMethod.RlbSac, true)]
    public void Start_OfAMethod_IsThereWhereBalancersDecideThemselves(DataCenterMethod method, bool decidesItself)
    {
        using DataCenterTrainer trainer = Trainer(Options(method));
        BalancerStart?[] starts = [.. trainer.Begin().Select(controller => ((IDetachable)controller).Start)];
        starts.ShouldAllBe(start => (start != null) == decidesItself);
        if (decidesItself)
        {
            starts.Distinct().Count().ShouldBe(Balancers);
        }
    }

    [Fact]
    public void Create_PolicyOfAnotherShape_IsRefused()
    {
        DataCenterLearningOptions options = Options(DataCenterMethod.DistrLb);
        using DataCenterTrainer trainer = Trainer(options);
        IDetachable controller = (IDetachable)trainer.Begin()[1];
        Should.Throw<InvalidDataException>(
            () => DetachedBalancer.Create(Learning(options), controller.Start!, controller.WritePolicy()[..^4]));
    }

    private static DataCenterLearningOptions Options(DataCenterMethod method) => new()
    {
        Method = method, Episodes = 6, WarmUpEpisodes = 2, UpdatesPerEpisode = 2, Batch = 3, SequenceLength = 4, BurnIn = 2, Hidden = 5,
        Observation = ObservationLayout.Released,
    };

    private static BalancerLearning Learning(DataCenterLearningOptions options) => new(options, Balancers, Servers.Servers, Steps, Seed);

    private static DataCenterTrainer Trainer(DataCenterLearningOptions options) =>
        new(options, Balancers, Servers.Servers, Steps, Seed, threads: 1);

    private static IEpisodeSource Detach(IEpisodeSource controller, DataCenterLearningOptions options) =>
        controller is IDetachable { Start: { } start } apart
            ? DetachedBalancer.Create(Learning(options), start, apart.WritePolicy())
            : controller;

    private static string Saved(DataCenterTrainer trainer)
    {
        using MemoryStream stream = new();
        DataCenterCheckpoint.WriteWeights(trainer, stream);
        DataCenterCheckpoint.WriteOptimiser(trainer, stream);
        DataCenterCheckpoint.WriteReplay(trainer, stream);
        return Convert.ToHexString(stream.ToArray());
    }

    /// <summary>Of a data centre where a server is not always there, which the reward must know.</summary>
    private sealed class Changing(IEpisodeSource controller) : IEpisodeSource
    {
        public void Observe(LoadBalancerObservation observation)
        {
            observation.Available[1] = observation.Moment % 3 != 0;
            controller.Observe(observation);
        }

        public void Decide(Span<float> weights) => controller.Decide(weights);

        public EpisodePart Finish() => controller.Finish();
    }
}
