using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Tests.Journals;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Tests.Network;

/// <summary>Agents and networks are killed at any moment: the run ends as if nothing had happened, and so does its journal.</summary>
public sealed class KilledActorsTests() : Akka.TestKit.Xunit2.TestKit(
    """
    akka {
      loglevel = ERROR, stdout-loglevel = OFF, loggers = []
      persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    }
    """ + WireBindings.Hocon)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ScenarioSchedule _scenarios = new(Scenarios.Create("4-node"));

    public static TheoryData<NetworkMethod, bool, bool, ulong> Runs => new()
    {
        { NetworkMethod.Samaroh, false, true, 1 },
        { NetworkMethod.Samaroh, false, false, 2 },
        { NetworkMethod.Maroh, false, true, 3 },
        { NetworkMethod.Samaroh, true, true, 4 },
        { NetworkMethod.Samaroh, true, false, 5 },
        { NetworkMethod.Maroh, true, true, 6 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Run_ActorsAreKilled_EndsAsIfNoneHadBeen(NetworkMethod method, bool hasMemory, bool hasJournal, ulong seed)
    {
        NetworkLearningOptions options = Scenarios.Options(method) with
        {
            Episodes = 30,
            Memory = hasMemory ? new ExperienceOptions { Deltas = [0.1], Size = 6 } : null,
        };
        Outcome calm = Play(options, hasJournal ? "calm" : null, seed, kills: 0);
        Outcome killed = Play(options, hasJournal ? "killed" : null, seed, kills: 20);
        ShouldBeTheSame(killed, calm);
    }

    /// <summary>The published form of memory, which the learner changes too.</summary>
    /// <param name="snapshotEvery">1: agents come back from a snapshot at every block.</param>
    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public void Run_ActorsAreKilledWhileTheLearnerRecalls_EndsAsIfNoneHadBeen(int snapshotEvery)
    {
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with
        {
            Episodes = 30,
            Memory = new ExperienceOptions
            {
                Representatives = RepresentativeSelection.Reference, Switching = LayerSwitching.Team, Deltas = [0.3], Size = 6,
                Recalls = MemoryRecalls.Memory, MaxPolicyAge = null,
            },
        };
        Outcome calm = Play(options, "calm", 7, kills: 0, snapshotEvery), killed = Play(options, "killed", 7, kills: 20, snapshotEvery);
        ShouldBeTheSame(killed, calm);
        calm.Events.ShouldContain(line => line.Contains("memory-trained", StringComparison.Ordinal));
    }

    /// <summary>
    /// Another process goes on from each policy: agents come back from their journals alone, whatever they stored after it.
    /// </summary>
    [Theory]
    [InlineData(RepresentativeSelection.DeltaNet, 1000)]
    [InlineData(RepresentativeSelection.DeltaNet, 5)]
    [InlineData(RepresentativeSelection.Clusters, 1)]
    [InlineData(RepresentativeSelection.Reference, 1000)]
    public void Agents_OfAnotherProcess_ComeBackAtAnyBlock(RepresentativeSelection selection, int snapshotEvery)
    {
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with
        {
            Episodes = 18,
            Memory = new ExperienceOptions
            {
                Representatives = selection, Switching = LayerSwitching.Team, Deltas = [0.2], Size = 6,
                Recalls = selection == RepresentativeSelection.Reference ? MemoryRecalls.Memory : MemoryRecalls.Compute,
                MaxPolicyAge = selection == RepresentativeSelection.Reference ? null : 1,
            },
        };
        NetworkModel model = new(options, _scenarios.Of(0).Topology);
        RecordingObserver observer = new() { IsCheckpoint = episodes => episodes == 6 };
        AgentJournal journal = Journal("first", snapshotEvery);
        List<PolicyAndMemory> policies = [];
        Outcome played = Play(model, 3, journal, observer, kills: 0, learner => policies.Add(
            new PolicyAndMemory(learner.Policy, learner.Experience!.Save())));

        foreach (PolicyAndMemory from in policies.Where(
            p => p.Policy.Version is < 6 and >= 2 || snapshotEvery == 1000 && p.Policy.Version < 6))
        {
            IActorRef network = Sys.ActorOf(NetworkActor.Props(_scenarios, model, 3, journal));
            network.Tell(new NetworkCommands.FollowPolicy(from.Policy, from.Memory), TestActor);
            int first = (int)from.Policy.Version * options.EpisodesPerUpdate;
            for (int episode = first; episode < Math.Min(first + options.EpisodesPerUpdate, options.Episodes); episode++)
            {
                network.Tell(new NetworkCommands.PlayEpisodes(episode, 1), TestActor);
                ExpectMsg<NetworkEvents.EpisodesPlayed>(Patience).Trajectories[0].Objective.ShouldBe(played.Episodes[episode].Objective);
            }
            network.Tell(new NetworkCommands.StoreEpisodes(Math.Min(first + options.EpisodesPerUpdate, options.Episodes)), TestActor);
            ExpectMsg<NetworkEvents.EpisodesStored>(Patience);
            Watch(network);
            Sys.Stop(network);
            ExpectTerminated(network, Patience);
        }
        Events(model, journal).ShouldBe(played.Events);
    }

    [Fact]
    public void Agent_CheckpointHoldsAnotherMemory_SaysSo()
    {
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with
        {
            Memory = new ExperienceOptions { Deltas = [0.1] },
        };
        NetworkModel model = new(options, _scenarios.Of(0).Topology);
        AgentJournal journal = Journal("other", 1000);
        PolicyAndMemory? early = null, late = null;
        Play(model, 3, journal, new RecordingObserver(), kills: 0, learner =>
        {
            early ??= new PolicyAndMemory(learner.Policy, learner.Experience!.Save());
            late = new PolicyAndMemory(learner.Policy, learner.Experience!.Save());
        });
        IActorRef network = Sys.ActorOf(NetworkActor.Props(_scenarios, model, 3, journal));
        network.Tell(new NetworkCommands.FollowPolicy(early!.Policy, late!.Memory), TestActor);
        ExpectMsg<string>(Patience).ShouldMatch(
            "other/link-\\d: what it remembers before episode 3 is not what the run's checkpoint holds");
    }

    private Outcome Play(NetworkLearningOptions options, string? journal, ulong seed, int kills, int snapshotEvery = 1000) => Play(
        new NetworkModel(options, _scenarios.Of(0).Topology), seed, journal is null ? null : Journal(journal, snapshotEvery),
        new RecordingObserver { IsCheckpoint = _ => true }, kills);

    private Outcome Play(
        NetworkModel model, ulong seed, AgentJournal? journal, RecordingObserver observer, int kills, Action<PpoLearner>? updated = null)
    {
        using PpoLearner learner = new(model, seed, threads: 1);
        RandomStream random = new(seed, "kills");
        List<IActorRef> experiments = [];
        int expected = kills;
        TestProbe crashes = CreateTestProbe();
        Sys.EventStream.Subscribe(crashes, typeof(Error));
        observer.OnEpisode = episode =>
        {
            if (kills-- > 0)
            {
                // One in ten is the network itself. The message arrives while the next episodes are played.
                int link = random.NextInt32(model.LinkCount * 10 / 9);
                ActorPath network = experiments[0].Path / "network";
                Sys.ActorSelection(link < model.LinkCount ? network / $"link-{link}" : network).Tell(Kill.Instance);
            }
        };
        observer.OnUpdate = updated ?? (_ => { });
        experiments.Add(Sys.ActorOf(ExperimentActor.Props(
            model.Options.Episodes, 0, model.Options.EpisodesPerUpdate, NetworkLanes.Most(model),
            NetworkActor.Props(_scenarios, model, seed, journal),
            LearnerActor.Props(learner, observer, CancellationToken.None), observer)));
        Watch(experiments[0]);
        experiments[0].Tell(ExperimentCommands.StartExperiment.Instance, TestActor);
        ExpectMsg<ExperimentEvents.ExperimentFinished>(Patience).Episodes.ShouldBe(model.Options.Episodes);
        ExpectTerminated(experiments[0], Patience);
        Sys.EventStream.Unsubscribe(crashes);
        // Two that come together may find one actor that is not back yet.
        int crashed = 0;
        for (; crashes.HasMessages; crashed++)
        {
            crashes.ExpectMsg<Error>();
        }
        crashed.ShouldBeInRange(expected / 2, 2 * expected);
        byte[] memory = [.. learner.Experience?.Save().Agents.SelectMany(bytes => bytes) ?? []];
        return new Outcome(observer.Episodes, memory, journal is null ? [] : Events(model, journal), learner.Policy.All.ToArray());
    }

    private AgentJournal Journal(string name, int snapshotEvery)
    {
        IActorRef tester = TestActor;
        return new AgentJournal($"{name}/", snapshotEvery, e => e.Message, reason => tester.Tell(reason));
    }

    private List<string> Events(NetworkModel model, AgentJournal journal)
    {
        List<string> lines = [];
        for (int link = 0; link < model.LinkCount; link++)
        {
            string agent = LinkAgentJournal.Agent(new LinkId(link));
            Sys.ActorOf(JournalReaderActor.Props(journal, agent)).Tell(JournalReaderActor.Report, TestActor);
            lines.AddRange(ExpectMsg<JournalReaderActor.EventsReported>(Patience).Events
                .Select(e => $"{agent} {JournalFormat.ManifestOf(e)} {EncodedEvent.Of(e).Digest:x}"));
        }
        return lines;
    }

    private static void ShouldBeTheSame(Outcome actual, Outcome expected)
    {
        actual.Episodes.Select(e => e.Episode).ShouldBe(expected.Episodes.Select(e => e.Episode));
        actual.Episodes.SelectMany(e => e.Objective).ShouldBe(expected.Episodes.SelectMany(e => e.Objective));
        actual.Episodes.Select(e => (e.MessagesSent, e.RequestsSent)).ShouldBe(
            expected.Episodes.Select(e => (e.MessagesSent, e.RequestsSent)));
        actual.Policy.ShouldBe(expected.Policy);
        actual.Memory.ShouldBe(expected.Memory);
        actual.Events.ShouldBe(expected.Events);
    }

    private sealed record Outcome(List<EpisodeTrajectory> Episodes, byte[] Memory, List<string> Events, float[] Policy);

    private sealed record PolicyAndMemory(PolicySnapshot Policy, TeamMemory Memory);
}
