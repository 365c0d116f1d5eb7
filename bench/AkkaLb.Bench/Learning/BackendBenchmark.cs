using System.Diagnostics;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Torch;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>backends</c>: one optimiser step by the kernels and by torch, on the same data, in turns of several steps each; medians over the
/// turns. Needs libtorch: <c>eng/torch dotnet run -c Release --project bench/AkkaLb.Bench -- backends</c>.
/// </summary>
internal static class BackendBenchmark
{
    private const int Turns = 9;
    private const double SecondsATurn = 0.25;

    private static readonly (string Name, Func<int, (Action Native, Action Torch)> Steps)[] Cases =
    [
        ("samaroh 4-node", threads => Samaroh("4-node", 2, 20, threads)),
        ("samaroh abilene", threads => Samaroh("abilene", 3, 50, threads)),
        ("samaroh geant2009", threads => Samaroh("geant2009", 5, 150, threads)),
        .. new[] { 32, 64, 128, 256, 512, 1024 }.Select(width =>
            ($"sac-gru {width}", (Func<int, (Action, Action)>)(threads => SacGru(width, threads)))),
    ];

    /// <param name="names">Cases; none: all.</param>
    public static int Run(string[] names)
    {
        LearningBackend backend = TorchBackend.Create(new BackendOptions(BackendChoice.Torch, "cpu"))
            ?? throw new InvalidInputException("expected libtorch");
        Console.WriteLine("one optimiser step, ms: medians over turns of the two backends");
        Console.WriteLine("| case | threads | native | torch | torch/native |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((string name, Func<int, (Action, Action)> steps) in Cases.Where(c => names.Length == 0 || names.Contains(c.Name)))
        {
            foreach (int threads in new[] { 1, 2 })
            {
                (Action native, Action torch) = steps(threads);
                (double first, double second) = Measure(native, torch);
                Console.WriteLine(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"| {name} | {threads} | {first:0.00} | {second:0.00} | {second / first:0.0} |"));
            }
        }

        _ = backend;
        return 0;
    }

    private static (double Native, double Torch) Measure(Action native, Action torch)
    {
        Action[] both = [native, torch];
        var times = new List<double>[] { [], [] };
        for (int turn = -2; turn < Turns; turn++)
        {
            for (int i = 0; i < 2; i++)
            {
                int steps = 0;
                long start = Stopwatch.GetTimestamp();
                do
                {
                    both[i]();
                    steps++;
                }
                while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsATurn);
                if (turn >= 0)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps);
                }
            }
        }

        return (Median(times[0]), Median(times[1]));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A minibatch of 25 of made-up transitions, published widths, a readout for each link.</summary>
    private static (Action Native, Action Torch) Samaroh(string topology, int iterations, int horizons, int threads)
    {
        var model = new NetworkModel(
            new NetworkLearningOptions { MessageIterations = iterations, Horizons = horizons }, TopologyLibrary.Get(topology));
        PpoLearner native = Loaded(new PpoLearner(model, 1, threads));
        PpoLearner learner = Loaded(new PpoLearner(model, 1, threads));
        IPpoUpdate torch = Torch().Ppo(learner)!;
        torch.Load();
        int count = model.Options.MinibatchSize;
        return (
            () =>
            {
                native.Minibatch.Compute(native.Team, native.Transitions, 0, count);
                native.Optimiser.Step(native.Minibatch.Gradients, model.Options.GradientNorm);
            },
            () => torch.Step(learner.Transitions, 0, count, model.Options.EntropyCoefficient, 1));

        PpoLearner Loaded(PpoLearner learner)
        {
            learner.Load([Episode(model, 0), Episode(model, 1)]);
            return learner;
        }
    }

    private static EpisodeTrajectory Episode(NetworkModel model, long number)
    {
        var random = new RandomStream(5, "bench", (ulong)number);
        var episode = new EpisodeTrajectory(model, number, 0);
        for (int step = 0; step <= model.Options.Horizons; step++)
        {
            episode.Objective[step] = episode.Measure[step] = random.NextDouble();
            for (int link = 0; link < model.LinkCount; link++)
            {
                Span<float> observation = episode.Observation(step, link);
                (observation[0], observation[1]) = ((float)random.NextGaussian(), (float)random.NextGaussian());
                if (step < model.Options.Horizons)
                {
                    episode.Record(step, link, new Decision(random.NextInt32(model.ActionCount), -0.7f));
                }
            }
        }

        return episode;
    }

    /// <summary>Distr-LB's defaults for 7 servers but for the width: 16 sequences of 30 steps, 42 features.</summary>
    private static (Action Native, Action Torch) SacGru(int width, int threads)
    {
        const int Features = 42, Servers = 7, Steps = 120;
        var options = new DataCenterLearningOptions { Hidden = width };
        SacGruLearner native = Learner(), twin = Learner();
        ISequenceUpdate torch = Torch().SacGru(twin)!;
        torch.Load();
        LearnerSums sums = default, others = default;
        return (() => native.Step(ref sums), () => torch.Step(1, ref others));

        SacGruLearner Learner()
        {
            var learner = new SacGruLearner(options, "agent", Features, Servers, Steps, 1, new WorkerTeam(threads), Kernel.Best);
            var replay = new EpisodeReplay(4, RewardStandardisation.Running);
            for (int i = 0; i < 3; i++)
            {
                var random = new RandomStream(29, $"episode {i}");
                replay.Add(new EpisodeRecord(
                    Steps,
                    [.. Enumerable.Range(0, (Steps + 1) * Features).Select(_ => (float)random.NextGaussian())],
                    [.. Enumerable.Range(0, Steps * Servers).Select(_ => (float)random.NextInt32(options.Levels.Count))],
                    [.. Enumerable.Range(0, Steps).Select(_ => (float)random.NextGaussian())]));
            }

            learner.Batch.Draw(replay, new FeatureNormaliser(Features, enabled: false), new RandomStream(1, "batch"));
            return learner;
        }
    }

    private static TorchBackend Torch() => TorchBackend.Of(TorchTarget.Processor);
}
