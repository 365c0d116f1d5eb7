using System.Diagnostics;
using AkkaLb.Learning.DataCenter;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>sac-gru</c>: gradient steps of the recurrent soft actor-critic on one thread: hidden 64, 16 sequences of 32 steps without burn-in, 7
/// servers, all features, twin critics and targets.
/// </summary>
internal static class SacGruBenchmark
{
    private const int Servers = 7, EpisodeSteps = 120, Steps = 600;

    public static int Run()
    {
        var options = new DataCenterLearningOptions { Hidden = 64, Batch = 16, SequenceLength = 32, BurnIn = 0, UpdatesPerEpisode = Steps };
        int features = FeatureLayout.Length(ObservationLayout.Paper, Servers);
        var learner = new SacGruLearner(options, "bench", features, Servers, EpisodeSteps, 1, new WorkerTeam(1), Kernel.Best);
        var normaliser = new FeatureNormaliser(features, enabled: true);
        var replay = new EpisodeReplay(20, RewardStandardisation.TimeIndex);
        for (int episode = 0; episode < 20; episode++)
        {
            replay.Add(MadeUp(episode, features));
        }

        learner.Learn(replay, normaliser, 200);
        double seconds = Time(() => learner.Learn(replay, normaliser, Steps)) / Steps;
        var sums = default(LearnerSums);
        double forward = Time(() => Repeat(learner.Forward)) / Steps;
        double losses = Time(() => Repeat(() => learner.Losses(ref sums))) / Steps;
        double rows = options.Batch * 32.0;
        double flops = 2 * rows * (3.0 * learner.ActorNet.MultiplyAdds + 8.0 * learner.CriticNet.MultiplyAdds);
        Console.WriteLine($"{1 / seconds:F0} gradient steps/s on one thread ({seconds * 1e3:F2} ms, {flops / seconds / 1e9:F0} GFLOP/s): "
            + $"target ≥ 120: {(1 / seconds >= 120 ? "reached" : "missed")}");
        Console.WriteLine($"forward, five nets {forward * 1e3:F2} ms; losses {losses * 1e3:F2} ms; drawing, backward, Adam and targets {(seconds - forward - losses) * 1e3:F2} ms");
        return 0;
    }

    private static void Repeat(Action action)
    {
        for (int i = 0; i < Steps; i++)
        {
            action();
        }
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static EpisodeRecord MadeUp(int number, int features)
    {
        var random = new Domain.Randomness.RandomStream(1, "bench", (ulong)number);
        float[] observed = new float[(EpisodeSteps + 1) * features], actions = new float[EpisodeSteps * Servers], rewards = new float[EpisodeSteps];
        foreach (ref float value in observed.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        foreach (ref float action in actions.AsSpan())
        {
            action = random.NextInt32(3);
        }

        foreach (ref float reward in rewards.AsSpan())
        {
            reward = (float)random.NextGaussian();
        }

        return new EpisodeRecord(EpisodeSteps, observed, actions, rewards);
    }
}
