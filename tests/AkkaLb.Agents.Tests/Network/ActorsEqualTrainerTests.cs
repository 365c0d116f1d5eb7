using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Tests.Network;

/// <summary>The claim that the design rests on: messages between actors and batched arrays decide the same, to the last bit.</summary>
public sealed class ActorsEqualTrainerTests() : TestKit(WireBindings.Hocon)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("4-node", NetworkMethod.Samaroh, ReadoutMode.PerAgent)]
    [InlineData("4-node", NetworkMethod.Samaroh, ReadoutMode.Shared)]
    [InlineData("4-node", NetworkMethod.Samaroh, ReadoutMode.Reference)]
    [InlineData("4-node", NetworkMethod.Maroh, ReadoutMode.PerAgent)]
    [InlineData("abilene", NetworkMethod.Samaroh, ReadoutMode.PerAgent)]
    [InlineData("abilene", NetworkMethod.Samaroh, ReadoutMode.Reference)]
    [InlineData("abilene", NetworkMethod.Maroh, ReadoutMode.PerAgent)]
    public void Run_SameSeed_EqualsBatchedTrainerBitByBit(string topology, NetworkMethod method, ReadoutMode readout)
    {
        NetworkScenario scenario = Scenarios.Create(topology);
        NetworkLearningOptions options = Scenarios.Options(method, readout);
        RecordingObserver actors = Play(new ScenarioSchedule(scenario), options, seed: 7);
        List<EpisodeTrajectory> batched = Train(new ScenarioSchedule(scenario), options, seed: 7);

        actors.Episodes.Count.ShouldBe(options.Episodes);
        actors.Updates.ShouldBe([3, 6, 9]);
        for (int e = 0; e < options.Episodes; e++)
        {
            ShouldBeTheSame(actors.Episodes[e], batched[e]);
        }
        long perEpisode = (long)scenario.Topology.MessagesPerExchange * options.MessageIterations * options.Horizons;
        actors.Episodes.ShouldAllBe(episode => episode.MessagesSent == perEpisode);
    }

    [Theory]
    [InlineData("4-node", NetworkMethod.Samaroh, ReadoutMode.PerAgent, LayerSwitching.PerAgent, RepresentativeSelection.Clusters, 1)]
    [InlineData("4-node", NetworkMethod.Samaroh, ReadoutMode.PerAgent, LayerSwitching.Team, RepresentativeSelection.Reference, 1)]
    [InlineData("4-node", NetworkMethod.Samaroh, ReadoutMode.Reference, LayerSwitching.Team, RepresentativeSelection.DeltaNet, 0.7)]
    [InlineData("4-node", NetworkMethod.Maroh, ReadoutMode.PerAgent, LayerSwitching.PerAgent, RepresentativeSelection.DeltaNet, 1)]
    [InlineData("4-node", NetworkMethod.Maroh, ReadoutMode.PerAgent, LayerSwitching.Team, RepresentativeSelection.DeltaNet, 0.7)]
    [InlineData("abilene", NetworkMethod.Samaroh, ReadoutMode.PerAgent, LayerSwitching.PerAgent, RepresentativeSelection.DeltaNet, 0.7)]
    [InlineData("abilene", NetworkMethod.Samaroh, ReadoutMode.PerAgent, LayerSwitching.Team, RepresentativeSelection.Clusters, 1)]
    public void Run_WithMemories_EqualsBatchedTrainerBitByBit(
        string topology, NetworkMethod method, ReadoutMode readout, LayerSwitching switching, RepresentativeSelection selection, double use)
    {
        ScenarioSchedule scenarios = new(Scenarios.Create(topology));
        NetworkLearningOptions options = Scenarios.Options(method, readout) with
        {
            Memory = new ExperienceOptions
            {
                Representatives = selection, Switching = switching, Deltas = [0.3], Size = 16, UseProbability = use,
                MaxPolicyAge = null, Target = ThresholdTarget.Loss, AdaptEvery = 2, ProbeEvery = 4,
            },
        };
        RecordingObserver actors = Play(scenarios, options, seed: 7);
        List<EpisodeTrajectory> batched = Train(scenarios, options, seed: 7);

        for (int e = 0; e < options.Episodes; e++)
        {
            ShouldBeTheSame(actors.Episodes[e], batched[e]);
        }
        long perEpisode = (long)scenarios.Of(0).Topology.MessagesPerExchange * options.MessageIterations * options.Horizons;
        actors.Episodes.Sum(e => e.MessagesSent).ShouldBeInRange(1, perEpisode * options.Episodes - 1);
    }

    [Fact]
    public void Run_SeveralPeriodsWithAFailedLink_EqualsBatchedTrainerBitByBit()
    {
        NetworkScenario one = Scenarios.Create("4-node");
        ScenarioSchedule scenarios = Scenarios.CreatePeriods(episodesPerPeriod: 4);
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh);
        RecordingObserver actors = Play(scenarios, options, seed: 7);
        List<EpisodeTrajectory> batched = Train(scenarios, options, seed: 7);

        for (int e = 0; e < options.Episodes; e++)
        {
            ShouldBeTheSame(actors.Episodes[e], batched[e]);
        }
        actors.Episodes[3].Objective[0].ShouldBe(new NetworkEnvironment(one).Phi);
        actors.Episodes[4].Objective[0].ShouldNotBe(actors.Episodes[3].Objective[0]);
        actors.Episodes[8].Objective[0].ShouldBe(actors.Episodes[4].Objective[0]);
    }

    [Fact]
    public void Run_OtherSeed_DiffersFromTheTrainer()
    {
        NetworkScenario scenario = Scenarios.Create("4-node");
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh);
        RecordingObserver actors = Play(new ScenarioSchedule(scenario), options, seed: 7);
        actors.Episodes.Select(e => e.FinalObjective).ShouldNotBe(
            Train(new ScenarioSchedule(scenario), options, seed: 8).Select(e => e.FinalObjective));
    }

    /// <summary>A run is cancelled while it learns: nobody has told the experiment yet when the learner gives up.</summary>
    [Fact]
    public void Run_CancelledWhileItLearns_IsStoppedAndNotFailed()
    {
        ScenarioSchedule scenarios = new(Scenarios.Create("4-node"));
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh);
        NetworkModel model = new(options, scenarios.Of(0).Topology);
        using PpoLearner learner = new(model, 7, threads: 1);
        RecordingObserver observer = new();
        IActorRef experiment = Sys.ActorOf(ExperimentActor.Props(
            options.Episodes,
            0,
            options.EpisodesPerUpdate,
            NetworkLanes.Most(model),
            NetworkActor.Props(scenarios, model, 7),
            LearnerActor.Props(learner, observer, new CancellationToken(canceled: true)),
            observer));
        experiment.Tell(ExperimentCommands.StartExperiment.Instance, TestActor);
        ExpectMsg<ExperimentEvents.ExperimentStopped>(Patience).Episodes.ShouldBe(options.EpisodesPerUpdate);
        observer.Updates.ShouldBeEmpty();
    }

    /// <summary>An earlier process has played and learnt all: there is nothing to write down, and no count begins anew.</summary>
    [Fact]
    public void Run_ResumedAfterItsLastEpisode_KeepsItsCount()
    {
        ScenarioSchedule scenarios = new(Scenarios.Create("4-node"));
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh);
        using NetworkTrainer trainer = new(scenarios, new PpoLearner(new NetworkModel(options, scenarios.Of(0).Topology), 7, threads: 1));
        while (!trainer.IsFinished)
        {
            trainer.RunBlock();
        }
        RecordingObserver observer = new();
        IActorRef experiment = Sys.ActorOf(ExperimentActor.Props(
            options.Episodes,
            options.Episodes,
            options.EpisodesPerUpdate,
            NetworkLanes.Most(trainer.Model),
            NetworkActor.Props(scenarios, trainer.Model, 7),
            LearnerActor.Props(trainer.Learner, observer, CancellationToken.None),
            observer));
        experiment.Tell(ExperimentCommands.StartExperiment.Instance, TestActor);
        ExpectMsg<ExperimentEvents.ExperimentFinished>(Patience).Episodes.ShouldBe(options.Episodes);
        (observer.Episodes.Count, observer.Updates.Count).ShouldBe((0, 0));

        IActorRef teacher = Sys.ActorOf(LearnerActor.Props(trainer.Learner, observer, CancellationToken.None));
        teacher.Tell(LearnerCommands.KeepPolicy.Instance, TestActor);
        ExpectMsg<LearnerEvents.PolicyKept>(Patience);
        observer.Updates.ShouldBe([options.Episodes]);
    }

    private RecordingObserver Play(ScenarioSchedule scenarios, NetworkLearningOptions options, ulong seed)
    {
        NetworkModel model = new(options, scenarios.Of(0).Topology);
        using PpoLearner learner = new(model, seed, threads: 1);
        RecordingObserver observer = new();
        IActorRef experiment = Sys.ActorOf(ExperimentActor.Props(
            options.Episodes,
            0,
            options.EpisodesPerUpdate,
            NetworkLanes.Most(model),
            NetworkActor.Props(scenarios, model, seed),
            LearnerActor.Props(learner, observer, CancellationToken.None),
            observer));
        Watch(experiment);
        experiment.Tell(ExperimentCommands.StartExperiment.Instance, TestActor);
        ExpectMsg<ExperimentEvents.ExperimentFinished>(Patience).Episodes.ShouldBe(options.Episodes);
        ExpectTerminated(experiment, Patience);
        return observer;
    }

    private static List<EpisodeTrajectory> Train(ScenarioSchedule scenarios, NetworkLearningOptions options, ulong seed)
    {
        using NetworkTrainer trainer = new(
            scenarios, new PpoLearner(new NetworkModel(options, scenarios.Of(0).Topology), seed, threads: 2));
        List<EpisodeTrajectory> episodes = [];
        while (!trainer.IsFinished)
        {
            episodes.AddRange(trainer.RunBlock().Episodes);
        }
        return episodes;
    }

    private static void ShouldBeTheSame(EpisodeTrajectory actual, EpisodeTrajectory expected)
    {
        actual.Episode.ShouldBe(expected.Episode);
        actual.PolicyVersion.ShouldBe(expected.PolicyVersion);
        actual.Objective.ShouldBe(expected.Objective);
        actual.Measure.ShouldBe(expected.Measure);
        actual.FinalWeights.ShouldBe(expected.FinalWeights);
        actual.MessagesSent.ShouldBe(expected.MessagesSent);
        actual.RequestsSent.ShouldBe(expected.RequestsSent);
        actual.TeamExchanges.ShouldBe(expected.TeamExchanges);
        actual.Observations.SequenceEqual(expected.Observations).ShouldBeTrue();
        for (int step = 0; step < expected.Horizons; step++)
        {
            actual.Choices(step).SequenceEqual(expected.Choices(step)).ShouldBeTrue();
            actual.LogProbabilities(step).SequenceEqual(expected.LogProbabilities(step)).ShouldBeTrue();
        }
    }
}
