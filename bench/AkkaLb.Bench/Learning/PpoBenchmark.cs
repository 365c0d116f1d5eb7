using System.Diagnostics;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Bench.Learning;

/// <summary><c>ppo</c>: one optimiser step of PPO on 25 samples, forward, backward and Adam of actor and critic, two threads.</summary>
internal static class PpoBenchmark
{
    private static readonly (string Topology, int Iterations, double Target)[] Cases =
        [("4-node", 2, 1), ("abilene", 3, 4), ("geant2009", 5, 50)];

    public static int Run()
    {
        foreach ((string name, int iterations, double target) in Cases)
        {
            Topology topology = TopologyLibrary.Get(name);
            var model = new NetworkModel(new NetworkLearningOptions { MessageIterations = iterations }, topology);
            using var learner = new PpoLearner(model, seed: 1, threads: 2);
            learner.Load([.. Enumerable.Range(0, 4).Select(episode => Played(model, episode))]);
            double step = Median(() => Step(learner));
            double flops = 25 * 3 * Flops(model);
            Console.WriteLine($"{name,-10} K={iterations} N={model.LinkCount,3}   {step,7:F3} ms a step   {flops / step / 1e6,5:F0} "
                + "GFLOP/s (pairwise count)   "
                + $"target ≤ {target} ms: {(step <= target ? "reached" : "missed")}");
        }

        return 0;
    }

    private static void Step(PpoLearner learner)
    {
        learner.Minibatch.Compute(learner.Team, learner.Transitions, 0, learner.Model.Options.MinibatchSize);
        learner.Optimiser.Step(learner.Minibatch.Gradients, learner.Model.Options.GradientNorm);
    }

    /// <summary>A made-up episode: plausible observations, random choices of an undecided policy.</summary>
    private static EpisodeTrajectory Played(NetworkModel model, int number)
    {
        var random = new Domain.Randomness.RandomStream(1, "bench", (ulong)number);
        var episode = new EpisodeTrajectory(model, number, 0);
        for (int step = 0; step <= model.Options.Horizons; step++)
        {
            episode.Measure[step] = episode.Objective[step] = random.NextDouble();
            for (int link = 0; link < model.LinkCount; link++)
            {
                Span<float> observation = episode.Observation(step, link);
                (observation[0], observation[1]) = ((float)random.NextGaussian(), (float)random.NextGaussian());
                if (step < model.Options.Horizons)
                {
                    episode.Record(step, link, new Decision(random.NextInt32(2), MathF.Log(0.5f)));
                }
            }
        }

        return episode;
    }

    /// <summary>Multiply-adds of one forward pass of actor and critic, twice, as the specification's section 12 counts them.</summary>
    private static double Flops(NetworkModel model) =>
        2.0 * model.MessageIterations * (6144.0 * model.MessagesPerExchange + 30720.0 * model.LinkCount)
        + 20736.0 * model.LinkCount + 33280;

    private static double Median(Action action)
    {
        var times = new double[301];
        for (int i = -300; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }
}
