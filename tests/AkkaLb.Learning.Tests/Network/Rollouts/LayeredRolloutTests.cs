using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network.Rollouts;

public class LayeredRolloutTests
{
    private static readonly NetworkLearningOptions Plain = new()
    {
        Horizons = 6, EpisodesPerUpdate = 8, Episodes = 24, MessageIterations = 2, ActorLearningRate = 2e-3, CriticLearningRate = 2e-3,
    };

    private static readonly NetworkLearningOptions Layered = Plain with { Memory = new ExperienceOptions { Deltas = [0.05],
        MaxPolicyAge = null } };

    private static readonly ExperienceOptions Published = new()
    {
        Representatives = RepresentativeSelection.Reference, Switching = LayerSwitching.Team, Recalls = MemoryRecalls.Memory,
        MaxPolicyAge = null,
    };

    private static readonly NetworkScenario Scenario = Scenarios.MadeUp("4-node");

    public static TheoryData<NetworkMethod, LayerSwitching, RepresentativeSelection> Cases => new()
    {
        { NetworkMethod.Samaroh, LayerSwitching.PerAgent, RepresentativeSelection.DeltaNet },
        { NetworkMethod.Samaroh, LayerSwitching.Team, RepresentativeSelection.DeltaNet },
        { NetworkMethod.Samaroh, LayerSwitching.PerAgent, RepresentativeSelection.Clusters },
        { NetworkMethod.Samaroh, LayerSwitching.Team, RepresentativeSelection.Reference },
        { NetworkMethod.Maroh, LayerSwitching.PerAgent, RepresentativeSelection.DeltaNet },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_MemoryThatIsNeverUsed_PlaysAsWithoutMemory(
        NetworkMethod method, LayerSwitching switching, RepresentativeSelection selection)
    {
        using var plain = new NetworkTrainer(Scenario, Plain with { Method = method }, 3);
        ExperienceOptions memory = Layered.Memory! with { UseProbability = 0, Switching = switching, Representatives = selection };
        using var layered = new NetworkTrainer(Scenario, Layered with { Method = method, Memory = memory }, 3);
        while (!plain.IsFinished)
        {
            IReadOnlyList<EpisodeTrajectory> expected = plain.RunBlock().Episodes, actual = layered.RunBlock().Episodes;
            for (int i = 0; i < expected.Count; i++)
            {
                actual[i].Objective.ShouldBe(expected[i].Objective);
                actual[i].Observations.ToArray().ShouldBe(expected[i].Observations.ToArray());
                actual[i].MessagesSent.ShouldBe(expected[i].MessagesSent);
                actual[i].TeamExchanges.ShouldBe(expected[i].TeamExchanges);
            }
        }
    }

    [Fact]
    public void Run_RecallsFromAMemoryThatIsNeverUsed_LearnAsWithoutMemory()
    {
        using var plain = new NetworkTrainer(Scenario, Plain, 3);
        using var layered = new NetworkTrainer(Scenario, Plain with { Memory = Published with { UseProbability = 0 } }, 3);
        while (!plain.IsFinished)
        {
            TrainingBlock expected = plain.RunBlock(), actual = layered.RunBlock();
            actual.Update.ShouldBe(expected.Update);
            actual.Episodes.ShouldAllBe(e => e.RecallExchanges == 3 * 6 * 2);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Run_RecallsFromMemory_SaveExchangesAndDoNotDependOnThreads(double useProbability)
    {
        NetworkLearningOptions options = Plain with { Memory = Published with { Deltas = [0.02], Size = 8,
            UseProbability = useProbability } };
        using var one = new NetworkTrainer(Scenario, options, 3, threads: 1);
        using var two = new NetworkTrainer(Scenario, options, 3, threads: 2);
        List<EpisodeTrajectory> episodes = [];
        while (!one.IsFinished)
        {
            TrainingBlock block = one.RunBlock();
            two.RunBlock().Update.ShouldBe(block.Update);
            episodes.AddRange(block.Episodes);
        }

        long possible = episodes.Count * 3 * 6 * 2;
        episodes.Sum(e => e.RecallExchanges).ShouldBeInRange(1, possible - 1);
        episodes.ShouldContain(
            e => e.RecallExchanges != 3 * e.TeamExchanges, "the memory changes between playing and passing through again");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_SavesExchangesAndCountsThem(NetworkMethod method, LayerSwitching switching, RepresentativeSelection selection)
    {
        NetworkLearningOptions options = Layered with
        {
            Method = method, Memory = Layered.Memory! with { Switching = switching, Representatives = selection, Deltas = [0.3] },
        };
        using var trainer = new NetworkTrainer(Scenario, options, 3);
        List<EpisodeTrajectory> episodes = [];
        while (!trainer.IsFinished)
        {
            episodes.AddRange(trainer.RunBlock().Episodes);
        }

        long perExchange = trainer.Model.MessagesPerExchange, possible = options.Horizons * trainer.Model.MessageIterations;
        episodes.Sum(e => e.MessagesSent).ShouldBeLessThan(episodes.Count * possible * perExchange);
        foreach (EpisodeTrajectory episode in episodes)
        {
            episode.TeamExchanges.ShouldBeInRange(0, possible);
            episode.MessagesSent.ShouldBeInRange(0, episode.TeamExchanges * perExchange);
            if (switching == LayerSwitching.Team)
            {
                episode.MessagesSent.ShouldBe(episode.TeamExchanges * perExchange);
                episode.RequestsSent.ShouldBe(0);
            }
            else
            {
                episode.RequestsSent.ShouldBe(episode.MessagesSent);
            }
        }
    }

    [Fact]
    public void Run_FromAMark_GoesOnWithTheSameBits()
    {
        using var straight = new NetworkTrainer(Scenario, Layered, 9);
        using var stopped = new NetworkTrainer(Scenario, Layered, 9);
        straight.RunBlock();
        stopped.RunBlock();
        using var file = new MemoryStream();
        stopped.Learner.Experience!.WriteMark(file);

        // Whatever the memory has seen since the mark is forgotten by restoring it.
        _ = new LayeredRollout(stopped.Model, new ScenarioSchedule(Scenario), 9, stopped.Learner.Experience).Run(
            stopped.Learner.Policy, 99, 3, default);
        file.Position = 0;
        stopped.Learner.Experience.Restore(file, "memory.bin");

        Phi(stopped.RunBlock()).ShouldBe(Phi(straight.RunBlock()));
        stopped.Learner.Experience.Count.ShouldBe(straight.Learner.Experience!.Count);
    }

    [Fact]
    public void RunBlock_Cancelled_LeavesTheMemoryAsItWas()
    {
        using var expected = new NetworkTrainer(Scenario, Layered, 9);
        using var trainer = new NetworkTrainer(Scenario, Layered, 9);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => trainer.RunBlock(cancelled.Token));
        Phi(trainer.RunBlock()).ShouldBe(Phi(expected.RunBlock()));
    }

    private static double[] Phi(TrainingBlock block) => [.. block.Episodes.SelectMany(episode => episode.Objective)];
}
