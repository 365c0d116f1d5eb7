using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Tests.Journals;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Tests.Network;

public sealed class LinkAgentCrashTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly NetworkScenario _scenario = Scenarios.Create("4-node");
    private readonly NetworkModel _model;
    private readonly PpoLearner _learner;

    public LinkAgentCrashTests()
        : base("""
            akka {
              loglevel = WARNING
              test.filter-leeway = 1m
              persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            }
            """ + WireBindings.Hocon)
    {
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with { Horizons = 200 };
        _model = new NetworkModel(options, _scenario.Topology);
        _learner = new PpoLearner(_model, 3, threads: 1);
    }

    protected override void AfterAll()
    {
        _learner.Dispose();
        base.AfterAll();
    }

    [Fact]
    public void Episode_AgentCrashes_IsRepeatedAndEndsTheSame()
    {
        EpisodeTrajectory expected = PlayEpisode(Start("calm")).Trajectories.Single();

        IActorRef network = Start("crashing");
        network.Tell(new NetworkCommands.PlayEpisodes(0, 1), TestActor);
        IActorRef agent = Agent(network, 2);
        EventFilter.Exception<ArgumentException>().ExpectOne(() => agent.Tell(Poison(2)));
        NetworkEvents.EpisodesPlayed played = ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience);

        played.Trajectories.Single().Objective.ShouldBe(expected.Objective);
        played.Trajectories.Single().FinalWeights.ShouldBe(expected.FinalWeights);
    }

    [Fact]
    public void Episode_AgentCrashedBefore_IsPlayedWithTheRestartedAgent()
    {
        IActorRef network = Start("network");
        EpisodeTrajectory expected = PlayEpisode(network).Trajectories.Single();
        EventFilter.Exception<ArgumentException>().ExpectOne(() => Agent(network, 5).Tell(Poison(5)));
        PlayEpisode(network).Trajectories.Single().Objective.ShouldBe(expected.Objective);
    }

    [Fact]
    public void Episode_AgentCrashesOverAndOver_FailsWithTheLinksName()
    {
        IActorRef network = Start("broken");
        IActorRef agent = Agent(network, 0);
        EventFilter.Exception<ArgumentException>().Expect(NetworkActor.MaxRestarts + 1, () =>
        {
            network.Tell(new NetworkCommands.PlayEpisodes(0, 1), TestActor);
            for (int i = 0; i <= NetworkActor.MaxRestarts; i++)
            {
                agent.Tell(Poison(0));
            }
        });
        ExpectMsg<NetworkEvents.EpisodeFailed>(Patience).Reason.ShouldContain(_scenario.Topology.Describe(new LinkId(0)));
    }

    [Theory]
    [InlineData(NetworkMethod.Samaroh, LayerSwitching.PerAgent, RepresentativeSelection.Clusters, false)]
    [InlineData(NetworkMethod.Samaroh, LayerSwitching.PerAgent, RepresentativeSelection.DeltaNet, true)]
    [InlineData(NetworkMethod.Samaroh, LayerSwitching.Team, RepresentativeSelection.Reference, true)]
    [InlineData(NetworkMethod.Maroh, LayerSwitching.PerAgent, RepresentativeSelection.DeltaNet, false)]
    [InlineData(NetworkMethod.Maroh, LayerSwitching.Team, RepresentativeSelection.Clusters, true)]
    public void Run_AgentsWithMemoriesCrash_EqualsOneWithoutCrashes(
        NetworkMethod method, LayerSwitching switching, RepresentativeSelection selection, bool hasJournal)
    {
        NetworkLearningOptions options = Scenarios.Options(method) with
        {
            Memory = new ExperienceOptions
            {
                Representatives = selection, Switching = switching, Deltas = [0.1], Size = 6,
                Recalls = selection == RepresentativeSelection.Reference ? MemoryRecalls.Memory : MemoryRecalls.Compute,
                MaxPolicyAge = selection == RepresentativeSelection.Reference ? null : 0,
            },
        };
        Played undisturbed = PlayRun(options, "undisturbed", hasJournal, _ => { });
        Played crashing = EventFilter.Exception<IndexOutOfRangeException>().Expect(
            3, () => PlayRun(options, "crashing", hasJournal, network =>
        {
            // The third horizon of the fifth episode; the same after the repetition; the first one of the eighth episode.
            int first = RoundOf(options, 4, 2);
            int second = first + RoundOf(options, 4 % options.EpisodesPerUpdate, 2);
            int third = second + RoundOf(options, options.EpisodesPerUpdate + 7 % options.EpisodesPerUpdate, 0);
            Sabotage(network, 2, first);
            Sabotage(network, 6, second);
            Sabotage(network, 1, third);
        }));
        (List<EpisodeTrajectory> expected, List<EpisodeTrajectory> played) = (undisturbed.Episodes, crashing.Episodes);

        played.Count.ShouldBe(expected.Count);
        for (int e = 0; e < expected.Count; e++)
        {
            played[e].Objective.ShouldBe(expected[e].Objective);
            played[e].FinalWeights.ShouldBe(expected[e].FinalWeights);
            played[e].Observations.SequenceEqual(expected[e].Observations).ShouldBeTrue();
            (played[e].MessagesSent, played[e].RequestsSent).ShouldBe((expected[e].MessagesSent, expected[e].RequestsSent));
            for (int step = 0; step < options.Horizons; step++)
            {
                played[e].Choices(step).SequenceEqual(expected[e].Choices(step)).ShouldBeTrue();
            }
        }
        crashing.Memory.ShouldBe(undisturbed.Memory);
        crashing.Events.ShouldBe(undisturbed.Events);
        crashing.Events.Count(e => e.Contains(" weights-decided ", StringComparison.Ordinal))
            .ShouldBe(hasJournal ? options.Episodes * _model.LinkCount : 0);
        crashing.Events.Any(e => e.Contains(" memory-trained ", StringComparison.Ordinal))
            .ShouldBe(selection == RepresentativeSelection.Reference);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_AgentCrashesBetweenBlocks_KeepsItsMemory(bool hasJournal)
    {
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with
        {
            Memory = new ExperienceOptions { Deltas = [0.3] },
        };
        Played expected = PlayRun(options, "steady", hasJournal, _ => { });
        Played played = EventFilter.Exception<ArgumentException>().Expect(2, () => PlayRun(
            options, "forgetful", hasJournal, _ => { }, betweenBlocks: network =>
            {
                Agent(network, 2).Tell(Poison(2));
                // Answered by the restarted agent.
                Agent(network, 2);
            }));
        played.Memory.ShouldBe(expected.Memory);
        played.Events.ShouldBe(expected.Events);
    }

    /// <summary>Plays and learns as a run does.</summary>
    /// <param name="prepare">Is given the network before its first episode.</param>
    /// <param name="betweenBlocks">Is given the network after the first two blocks, when it follows no policy.</param>
    private Played PlayRun(
        NetworkLearningOptions options, string name, bool hasJournal, Action<IActorRef> prepare, Action<IActorRef>? betweenBlocks = null)
    {
        NetworkModel model = new(options, _scenario.Topology);
        using PpoLearner learner = new(model, 3, threads: 1);
        IActorRef tester = TestActor;
        AgentJournal? journal = hasJournal ? new AgentJournal($"{name}/", 1000, e => e.Message, reason => tester.Tell(reason)) : null;
        IActorRef network = Sys.ActorOf(NetworkActor.Props(new ScenarioSchedule(_scenario), model, 3, journal), name);
        IActorRef teacher = Sys.ActorOf(LearnerActor.Props(learner, new RecordingObserver(), CancellationToken.None));
        AwaitStart(network);
        prepare(network);
        List<EpisodeTrajectory> episodes = [];
        teacher.Tell(LearnerCommands.PublishPolicy.Instance, TestActor);
        for (int block = 0; block < options.Episodes / options.EpisodesPerUpdate; block++)
        {
            LearnerEvents.PolicyPublished published = ExpectMsg<LearnerEvents.PolicyPublished>(Patience);
            network.Tell(new NetworkCommands.FollowPolicy(published.Policy, published.Memory, published.Recalled));
            for (int i = 0; i < options.EpisodesPerUpdate; i++)
            {
                network.Tell(new NetworkCommands.PlayEpisodes(episodes.Count, 1), TestActor);
                episodes.Add(ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience).Trajectories.Single());
            }
            network.Tell(new NetworkCommands.StoreEpisodes(episodes.Count), TestActor);
            NetworkEvents.EpisodesStored stored = ExpectMsg<NetworkEvents.EpisodesStored>(Patience);
            if (block < 2)
            {
                betweenBlocks?.Invoke(network);
            }
            teacher.Tell(new LearnerCommands.Learn([.. episodes.TakeLast(options.EpisodesPerUpdate)], stored.Memory), TestActor);
        }
        ExpectMsg<LearnerEvents.PolicyPublished>(Patience).Memory.ShouldNotBeNull();
        using MemoryStream memory = new();
        learner.Experience!.Count.ShouldBeGreaterThan(0);
        learner.Experience.WriteMark(memory);
        List<string> events = [];
        for (int link = 0; hasJournal && link < model.LinkCount; link++)
        {
            events.AddRange(Stored(journal!, LinkAgentJournal.Agent(new LinkId(link))));
        }
        return new Played(episodes, memory.ToArray(), events);
    }

    /// <summary>The events that an agent has stored, a line each.</summary>
    private IEnumerable<string> Stored(AgentJournal journal, string agent)
    {
        IActorRef reader = Sys.ActorOf(JournalReaderActor.Props(journal, agent));
        reader.Tell(JournalReaderActor.Report, TestActor);
        return ExpectMsg<JournalReaderActor.EventsReported>(Patience).Events
            .Select(e => $"{agent} {JournalFormat.TypeOf(e)} {e.Step} {EncodedEvent.Of(e).Digest}");
    }

    private sealed record Played(List<EpisodeTrajectory> Episodes, byte[] Memory, List<string> Events);

    /// <summary>The round of a horizon in a run without crashes; a block's start is a round too, and its end, and an episode's.</summary>
    private static int RoundOf(NetworkLearningOptions options, int episode, int horizon) =>
        episode * (options.Horizons + 1) + 2 * (episode / options.EpisodesPerUpdate) + horizon + 2;

    /// <summary>Lets an agent crash as soon as it has opened a round's horizon: over a request for a state that nobody can have.</summary>
    private void Sabotage(IActorRef network, int link, int round) =>
        Agent(network, link).Tell(new LinkAgentCommands.RequestHiddenState(new LinkId(link), new LinkId(link), round, -1), TestActor);

    private IActorRef Start(string name)
    {
        IActorRef network = Sys.ActorOf(NetworkActor.Props(_scenario, _model, 3), name);
        network.Tell(new NetworkCommands.FollowPolicy(_learner.Policy));
        AwaitStart(network);
        return network;
    }

    /// <summary>Its answer proves that it has started, and so that its agents exist.</summary>
    private void AwaitStart(IActorRef network)
    {
        network.Tell(new Identify(network.Path.Name), TestActor);
        ExpectMsg<ActorIdentity>(Patience);
    }

    private NetworkEvents.EpisodesPlayed PlayEpisode(IActorRef network)
    {
        network.Tell(new NetworkCommands.FollowPolicy(_learner.Policy));
        network.Tell(new NetworkCommands.PlayEpisodes(0, 1), TestActor);
        return ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience);
    }

    private IActorRef Agent(IActorRef network, int link) =>
        Sys.ActorSelection(network.Path / $"link-{link}").ResolveOne(Patience).Result;

    /// <summary>A state that no agent of this model can have sent: too short, and for a round that never comes.</summary>
    private LinkAgentCommands.ReceiveHiddenState Poison(int link) =>
        new(new LinkId(link), new LinkId(_model.Predecessors(link)[0]), int.MaxValue, 0, [1f]);
}
