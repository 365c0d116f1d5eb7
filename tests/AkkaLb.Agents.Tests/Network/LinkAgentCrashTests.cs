using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
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
            """)
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
        (List<EpisodeTrajectory> expected, byte[] expectedMemory, List<string> expectedEvents) = PlayRun(options, "undisturbed", hasJournal, _ => { });
        (List<EpisodeTrajectory> played, byte[] memory, List<string> events) = EventFilter.Exception<IndexOutOfRangeException>().Expect(3, () => PlayRun(options, "crashing", hasJournal, network =>
        {
            // The third horizon of the fifth episode, the last one of its repetition, and the first one of the eighth episode.
            int round = RoundOf(options, 4, 2), again = round + options.Horizons;
            int later = RoundOf(options, 7, 0) + 3 + options.Horizons;
            Sabotage(network, 2, round);
            Sabotage(network, 6, again);
            Sabotage(network, 1, later);
        }));

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
        memory.ShouldBe(expectedMemory);
        events.ShouldBe(expectedEvents);
        events.Count(e => e.Contains(" memory-changed ", StringComparison.Ordinal)).ShouldBe(hasJournal ? options.Episodes * _model.LinkCount : 0);
        events.Any(e => e.Contains(" memory-recalled ", StringComparison.Ordinal)).ShouldBe(selection == RepresentativeSelection.Reference);
    }

    [Fact]
    public void Episode_AgentCrashesBetweenEpisodes_KeepsItsMemory()
    {
        NetworkLearningOptions options = _model.Options with { Memory = new ExperienceOptions { Deltas = [0.3] } };
        NetworkModel model = new(options, _scenario.Topology);
        using PpoLearner learner = new(model, 3, threads: 1);
        IActorRef network = Sys.ActorOf(NetworkActor.Props(new ScenarioSchedule(_scenario), model, 3, learner.Experience), "remembering");
        network.Tell(new NetworkCommands.FollowPolicy(learner.Policy));
        long first = PlayEpisode(network).MessagesSent;
        int count = learner.Experience![2].Count;
        count.ShouldBeGreaterThan(0);

        EventFilter.Exception<ArgumentException>().ExpectOne(() => Agent(network, 2).Tell(Poison(2)));
        // Resolved by the restarted agent's answer.
        Agent(network, 2);
        learner.Experience[2].Count.ShouldBe(count);
        PlayEpisode(network).MessagesSent.ShouldBeInRange(0, first - 1);
    }

    /// <summary>Plays and learns; journals compare what a repeated episode decides and remembers with what was stored before the crash.</summary>
    /// <param name="prepare">Is given the network before its first episode.</param>
    private (List<EpisodeTrajectory> Episodes, byte[] Memory, List<string> Events) PlayRun(
        NetworkLearningOptions options, string name, bool hasJournal, Action<IActorRef> prepare)
    {
        NetworkModel model = new(options, _scenario.Topology);
        using PpoLearner learner = new(model, 3, threads: 1);
        IActorRef watcher = TestActor;
        IActorRef store = Sys.ActorOf(JournalsActor.Props($"{name}-", 1000, e => e.Message, watcher.Tell));
        List<string> events = [];
        IActorRef journals = Sys.ActorOf(Props.Create(() => new RecordingJournals(events, store)));
        TeamExperience? experience = learner.Experience;
        IActorRef network = Sys.ActorOf(NetworkActor.Props(new ScenarioSchedule(_scenario), model, 3, experience, hasJournal ? journals : null), name);
        network.Tell(new NetworkCommands.FollowPolicy(learner.Policy));
        AwaitStart(network);
        prepare(network);
        List<EpisodeTrajectory> episodes = [];
        for (int episode = 0; episode < options.Episodes; episode++)
        {
            network.Tell(new NetworkCommands.PlayEpisodes(episode, 1), TestActor);
            episodes.Add(ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience).Trajectories.Single());
            if (episodes.Count % options.EpisodesPerUpdate == 0)
            {
                learner.Train(episodes[^options.EpisodesPerUpdate..]);
                network.Tell(new NetworkCommands.FollowPolicy(learner.Policy));
            }
        }
        journals.Tell(JournalCommands.Settle.Instance, TestActor);
        ExpectMsg<JournalEvents.Settled>(Patience);
        experience!.Count.ShouldBeGreaterThan(0);
        experience.Mark();
        using MemoryStream memory = new();
        experience.WriteMark(memory);
        events.Sort(StringComparer.Ordinal);
        return (episodes, memory.ToArray(), events);
    }

    /// <summary>The round of a horizon in a run without crashes; an episode's end is a round too.</summary>
    private static int RoundOf(NetworkLearningOptions options, int episode, int horizon) => episode * (options.Horizons + 1) + horizon + 1;

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
        network.Tell(new NetworkCommands.PlayEpisodes(0, 1), TestActor);
        return ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience);
    }

    private IActorRef Agent(IActorRef network, int link) =>
        Sys.ActorSelection(network.Path / $"link-{link}").ResolveOne(Patience).Result;

    /// <summary>A state that no agent of this model can have sent: too short, and for a round that never comes.</summary>
    private LinkAgentCommands.ReceiveHiddenState Poison(int link) =>
        new(new LinkId(link), new LinkId(_model.Predecessors(link)[0]), int.MaxValue, 0, [1f]);

    /// <summary>Notes what is stored, numbered events once, and has it stored.</summary>
    private sealed class RecordingJournals : ReceiveActor
    {
        public RecordingJournals(List<string> events, IActorRef journals)
        {
            Receive<JournalCommands.Store>(store =>
            {
                string line = $"{store.Agent} {JournalFormat.TypeOf(store.Event)} {store.Event.Step} {EncodedEvent.Of(store.Event).Digest}";
                if (store.Event.Step < 0 || !events.Contains(line))
                {
                    events.Add(line);
                }
                journals.Forward(store);
            });
            Receive<JournalCommands.Settle>(journals.Forward);
        }
    }
}
