using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Learners;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Tests.Crashes;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;

namespace AkkaLb.Agents.Tests.DataCenter;

/// <summary>Actors of an episode that crash at any message leave its result and its journal as they are without the crash.</summary>
public sealed class DataCenterCrashTests() : DataCenterTestKit(CrashingMailbox.Hocon)
{
    private const int CrashesOfAnEpisode = 4;

    private readonly List<string> _failures = [];

    public static TheoryData<string, string> Kinds
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string policy in (string[])["ecmp", "sed", "lsq", "prequal", "oracle"])
            {
                foreach (string kind in (string[])["load-balancer-", "server-", "traffic", "data-centre"])
                {
                    data.Add(policy, kind);
                }
            }
            return data;
        }
    }

    private static DataCenterModel Model => Eventful with { ControlPeriod = Ticks.PerSecond / 2 };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Episode_ActorsCrash_IsTheSameEpisode(string policy, string kind)
    {
        CrashPlan plan = CrashPlan.Of(Sys);
        AgentJournal calm = StoredEvents.Journal("calm/", _failures), crashing = StoredEvents.Journal("crashing/", _failures);
        SimulationOptions options = new(policy, 5) { RecordReplies = true };
        plan.Begin();
        SimulationResult expected = PlayEpisode(() => options, calm).Result;
        plan.Begin(plan.Draw(kind, CrashesOfAnEpisode, seed: 1));
        SimulationResult played = PlayEpisode(() => options, crashing).Result;

        plan.Crashes.ShouldBeGreaterThan(0);
        plan.Begin();
        Describe(played).ShouldBe(Describe(expected));
        string[] stored = [.. Stored(crashing, "test.0")];
        stored.ShouldBe(Stored(calm, "test.0"));
        stored.ShouldAllBe(line => line.StartsWith("connections-opened/1 ", StringComparison.Ordinal));
        stored.Length.ShouldBe(Model.LoadBalancers);
        _failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DataCenterMethod.DistrLb)]
    [InlineData(DataCenterMethod.QMixLb)]
    public void Training_ActorsCrash_LearnsTheSameBitsFromTheSameEpisodes(DataCenterMethod method)
    {
        CrashPlan plan = CrashPlan.Of(Sys);
        plan.Begin();
        (string expected, string[] calm) = Train("calm/");
        plan.Begin(
            [
                .. plan.Draw("load-balancer-", 3, 1), .. plan.Draw("server-", 2, 1), .. plan.Draw("traffic", 1, 1),
                .. plan.Draw("data-centre", 2, 1),
            ]);
        (string learnt, string[] stored) = Train("crashing/");

        plan.Crashes.ShouldBeGreaterThan(4);
        learnt.ShouldBe(expected);
        stored.ShouldBe(calm);
        stored.Length.ShouldBe(2 * 4 * Model.LoadBalancers);
        _failures.ShouldBeEmpty();

        (string Learnt, string[] Stored) Train(string prefix)
        {
            using DataCenterTrainer trainer = new(
                new DataCenterLearningOptions
                {
                    Method = method, Episodes = 4, WarmUpEpisodes = 2, UpdatesPerEpisode = 2, Batch = 3, SequenceLength = 4, BurnIn = 2,
                    Hidden = 5,
                },
                Model.LoadBalancers, Model.Servers.Count, Model.LastMoment, seed: 5, threads: 1);
            AgentJournal journal = StoredEvents.Journal(prefix, _failures);
            IActorRef team = Sys.ActorOf(LearningTeamActor.Props(trainer.Learners));
            while (!trainer.IsFinished)
            {
                DataCenterEvents.EpisodePlayed played = PlayEpisode(
                    () => new SimulationOptions(DispatchPolicies.Weighted, 5, (ulong)trainer.Episode) { Controllers = trainer.Begin() },
                    journal, $"training.{trainer.Episode}", handsOver: true);
                team.Tell(new LearnerCommands.LearnEpisode(played.Parts), TestActor);
                LearnerEvents.TeamLearnt learnt = ExpectMsg<LearnerEvents.TeamLearnt>(Patience);
                trainer.Complete(played.Result.Jobs.Count, [.. learnt.Learners.Select(l => l.Statistics).OfType<LearnerStatistics>()]);
            }
            using MemoryStream stream = new();
            DataCenterCheckpoint.WriteWeights(trainer, stream);
            DataCenterCheckpoint.WriteOptimiser(trainer, stream);
            DataCenterCheckpoint.WriteReplay(trainer, stream);
            return (
                Convert.ToHexString(stream.ToArray()),
                [.. Enumerable.Range(0, 4).SelectMany(episode => Stored(journal, $"training.{episode}"))]);
        }
    }

    [Fact]
    public void Episode_PlayedAgainOtherwise_FailsAndNamesTheLoadBalancer()
    {
        AgentJournal journal = StoredEvents.Journal("", _failures);
        PlayEpisode(() => new SimulationOptions("sed", 5), journal);
        Start(Eventful, () => new SimulationOptions("sed", 6), journal).Tell(PlayCommands.StartPlay.Instance, TestActor);

        ExpectMsg<PlayEvents.PlayFailed>(Patience).Reason.ShouldMatch(
            "^load-balancer-[012].test.0: connections-opened/1 0 differs from the one in the journal$");
    }

    private DataCenterEvents.EpisodePlayed PlayEpisode(
        Func<SimulationOptions> options, AgentJournal journal, string episode = "test.0", bool handsOver = false)
    {
        Start(Model, options, journal, handsOver, episode).Tell(PlayCommands.StartPlay.Instance, TestActor);
        return ExpectMsg<DataCenterEvents.EpisodePlayed>(Patience);
    }

    private IEnumerable<string> Stored(AgentJournal journal, string episode) => Enumerable.Range(0, Model.LoadBalancers)
        .SelectMany(i => this.Read(journal, LoadBalancerJournal.Agent(new LoadBalancerId(i), episode)));
}
