using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network;

namespace AkkaLb.Agents.Tests.Network;

public sealed class LinkAgentCrashTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly NetworkScenario _scenario = Scenarios.Create("4-node");
    private readonly NetworkModel _model;
    private readonly PpoLearner _learner;

    public LinkAgentCrashTests()
        : base("akka.loglevel = WARNING\nakka.test.filter-leeway = 1m")
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
        EpisodeTrajectory expected = PlayEpisode(Start("calm")).Trajectory;

        IActorRef network = Start("crashing");
        network.Tell(new NetworkCommands.PlayEpisode(0), TestActor);
        IActorRef agent = Agent(network, 2);
        EventFilter.Exception<ArgumentException>().ExpectOne(() => agent.Tell(Poison(2)));
        NetworkEvents.EpisodePlayed played = ExpectMsg<NetworkEvents.EpisodePlayed>(Patience);

        played.Trajectory.Objective.ShouldBe(expected.Objective);
        played.Trajectory.FinalWeights.ShouldBe(expected.FinalWeights);
    }

    [Fact]
    public void Episode_AgentCrashedBefore_IsPlayedWithTheRestartedAgent()
    {
        IActorRef network = Start("network");
        EpisodeTrajectory expected = PlayEpisode(network).Trajectory;
        EventFilter.Exception<ArgumentException>().ExpectOne(() => Agent(network, 5).Tell(Poison(5)));
        PlayEpisode(network).Trajectory.Objective.ShouldBe(expected.Objective);
    }

    [Fact]
    public void Episode_AgentCrashesOverAndOver_FailsWithTheLinksName()
    {
        IActorRef network = Start("broken");
        IActorRef agent = Agent(network, 0);
        EventFilter.Exception<ArgumentException>().Expect(NetworkActor.MaxRestarts + 1, () =>
        {
            network.Tell(new NetworkCommands.PlayEpisode(0), TestActor);
            for (int i = 0; i <= NetworkActor.MaxRestarts; i++)
            {
                agent.Tell(Poison(0));
            }
        });
        ExpectMsg<NetworkEvents.EpisodeFailed>(Patience).Reason.ShouldContain(_scenario.Topology.Describe(new LinkId(0)));
    }

    [Fact]
    public void Episode_AgentWithMemoryCrashes_IsPlayedOnWithABlankOne()
    {
        NetworkLearningOptions options = _model.Options with { Memory = new ExperienceOptions { Deltas = [0.3] } };
        NetworkModel model = new(options, _scenario.Topology);
        using PpoLearner learner = new(model, 3, threads: 1);
        IActorRef network = Sys.ActorOf(NetworkActor.Props(new ScenarioSchedule(_scenario), model, 3, learner.Experience), "remembering");
        network.Tell(new NetworkCommands.FollowPolicy(learner.Policy));
        long first = PlayEpisode(network).MessagesSent;
        AgentExperience lost = learner.Experience![2];
        lost.Count.ShouldBeGreaterThan(0);

        EventFilter.Exception<ArgumentException>().ExpectOne(() => Agent(network, 2).Tell(Poison(2)));
        // Resolved by the restarted agent's answer.
        Agent(network, 2);
        learner.Experience[2].ShouldNotBe(lost);
        learner.Experience[2].Count.ShouldBe(0);
        PlayEpisode(network).MessagesSent.ShouldBeInRange(1, first);
        learner.Experience[2].Count.ShouldBeGreaterThan(0);
    }

    private IActorRef Start(string name)
    {
        IActorRef network = Sys.ActorOf(NetworkActor.Props(_scenario, _model, 3), name);
        network.Tell(new NetworkCommands.FollowPolicy(_learner.Policy));
        // Its answer proves that it has started, and so that its agents exist.
        network.Tell(new Identify(name), TestActor);
        ExpectMsg<ActorIdentity>(Patience);
        return network;
    }

    private NetworkEvents.EpisodePlayed PlayEpisode(IActorRef network)
    {
        network.Tell(new NetworkCommands.PlayEpisode(0), TestActor);
        return ExpectMsg<NetworkEvents.EpisodePlayed>(Patience);
    }

    private IActorRef Agent(IActorRef network, int link) =>
        Sys.ActorSelection(network.Path / $"link-{link}").ResolveOne(Patience).Result;

    /// <summary>A state that no agent of this model can have sent: too short, and for a round that never comes.</summary>
    private LinkAgentCommands.ReceiveHiddenState Poison(int link) =>
        new(new LinkId(link), new LinkId(_model.Predecessors(link)[0]), int.MaxValue, 0, [1f]);
}
