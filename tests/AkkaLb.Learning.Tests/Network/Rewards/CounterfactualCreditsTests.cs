using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network.Rewards;

public class CounterfactualCreditsTests
{
    private static readonly NetworkLearningOptions Options = new()
    {
        Horizons = 5, EpisodesPerUpdate = 6, Episodes = 12, MessageIterations = 1, Discount = 0.9, Credit = CreditAssignment.Counterfactual,
        Actions =
        [
            new WeightAction(WeightChange.Multiply, 1.25), new WeightAction(WeightChange.Divide, 2), new WeightAction(WeightChange.Keep),
        ],
    };

    /// <summary>The definition, step by step: replace one action, play the rest of the episode, and compare discounted rewards.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Compute_EqualsPlayingEveryAlternative(int halveStepsEvery)
    {
        NetworkScenario scenario = Scenarios.MadeUp("abilene");
        NetworkLearningOptions options = Options with { HalveStepsEvery = halveStepsEvery };
        var model = new NetworkModel(options, scenario.Topology);
        using var trainer = new NetworkTrainer(scenario, options, seed: 3, threads: 1);
        IReadOnlyList<EpisodeTrajectory> episodes = trainer.RunBlock().Episodes;
        using var team = new WorkerTeam(2);
        double[] credits = [.. new CounterfactualCredits(model, new ScenarioSchedule(scenario), team).Compute(episodes)];

        List<double> expected = [];
        foreach (EpisodeTrajectory episode in episodes)
        {
            double[] played = Play(scenario, options, episode, -1, -1, 0);
            for (int step = 0; step < Options.Horizons; step++)
            {
                for (int link = 0; link < model.LinkCount; link++)
                {
                    expected.Add(Enumerable.Range(0, Options.Actions.Count).Average(other =>
                        Return(played, step) - Return(Play(scenario, options, episode, step, link, other), step)));
                }
            }
        }

        double scale = Math.Sqrt(expected.Average(credit => credit * credit));
        scale.ShouldBeGreaterThan(1e-6, "no action would have changed anything, so this test shows nothing");
        for (int i = 0; i < credits.Length; i++)
        {
            credits[i].ShouldBe(expected[i] / scale, 1e-9);
        }
    }

    /// <summary>A step out of the bounds of weights was none when the episode was played.</summary>
    [Fact]
    public void Replay_StepsOutOfBounds_GivesTheWeightsThatWerePlayed()
    {
        NetworkScenario scenario = Scenarios.MadeUp("4-node");
        NetworkLearningOptions options = Options with
        {
            Actions = [new WeightAction(WeightChange.Multiply, 1e60), new WeightAction(WeightChange.Divide, 3)],
        };
        using var trainer = new NetworkTrainer(scenario, options, seed: 3, threads: 1);
        using var team = new WorkerTeam(1);
        var credits = new CounterfactualCredits(trainer.Model, new ScenarioSchedule(scenario), team);
        foreach (EpisodeTrajectory episode in trainer.RunBlock().Episodes)
        {
            double[] replayed = credits.Replay(episode, scenario.InitialWeights)[^1];
            for (int link = 0; link < replayed.Length; link++)
            {
                (replayed[link] / episode.FinalWeights[link]).ShouldBe(1, 1e-12);
            }
        }
    }

    [Fact]
    public void Train_OneOrMoreThreads_GiveTheSameBits()
    {
        float[] expected = Parameters(1);
        Parameters(2).ShouldBe(expected);
        Parameters(3).ShouldBe(expected);

        static float[] Parameters(int threads)
        {
            using var trainer = new NetworkTrainer(Scenarios.MadeUp("4-node"), Options, 5, threads);
            while (!trainer.IsFinished)
            {
                trainer.RunBlock();
            }

            return trainer.Learner.Optimiser.Parameters.Span.ToArray();
        }
    }

    [Fact]
    public void Train_LeavesTheCriticAsItWas()
    {
        NetworkScenario scenario = Scenarios.MadeUp("4-node");
        using var trainer = new NetworkTrainer(scenario, Options, 5);
        float[] before = [.. trainer.Learner.Optimiser.Parameters.Span];
        PpoStatistics update = trainer.RunBlock().Update!;
        update.CriticLoss.ShouldBe(0);
        ReadOnlySpan<float> after = trainer.Learner.Optimiser.Parameters.Span;
        after[trainer.Model.ActorLength..].SequenceEqual(before.AsSpan(trainer.Model.ActorLength)).ShouldBeTrue();
        after[..trainer.Model.ActorLength].SequenceEqual(before.AsSpan(0, trainer.Model.ActorLength)).ShouldBeFalse();
    }

    public static TheoryData<NetworkLearningOptions, string> Unfit => new()
    {
        { Options with { Method = NetworkMethod.Maroh }, "every agent acts" },
        { Options with { Actions = [new WeightAction(WeightChange.Add, 1), new WeightAction(WeightChange.Keep)] }, "'subtract' off" },
        { Options with { RewardMeasure = RewardMeasure.MaxUtilisation }, "'reward' phi" },
        { Options with { RewardComputation = RewardComputation.Value }, "'reward-computation' change" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Options_ThatCannotBeCredited_AreRefused(NetworkLearningOptions options, string expected)
    {
        string message = Should.Throw<InvalidInputException>(() => new NetworkModel(options, TopologyLibrary.Get("4-node"))).Message;
        message.ShouldContain("method samaroh-cf: expected");
        message.ShouldContain(expected);
    }

    /// <summary>The objective before the first and after every horizon, with one action replaced.</summary>
    private static double[] Play(
        NetworkScenario scenario, NetworkLearningOptions options, EpisodeTrajectory episode, int at, int of, int other)
    {
        var environment = new NetworkEnvironment(scenario);
        double[] weights = [.. scenario.InitialWeights], objective = new double[episode.Horizons + 1];
        objective[0] = environment.Phi;
        for (int step = 0; step < episode.Horizons; step++)
        {
            for (int link = 0; link < weights.Length; link++)
            {
                int action = step == at && link == of ? other : episode.Choices(step)[link];
                weights[link] = Options.Actions[action].Halved(options.Halvings(step)).Apply(weights[link]);
            }

            objective[step + 1] = environment.Step(weights);
        }

        return objective;
    }

    /// <summary>Discounted sum of the decreases of the objective from a step on.</summary>
    private static double Return(double[] objective, int step)
    {
        double sum = 0, factor = 1;
        for (int t = step; t < objective.Length - 1; t++, factor *= Options.Discount)
        {
            sum += factor * (objective[t] - objective[t + 1]);
        }

        return sum;
    }
}
