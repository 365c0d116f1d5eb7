using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.Network.Learners;

public class NetworkTrainerTests
{
    private static readonly NetworkLearningOptions Short = new()
    {
        Horizons = 6, EpisodesPerUpdate = 10, Episodes = 30, ActorLearningRate = 2e-3, CriticLearningRate = 2e-3,
    };

    public static TheoryData<string, NetworkMethod, ReadoutMode> Cases => new()
    {
        { "4-node", NetworkMethod.Samaroh, ReadoutMode.PerAgent },
        { "4-node", NetworkMethod.Samaroh, ReadoutMode.Reference },
        { "4-node", NetworkMethod.Maroh, ReadoutMode.PerAgent },
        { "abilene", NetworkMethod.Samaroh, ReadoutMode.PerAgent },
        { "abilene", NetworkMethod.Samaroh, ReadoutMode.Shared },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void RunBlock_AgentsPlayTheSameEpisodes_BitForBit(string topology, NetworkMethod method, ReadoutMode readout)
    {
        NetworkScenario scenario = Scenarios.MadeUp(topology);
        NetworkLearningOptions options = Short with { Method = method, Readout = readout, MessageIterations = 0 };
        using var trainer = new NetworkTrainer(scenario, options, seed: 7);
        using var learner = new PpoLearner(trainer.Model, seed: 7, threads: 1);
        var team = new AgentTeam(trainer.Model, scenario, seed: 7);
        while (!trainer.IsFinished)
        {
            EpisodeTrajectory[] played = [.. Enumerable.Range((int)trainer.Episode, 10).Select(
                number => team.Play(learner.Policy, number))];
            TrainingBlock block = trainer.RunBlock();
            for (int i = 0; i < played.Length; i++)
            {
                ShouldBeSame(played[i], block.Episodes[i]);
            }

            learner.Train(played).ShouldBe(block.Update);
        }

        learner.Policy.Version.ShouldBe(3);
        Values(learner).ShouldBe(Values(trainer.Learner));
    }

    [Fact]
    public void RunBlock_OneOrMoreThreads_GiveTheSameBits()
    {
        double[] expected = Phi(seed: 3, threads: 1);
        Phi(seed: 3, threads: 2).ShouldBe(expected);
        Phi(seed: 3, threads: 3).ShouldBe(expected);
        Phi(seed: 4, threads: 1).ShouldNotBe(expected, "another seed must give other episodes, or this test shows nothing");

        static double[] Phi(ulong seed, int threads)
        {
            using var trainer = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short, seed, threads);
            List<double> phi = [];
            while (!trainer.IsFinished)
            {
                TrainingBlock block = trainer.RunBlock();
                phi.AddRange(block.Episodes.SelectMany(episode => episode.Objective));
                phi.Add(block.Update!.GradientNorm);
            }

            return [.. phi, .. Values(trainer.Learner).Select(x => (double)x)];
        }
    }

    [Fact]
    public void RunBlock_Annealed_StartsAtTheFullRateAndEndsAtTheShare()
    {
        // Three updates at shares 1, 2/3 and 1/3 of the rates.
        using var constant = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short, seed: 1, threads: 1);
        using var annealed = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short with { AnnealTo = 0 }, seed: 1, threads: 1);
        constant.RunBlock();
        annealed.RunBlock();
        Values(annealed.Learner).ShouldBe(Values(constant.Learner));
        annealed.Learner.Minibatch.EntropyCoefficient.ShouldBe(Short.EntropyCoefficient);
        float[] before = Values(constant.Learner);
        constant.Learner.Train([Episodes.MadeUp(constant.Model, 10, version: 1)]);
        annealed.Learner.Train([Episodes.MadeUp(annealed.Model, 10, version: 1)]);
        annealed.Learner.Minibatch.EntropyCoefficient.ShouldBe(Short.EntropyCoefficient * 2 / 3, 1e-12);
        Distance(annealed).ShouldBeInRange(0.5 * Distance(constant), 0.8 * Distance(constant));

        double Distance(NetworkTrainer trainer) => Math.Sqrt(Values(trainer.Learner).Zip(before, (a, b) => Math.Pow(a - b, 2)).Sum());
    }

    [Fact]
    public void RunBlock_LastBlockNotFull_IsPlayedAndNotLearnt()
    {
        using var trainer = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short with { Episodes = 14 }, seed: 1, threads: 1);
        trainer.RunBlock().Update.ShouldNotBeNull();
        TrainingBlock last = trainer.RunBlock();
        last.Update.ShouldBeNull();
        last.Episodes.Select(episode => episode.Episode).ShouldBe([10, 11, 12, 13]);
        trainer.IsFinished.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => trainer.RunBlock());
    }

    [Fact]
    public void RunBlock_Cancelled_LeavesEverythingAsItWas()
    {
        using var trainer = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short, seed: 1, threads: 1);
        using var undisturbed = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short, seed: 1, threads: 1);
        trainer.RunBlock();
        undisturbed.RunBlock();
        Should.Throw<OperationCanceledException>(() => trainer.RunBlock(new CancellationToken(canceled: true)));
        using (var source = new CancellationTokenSource())
        {
            // Cancels in the middle of the update: the first measure is read when the block is loaded.
            TrainingBlock next = undisturbed.RunBlock();
            source.Cancel();
            Should.Throw<OperationCanceledException>(() => trainer.Learner.Train(next.Episodes, source.Token));
            trainer.RunBlock().Update.ShouldBe(next.Update);
        }

        Values(trainer.Learner).ShouldBe(Values(undisturbed.Learner));
    }

    /// <summary>Scenarios are made by the threads that play them: what happens there is told as it is on any number of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RunBlock_CancelledWhileAScenarioIsMade_EndsAsCancelled(int threads)
    {
        using var source = new CancellationTokenSource();
        using NetworkTrainer trainer = WithSecondScenario(threads, cancellation =>
        {
            source.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return Scenarios.MadeUp("4-node");
        });
        Should.Throw<OperationCanceledException>(() => trainer.RunBlock(source.Token));
        trainer.Episode.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RunBlock_AScenarioThatCannotBeMade_SaysWhy(int threads)
    {
        using NetworkTrainer trainer = WithSecondScenario(threads, _ => throw new InvalidInputException("mean load cannot be reached"));
        Should.Throw<InvalidInputException>(() => trainer.RunBlock()).Message.ShouldBe("mean load cannot be reached");
    }

    [Fact]
    public void RunBlock_SmallScenario_LearnsToBeatEcmp()
    {
        NetworkScenario scenario = Scenarios.MadeUp("4-node", flowsPerPair: 6, meanRate: 1.2e6);
        double ecmp = new NetworkEnvironment(scenario).Phi;
        using var trainer = new NetworkTrainer(
            scenario, new NetworkLearningOptions { Horizons = 10, Episodes = 450, EpisodesPerUpdate = 30, ActorLearningRate = 1e-3 },
            seed: 1);
        TrainingBlock first = trainer.RunBlock(), last = first;
        while (!trainer.IsFinished)
        {
            last = trainer.RunBlock();
        }

        double before = first.Episodes.Average(episode => episode.FinalObjective),
            after = last.Episodes.Average(episode => episode.FinalObjective);
        after.ShouldBeLessThan(0.8 * ecmp);
        after.ShouldBeLessThan(before);
    }

    [Fact]
    public void Train_EpisodeOfAnotherVersion_IsRefused()
    {
        using var trainer = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short, seed: 1, threads: 1);
        TrainingBlock block = trainer.RunBlock();
        Should.Throw<ArgumentException>(() => trainer.Learner.Train(block.Episodes)).Message.ShouldContain("policy version 0, expected 1");
    }

    /// <summary>Section 4: three passes over the transitions of 75 episodes, 25 in a step. Nets are narrow, as only steps count.</summary>
    [Theory]
    [InlineData("4-node", 20, 180)]
    [InlineData("abilene", 50, 450)]
    [InlineData("geant2009", 150, 1_350)]
    public void Train_OfThePublishedConfigurations_MakesThePublishedSteps(string topology, int horizons, int steps)
    {
        NetworkLearningOptions options = new()
        {
            Horizons = horizons, MessageIterations = 1, HiddenState = 2, WideLayer = 1, NarrowLayer = 1, Readout = ReadoutMode.Shared,
        };
        using var learner = new PpoLearner(new NetworkModel(options, TopologyLibrary.Get(topology)), seed: 1, threads: 1);
        EpisodeTrajectory[] block =
            [.. Enumerable.Range(0, options.EpisodesPerUpdate).Select(number => Episodes.MadeUp(learner.Model, number))];
        learner.Train(block).Steps.ShouldBe(steps);
    }

    [Fact]
    public void RunBlock_CountsTheMessagesOfEveryExchange()
    {
        using var trainer = new NetworkTrainer(Scenarios.MadeUp("4-node"), Short, seed: 1, threads: 1);
        trainer.RunBlock().Episodes[0].MessagesSent.ShouldBe(6 * 2 * 16);
    }

    /// <summary>Blocks on one topology after the other; each update is the one that its topology alone would have had.</summary>
    [Fact]
    public void RunBlock_TopologiesInTurns_LearnsOneNetOnAll()
    {
        NetworkLearningOptions options = Short with { Readout = ReadoutMode.Shared, MessageIterations = 0, Episodes = 40 };
        NetworkScenario[] scenarios = [Scenarios.MadeUp("4-node"), Scenarios.MadeUp("abilene")];
        float[] expected = Train(threads: 1);
        Train(threads: 3).ShouldBe(expected);

        float[] Train(int threads)
        {
            ScenarioSchedule schedule = ScenarioSchedule.TakingTurns(
                [[_ => scenarios[0]], [_ => scenarios[1]]], options.EpisodesPerUpdate);
            using var learner = new PpoLearner(new NetworkModel(options, scenarios[0].Topology), seed: 7, threads, schedule);
            using var alone = new PpoLearner(new NetworkModel(options, scenarios[1].Topology), seed: 7, threads);
            using var trainer = new NetworkTrainer(schedule, learner);
            for (int block = 0; !trainer.IsFinished; block++)
            {
                if (block == 1)
                {
                    Values(learner).CopyTo(alone.Optimiser.Parameters.Span);
                    learner.Optimiser.Mean.Span.CopyTo(alone.Optimiser.Mean.Span);
                    learner.Optimiser.Square.Span.CopyTo(alone.Optimiser.Square.Span);
                    alone.ContinueFrom(learner.Policy.Version, learner.Optimiser.Steps);
                }

                TrainingBlock played = trainer.RunBlock();
                played.Episodes.ShouldAllBe(episode => episode.Model.Topology == scenarios[block % 2].Topology);
                if (block == 1)
                {
                    alone.Train(played.Episodes).ShouldBe(played.Update);
                    Values(alone).ShouldBe(Values(learner));
                }
            }

            return Values(learner);
        }
    }

    [Fact]
    public void Train_EpisodesOfTwoTopologies_AreRefused()
    {
        NetworkLearningOptions options = Short with { Readout = ReadoutMode.Shared };
        using var learner = new PpoLearner(new NetworkModel(options, TopologyLibrary.Get("4-node")), seed: 1, threads: 1);
        NetworkModel other = learner.Model.On(TopologyLibrary.Get("abilene"));
        Should.Throw<ArgumentException>(() => learner.Train([Episodes.MadeUp(learner.Model, 0), Episodes.MadeUp(other, 1)]))
            .Message.ShouldContain("on 4-node");
        Should.Throw<ArgumentException>(() => new NetworkModel(Short, other.Topology).On(learner.Model.Topology))
            .Message.ShouldContain("shared readout");
    }

    private static NetworkTrainer WithSecondScenario(int threads, Func<CancellationToken, NetworkScenario> second)
    {
        NetworkScenario first = Scenarios.MadeUp("4-node");
        ScenarioSchedule schedule = ScenarioSchedule.TakingTurns([[_ => first, second]], Short.EpisodesPerUpdate);
        return new NetworkTrainer(schedule, new PpoLearner(new NetworkModel(Short, first.Topology), seed: 1, threads, schedule));
    }

    private static void ShouldBeSame(EpisodeTrajectory actual, EpisodeTrajectory expected)
    {
        actual.Episode.ShouldBe(expected.Episode);
        Numbers.SameBits(actual.Observations, expected.Observations).ShouldBeTrue($"observations of episode {actual.Episode}");
        actual.Objective.ShouldBe(expected.Objective);
        actual.Measure.ShouldBe(expected.Measure);
        actual.FinalWeights.ShouldBe(expected.FinalWeights);
        for (int step = 0; step < actual.Horizons; step++)
        {
            actual.Choices(step).SequenceEqual(expected.Choices(step)).ShouldBeTrue($"choices of step {step}");
            Numbers.SameBits(actual.LogProbabilities(step), expected.LogProbabilities(step))
                .ShouldBeTrue($"log-probabilities of step {step}");
        }
    }

    private static float[] Values(PpoLearner learner) => learner.Optimiser.Parameters.Span.ToArray();
}
