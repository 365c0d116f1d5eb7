using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

public sealed class AsynchronousNetworkTests() : TestKit(AsynchronousRuns.System)
{
    [Theory]
    [InlineData("4-node", 1000, false)]
    [InlineData("4-node", 0, false)]
    [InlineData("abilene", 250, false)]
    [InlineData("4-node", 1000, true)]
    [InlineData("4-node", 0, true)]
    [InlineData("abilene", 250, true)]
    public void Run_StaticFlowsAndEqualLatencies_IsASynchronousEpisode(string topology, long latency, bool pushes)
    {
        NetworkTimeline timeline = Scenarios.CreateTimeline(topology, "{}");
        NetworkModel model = new(Scenarios.Options(NetworkMethod.Samaroh) with { Horizons = 6 }, timeline.Topology);
        using PpoLearner learner = new(model, 5, threads: 1);
        EpisodeTrajectory episode = PlayEpisode(timeline, model);

        AsynchronousScenario scenario = AsynchronousRuns.Scenario(timeline, model, until: 1000) with { Latency = (latency, latency) };
        scenario = scenario with { Agents = scenario.Agents with { Patience = pushes ? 2 * latency + 1 : null } };
        SliceRecorder recorder = Play(scenario, model, learner);

        recorder.Samples.Select(s => s.Phi).ShouldBe(episode.Objective);
        recorder.Decisions.Count.ShouldBe(model.LinkCount * 6);
        foreach (AsynchronousEvents.WeightSet decided in recorder.Decisions)
        {
            decided.Action.ShouldBe(episode.Choices(decided.Horizon - 1)[decided.Link.Index]);
            decided.LogProbability.ShouldBe(episode.LogProbabilities(decided.Horizon - 1)[decided.Link.Index]);
        }
        recorder.Decisions.GroupBy(d => d.Link.Index).OrderBy(g => g.Key).Select(g => g.Last().Weight).ShouldBe(episode.FinalWeights);
        NetworkSample last = recorder.Samples[^1];
        last.States.ShouldBe((long)model.MessagesPerExchange * model.MessageIterations * 6);
        last.Requests.ShouldBe(pushes ? 0 : last.States);
        last.Time.ShouldBe(6 * (pushes ? 1 : 2) * latency * model.MessageIterations);
    }

    [Fact]
    public void Run_StaticFlowsAndMemories_IsASynchronousEpisodeOfAgentsThatSwitchAlone()
    {
        NetworkTimeline timeline = Scenarios.CreateTimeline("4-node", "{}");
        NetworkLearningOptions options = Scenarios.Options(NetworkMethod.Samaroh) with { Horizons = 6,
            Memory = new ExperienceOptions { Deltas = [0.5] } };
        NetworkModel model = new(options, timeline.Topology);
        using PpoLearner learner = new(model, 5, threads: 1);
        EpisodeTrajectory episode = PlayEpisode(timeline, model);

        // Without latency a familiar agent's weight comes into force with those of the others.
        SliceRecorder recorder = Play(AsynchronousRuns.Scenario(timeline, model, until: 1000) with { Latency = (0, 0) }, model, learner);

        recorder.Samples.Select(s => s.Phi).ShouldBe(episode.Objective);
        recorder.Decisions.GroupBy(d => d.Link.Index).OrderBy(g => g.Key).Select(g => g.Last().Weight).ShouldBe(episode.FinalWeights);
        recorder.Samples[^1].States.ShouldBe(episode.MessagesSent);
        recorder.Samples[^1].Requests.ShouldBe(episode.RequestsSent);
        episode.MessagesSent.ShouldBeInRange(1, (long)model.MessagesPerExchange * model.MessageIterations * 6 - 1);
    }

    [Fact]
    public void Run_OtherSeed_IsAnotherRun()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            SliceRecorder one = Play(scenario, model, learner), again = Play(scenario, model, learner), other = Play(
                scenario, model, learner, seed: 6);
            again.Samples.ShouldBe(one.Samples);
            again.Decisions.ShouldBe(one.Decisions);
            other.Decisions.ShouldNotBe(one.Decisions);
        }
    }

    [Fact]
    public void Run_LinkFailsAndReturns_FlowsMoveAtOnceAndAgentsWakeUp()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            SliceRecorder recorder = Play(scenario, model, learner);

            NetworkSample[] changes = [.. recorder.Samples.Where(s => s.IsChange)];
            changes.Select(s => (s.Time, s.Change, s.LinksUp)).ShouldBe([(30_000L, 1, 6), (60_000, 2, 8)]);
            recorder.Samples.ShouldAllBe(s => s.LinksUp == (s.Time >= 30_000 && s.Time < 60_000 ? 6 : 8) && s.Waiting == 0);
            NetworkSample before = recorder.Samples.Last(s => s.Time < 30_000);
            changes[0].Phi.ShouldNotBe(before.Phi);
            changes[1].Horizons.ShouldBeGreaterThan(before.Horizons);
            // The budget of every agent, after the start and after each change.
            recorder.Samples[^1].Horizons.ShouldBeInRange(model.LinkCount, 3L * model.LinkCount * scenario.Agents.Budget);
            recorder.Decisions.ShouldAllBe(d => double.IsFinite(d.Weight) && d.Weight > 0);
        }
    }

    /// <summary>However the run is sliced: what the network has noted is part of what it stores.</summary>
    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public void Run_KeepsBest_RestsWhereTheObjectiveWasLowestSinceTheChange(int sliceLength)
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            // Long enough to wander, and to rest before the next change.
            scenario = scenario with { Agents = scenario.Agents with { Threshold = 0, SampleShare = 1, Budget = 40 }, Latency = (10, 90) };
            SliceRecorder wandering = Play(scenario, model, learner);
            SliceRecorder recorder = Play(scenario with { KeepsBest = true, SliceLength = sliceLength }, model, learner);
            IGrouping<int, NetworkSample>[] changes = [.. recorder.Samples.GroupBy(s => s.Change)];
            changes.Select(change => change.Key).ShouldBe([0, 1, 2]);
            changes.ShouldAllBe(change => change.Last().Phi == change.Min(s => s.Phi));
            // So that this shows something.
            wandering.Samples.GroupBy(s => s.Change).ShouldContain(change => change.Last().Phi > change.Min(s => s.Phi));
            // Until they rest for the first time, agents are left alone.
            recorder.Samples.TakeWhile(s => s.Change == 0).SkipLast(1).ShouldBe(wandering.Samples.TakeWhile(s => s.Change == 0));
        }
    }

    /// <summary>Each round is a whole budget for all, from the best weights so far; however the run is sliced.</summary>
    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public void Run_Rounds_EachBeginsAtTheBestSoFar(int sliceLength)
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            scenario = scenario with
            {
                Agents = scenario.Agents with
                {
                    Threshold = 0, SampleShare = 1, Budget = 12, LaterBudget = 12, LaterTemperature = 1,
                },
                Latency = (10, 90), KeepsBest = true,
            };
            SliceRecorder once = Play(scenario, model, learner);
            SliceRecorder recorder = Play(
                scenario with { Agents = scenario.Agents with { Rounds = 3 }, SliceLength = sliceLength }, model, learner);
            IGrouping<int, NetworkSample>[] changes = [.. recorder.Samples.GroupBy(s => s.Change)];
            long budget = 12L * model.LinkCount;
            changes.Select(change => change.Last().Horizons).ShouldBe([3 * budget, 6 * budget, 9 * budget]);
            foreach (NetworkSample[] change in changes.Select(change => change.ToArray()))
            {
                change[^1].Phi.ShouldBe(change.Min(s => s.Phi));
                foreach (int round in new[] { 1, 2 })
                {
                    long decided = change[0].Horizons + round * budget;
                    NetworkSample begun = change.Last(s => s.Horizons == decided);
                    begun.Phi.ShouldBe(change.Where(s => s.Horizons <= decided).Min(s => s.Phi));
                }
            }

            // The first round is what it is without others, and others find better weights.
            recorder.Samples.TakeWhile(s => s.Horizons < budget).ShouldBe(once.Samples.TakeWhile(s => s.Horizons < budget));
            recorder.Samples[^1].Phi.ShouldBeLessThan(once.Samples[^1].Phi);
        }
    }

    /// <summary>
    /// The change itself is under the weights in force; at the same moment all begin again from the initial ones, as a run that starts
    /// there does; and in the end the better of both is in force. However the run is sliced.
    /// </summary>
    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public void Run_Restarts_BeginsAgainAtTheInitialWeightsAndEndsAtTheBest(int sliceLength)
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            scenario = scenario with
            {
                Agents = scenario.Agents with { Threshold = 0, SampleShare = 0, Budget = 8 }, Latency = (10, 90), KeepsBest = true,
                SliceLength = sliceLength,
            };
            SliceRecorder kept = Play(scenario, model, learner), recorder = Play(scenario with { Restarts = true }, model, learner);
            NetworkSample[][] changes = [.. recorder.Samples.GroupBy(s => s.Change).Select(change => change.ToArray())];
            changes.Length.ShouldBe(3);
            recorder.Samples.TakeWhile(s => s.Change == 0).ShouldBe(kept.Samples.TakeWhile(s => s.Change == 0));
            changes[1][0].ShouldBe(kept.Samples.First(s => s.Change == 1));
            foreach (NetworkSample[] change in changes[1..])
            {
                (change[0].IsChange, change[1].IsChange, change[1].Time).ShouldBe((true, false, change[0].Time));
                NetworkEnvironment initial = new(new NetworkScenario(
                    scenario.Timeline.Topology, scenario.Timeline.At(change[0].Time / 1000), scenario.InitialWeights, scenario.Objective));
                change[1].Phi.ShouldBe(initial.Phi);
                (change[^1].Horizons - change[1].Horizons).ShouldBe(8 * model.LinkCount);
                change[^1].Phi.ShouldBe(change.Min(s => s.Phi));
            }
        }
    }

    /// <summary>Whatever the agents are at when the time is up.</summary>
    [Fact]
    public void Run_KeepsBest_EndsAtTheBest()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            int worse = 0;
            for (long until = 5; until <= 25; until += 2)
            {
                AsynchronousScenario cut = scenario with
                {
                    Until = until, Agents = scenario.Agents with { Threshold = 0, SampleShare = 1, Budget = 100 },
                };
                List<NetworkSample> free = Play(cut, model, learner).Samples;
                worse += free[^1].Phi > free.Min(s => s.Phi) ? 1 : 0;
                List<NetworkSample> kept = Play(cut with { KeepsBest = true }, model, learner).Samples;
                kept[^1].Phi.ShouldBe(kept.Min(s => s.Phi));
            }
            // So that this shows something.
            worse.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void Run_LaterRounds_SampleAtTheirTemperature()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            IReadOnlyList<AsynchronousEvents.WeightSet> Decide(int rounds, double temperature) => Play(
                scenario with
                {
                    Until = 25, Latency = (10, 90), KeepsBest = true,
                    Agents = scenario.Agents with
                    {
                        Threshold = 0, SampleShare = 0, Budget = 4, Rounds = rounds, LaterBudget = 6, LaterTemperature = temperature,
                    },
                },
                model, learner).Decisions;
            IReadOnlyList<AsynchronousEvents.WeightSet> once = Decide(1, 1), cold = Decide(2, 1e-9), hot = Decide(2, 1e6);
            once.Count.ShouldBe(4 * model.LinkCount);
            cold.Count.ShouldBe(10 * model.LinkCount);
            cold.Take(once.Count).ShouldBe(once);
            hot.Take(once.Count).ShouldBe(once);
            cold.Skip(once.Count).ShouldAllBe(set => set.LogProbability > -1e-4f);
            hot.Skip(once.Count).ShouldAllBe(set => Math.Abs(set.LogProbability + Math.Log(model.ActionCount)) < 1e-4);
        }
    }

    /// <summary>A round wakes agents that wait for a change of their load, though it changes none.</summary>
    [Fact]
    public void Run_RoundsWithAThreshold_EachOpensABurst()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            SliceRecorder recorder = Play(
                scenario with
                {
                    Agents = scenario.Agents with { Threshold = 100, Burst = 4, Rounds = 5 }, KeepsBest = true, Latency = (10, 90),
                },
                model, learner);
            recorder.Decisions.GroupBy(d => d.Link.Index).Select(g => g.Count()).ShouldBe(Enumerable.Repeat(5 * 4, model.LinkCount));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_HighThreshold_OnlyTheFirstLoadOpensABurstOfHorizons(int burst)
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            SliceRecorder recorder = Play(
                scenario with { Agents = scenario.Agents with { Threshold = 100, Burst = burst } }, model, learner);
            recorder.Decisions.GroupBy(d => d.Link.Index).Select(g => g.Count()).ShouldBe(Enumerable.Repeat(burst, model.LinkCount));
        }
    }

    [Fact]
    public void Run_LargestRatio_KeepsTheWeightsOfANodeTogether()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            double Ratio(double largest) => Play(
                scenario with { Agents = scenario.Agents with { Burst = 20, Budget = 20, LargestRatio = largest } }, model, learner)
                .Decisions.GroupBy(d => d.Link).Select(g => (Node: model.Topology.Links[g.Key.Index].From, g.Last().Weight))
                .GroupBy(w => w.Node).Max(node => node.Max(w => w.Weight) / node.Min(w => w.Weight));
            Ratio(1e100).ShouldBeGreaterThan(2.5);
            Ratio(2).ShouldBeLessThanOrEqualTo(2.5);
        }
    }

    [Fact]
    public void Run_Cooldown_KeepsDecisionsOfAnAgentApart()
    {
        (AsynchronousScenario scenario, NetworkModel model, PpoLearner learner) = AsynchronousRuns.Failing();
        using (learner)
        {
            AsynchronousScenario slow = scenario with { Agents = scenario.Agents with { Threshold = 0, Cooldown = 20_000, Budget = 100 } };
            SliceRecorder recorder = Play(slow, model, learner);
            // 90 ms at no less than 20 ms each.
            recorder.Decisions.GroupBy(d => d.Link).ShouldAllBe(g => g.Count() >= 2 && g.Count() <= 5);
        }
    }

    /// <summary>The first episode of a trainer that has learnt nothing yet.</summary>
    private static EpisodeTrajectory PlayEpisode(NetworkTimeline timeline, NetworkModel model)
    {
        NetworkScenario scenario = new(timeline.Topology, timeline.At(0), ChannelWeights.Uniform(timeline.Topology), Objective.Variance);
        using PpoLearner learner = new(model, 5, threads: 1);
        return new NetworkTrainer(new ScenarioSchedule(scenario), learner).RunBlock(CancellationToken.None).Episodes[0];
    }

    private SliceRecorder Play(AsynchronousScenario scenario, NetworkModel model, PpoLearner learner, ulong seed = 5) =>
        AsynchronousRuns.Play(
            this, recorder => AsynchronousNetworkActor.Props(scenario, model, learner.Policy, learner.Experience?.Save(), seed, recorder));
}
