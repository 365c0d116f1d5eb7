using System.Diagnostics;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>sac-gru</c>: gradient steps of the recurrent soft actor-critic on one thread: hidden 64, 16 sequences of 32 steps without burn-in, 7
/// servers, all features, twin critics and targets.
/// </summary>
internal static class SacGruBenchmark
{
    private const int Servers = 7, EpisodeSteps = 120, Rounds = 60, StepsPerRound = 4;

    public static int Run()
    {
        var options = new DataCenterLearningOptions { Hidden = 64, Batch = 16, SequenceLength = 32, BurnIn = 0,
            Observation = ObservationLayout.Paper };
        int features = FeatureLayout.Length(ObservationLayout.Paper, Servers);
        var learner = new SacGruLearner(options, "bench", features, Servers, EpisodeSteps, 1, new WorkerTeam(1), Kernel.Best);
        var normaliser = new FeatureNormaliser(features, enabled: true);
        var replay = new EpisodeReplay(20, RewardStandardisation.TimeIndex);
        for (int episode = 0; episode < 20; episode++)
        {
            replay.Add(MadeUp(episode, features));
        }

        learner.Learn(replay, normaliser, 0, 200);
        double step = Milliseconds("gradient step", () => learner.Learn(replay, normaliser, 200, 1));
        double rows = options.Batch * 32.0, peak = GemmBenchmark.FmaPeak();
        double flops = 2 * rows * (3.0 * learner.ActorNet.MultiplyAdds + 8.0 * learner.CriticNet.MultiplyAdds);
        var sums = default(LearnerSums);
        var random = new Domain.Randomness.RandomStream(1, "bench");
        Milliseconds("  drawing and normalising the batch", () => learner.Batch.Draw(replay, normaliser, random));
        Milliseconds("  forward, five nets", learner.Forward);
        Milliseconds("  losses", () => learner.Losses(ref sums));
        Milliseconds("  backward, three nets; Adam; targets", learner.Backward);
        Console.WriteLine($"{flops / step / 1e6:F0} GFLOP/s of {peak:F0} ({flops / step / 1e6 / peak:P0} of the FMA peak)");
        Console.WriteLine($"{1e3 / step:F0} gradient steps/s on one thread, target ≥ 120: {(1e3 / step >= 120 ? "reached" : "missed")}");
        return 0;
    }

    /// <summary>
    /// Processor time of a call, the median over rounds: what other processes take of the processor does not count, what they take of its
    /// caches and execution units does.
    /// </summary>
    private static double Milliseconds(string name, Action action)
    {
        double[] used = new double[Rounds], elapsed = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < StepsPerRound; i++)
            {
                action();
            }

            used[round] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / StepsPerRound;
            elapsed[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / StepsPerRound;
        }

        Array.Sort(used);
        Array.Sort(elapsed);
        Console.WriteLine(
            $"{name,-40}{used[Rounds / 2],8:F2} ms of processor time, best {used[0],6:F2} ms (elapsed {elapsed[Rounds / 2]:F2} ms)");
        return used[Rounds / 2];
    }

    private static EpisodeRecord MadeUp(int number, int features)
    {
        var random = new Domain.Randomness.RandomStream(1, "bench", (ulong)number);
        float[] observed = new float[(EpisodeSteps + 1) * features], actions = new float[EpisodeSteps * Servers],
            rewards = new float[EpisodeSteps];
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
