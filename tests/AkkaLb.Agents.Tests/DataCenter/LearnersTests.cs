using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Learners;
using AkkaLb.Agents.Plays;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.Tests.DataCenter;

/// <summary>Load-balancer actors hand episodes to learner actors, which learn what the trainer alone learns.</summary>
public sealed class LearnersTests : DataCenterTestKit
{
    private const int Episodes = 4;

    private static DataCenterModel Model => Eventful with { SampleInterval = 0, ControlPeriod = Ticks.PerSecond / 2 };

    [Theory]
    [InlineData(DataCenterMethod.DistrLb, 3)]
    [InlineData(DataCenterMethod.RlbSac, 3)]
    [InlineData(DataCenterMethod.CentrLb, 1)]
    [InlineData(DataCenterMethod.QMixLb, 1)]
    public void Training_ByActors_LearnsTheSameBits(DataCenterMethod method, int learners)
    {
        using DataCenterTrainer alone = Trainer(method), byActors = Trainer(method);
        byActors.Learners.Count.ShouldBe(learners);
        IActorRef team = Sys.ActorOf(LearningTeamActor.Props(byActors.Learners));
        for (int k = 0; k < Episodes; k++)
        {
            TrainingEpisode expected = alone.RunEpisode((episode, controllers) =>
                MeanTime(new DataCenterSimulation(Model, Options((ulong)episode) with { Controllers = controllers }).Run()));

            SimulationResult result = PlayAndLearn(byActors, team);
            LearnerEvents.TeamLearnt learnt = ExpectMsg<LearnerEvents.TeamLearnt>(Patience);
            TrainingEpisode trained = byActors.Complete(
                MeanTime(result), [.. learnt.Learners.Select(l => l.Statistics).OfType<LearnerStatistics>()]);

            trained.ShouldBe(expected);
            (trained.Learning is null).ShouldBe(k < 2);
            learnt.Learners.Sum(l => l.Version).ShouldBe(alone.Updates);
            learnt.Learners.Sum(l => l.TrajectoryBytes).ShouldBe(alone.Traffic.TrajectoryBytes);
        }
        alone.Updates.ShouldBeGreaterThan(0);
        (alone.Traffic.TrajectoryBytes > 0).ShouldBe(learners == 1);
        Saved(byActors).ShouldBe(Saved(alone));
    }

    [Fact]
    public void Learning_ALearnerThrows_FailsAndNamesIt()
    {
        using DataCenterTrainer trainer = Trainer(DataCenterMethod.DistrLb);
        IActorRef team = Sys.ActorOf(LearningTeamActor.Props(
            [trainer.Learners[0], new BrokenLearner(trainer.Learners[1]), trainer.Learners[2]]));
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => PlayAndLearn(trainer, team));

        ExpectMsg<LearnerEvents.LearningFailed>(Patience).Reason.ShouldBe("the learner of load-balancer.1 failed, see the log");
    }

    [Fact]
    public void Episode_ToldToStop_HandsNothingOver()
    {
        using DataCenterTrainer trainer = Trainer(DataCenterMethod.DistrLb);
        IActorRef dataCenter = ActorRefs.Nobody;
        SimulationOptions options = Options(0) with
        {
            Controllers = trainer.Begin(),
            Observer = (time, _) =>
            {
                if (time > Ticks.PerSecond)
                {
                    dataCenter.Tell(PlayCommands.StopPlay.Instance);
                }
            },
        };
        dataCenter = Start(Model, () => options, handsOver: true);
        dataCenter.Tell(PlayCommands.StartPlay.Instance, TestActor);

        ExpectMsg<DataCenterEvents.EpisodeStopped>(Patience);
    }

    [Fact]
    public void Props_ControllersThatRecordNothing_AreRefused() =>
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(Model, Options(0), handsOver: true)).Message
            .ShouldContain("record the episode");

    private static DataCenterTrainer Trainer(DataCenterMethod method) => new(
        new DataCenterLearningOptions
        {
            Method = method, Episodes = Episodes, WarmUpEpisodes = 2, UpdatesPerEpisode = 2, Batch = 3, SequenceLength = 4, BurnIn = 2,
            Hidden = 5,
        },
        Model.LoadBalancers, Model.Servers.Count, Model.LastMoment, seed: 5, threads: 1);

    private static SimulationOptions Options(ulong episode) => new(DispatchPolicies.Weighted, 5, episode);

    private static double MeanTime(SimulationResult result) => result.Jobs.Average(j => Ticks.ToSeconds(j.Completion));

    private static string Saved(DataCenterTrainer trainer)
    {
        using MemoryStream stream = new();
        DataCenterCheckpoint.WriteWeights(trainer, stream);
        DataCenterCheckpoint.WriteOptimiser(trainer, stream);
        DataCenterCheckpoint.WriteReplay(trainer, stream);
        return Convert.ToHexString(stream.ToArray());
    }

    private SimulationResult PlayAndLearn(DataCenterTrainer trainer, IActorRef team)
    {
        Start(Model, () => Options((ulong)trainer.Episode) with { Controllers = trainer.Begin() }, handsOver: true)
            .Tell(PlayCommands.StartPlay.Instance, TestActor);
        DataCenterEvents.EpisodePlayed played = ExpectMsg<DataCenterEvents.EpisodePlayed>(Patience);
        team.Tell(new LearnerCommands.LearnEpisode(played.Parts), TestActor);
        return played.Result;
    }

    private sealed class BrokenLearner(IEpisodeLearner learner) : IEpisodeLearner
    {
        public string Name => learner.Name;

        public int FirstLoadBalancer => learner.FirstLoadBalancer;

        public int LoadBalancers => learner.LoadBalancers;

        public long Version => learner.Version;

        public LearnerStatistics? Learn(IReadOnlyList<EpisodePart> parts) => throw new InvalidOperationException("broken");
    }
}
