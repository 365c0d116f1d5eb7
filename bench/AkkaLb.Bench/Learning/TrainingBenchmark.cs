using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>training</c>: where the time of SAMAROH's batched training goes, on one thread. One pass takes the processor time of the phases as
/// they are, another the time of every call of a kernel (<see cref="TimedKernel"/>), a third that of the products without the activations
/// they end with; all learn the same bits. Medians over the blocks; a call that the operating system interrupted is left out.
/// </summary>
internal static class TrainingBenchmark
{
    private static readonly (string Topology, int Iterations, int Horizons, int Blocks)[] Cases =
        [("4-node", 2, 20, 9), ("abilene", 3, 50, 3), ("geant2009", 5, 150, 1)];

    /// <param name="args"><c>--data DIR</c> with the published folders; names of topologies.</param>
    public static int Run(string[] args)
    {
        string data = args is ["--data", var directory, ..] ? directory : "";
        string[] names = data.Length > 0 ? args[2..] : args;
        double peak = GemmBenchmark.FmaPeak();
        Console.WriteLine($"one thread; FMA peak {peak:F0} GFLOP/s");
        foreach ((string name, int iterations, int horizons, int blocks) in Cases.Where(
            c => names.Length == 0 || names.Contains(c.Topology)))
        {
            NetworkScenario scenario = RoutingBenchmark.Scenario(name, data);
            var model = new NetworkModel(
                new NetworkLearningOptions { MessageIterations = iterations, Horizons = horizons, Episodes = 75 * (blocks + 2) },
                scenario.Topology);
            Phases plain = Train(model, scenario, Kernel.Best, blocks);
            Phases byKernel = Train(model, scenario, new TimedKernel(Kernel.Best, RowsOfAnAgent(model), split: false), blocks);
            Phases split = Train(model, scenario, new TimedKernel(Kernel.Best, RowsOfAnAgent(model), split: true), blocks);
            if (!plain.Phi.SequenceEqual(byKernel.Phi) || !plain.Phi.SequenceEqual(split.Phi))
            {
                throw new InvalidOperationException("timing the kernels changed what was learnt");
            }

            Print(name, model, plain, byKernel);
            Rate("episodes", split.EpisodeKernels, peak);
            Rate("minibatches", split.MinibatchKernels, peak);
        }

        return 0;
    }

    /// <summary>Most rows that a pass has for one agent: the episodes of a part of a rollout, or half a minibatch.</summary>
    private static int RowsOfAnAgent(NetworkModel model) => Math.Max(
        (model.Options.EpisodesPerUpdate + 3) / 4, (model.Options.MinibatchSize + 1) / 2);

    private static Phases Train(NetworkModel model, NetworkScenario scenario, Kernel kernel, int blocks)
    {
        var timed = kernel as TimedKernel;
        var phases = new Phases();
        using var learner = new PpoLearner(model, seed: 1, threads: 1, kernel);
        var rollout = new BatchedRollout(model, new ScenarioSchedule(scenario), 1, learner.Team, kernel);
        var order = new RandomStream(1, "bench");
        for (int block = -2; block < blocks; block++)
        {
            bool warm = block < 0;
            if (warm)
            {
                phases = new Phases();
            }

            timed?.Clear();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            IReadOnlyList<EpisodeTrajectory> episodes = rollout.Run(
                learner.Policy, learner.Policy.Version * model.Options.EpisodesPerUpdate, model.Options.EpisodesPerUpdate, default);
            phases.Episodes.Add(Since(start));
            Note(phases.EpisodeKernels, timed);
            phases.Phi.AddRange(episodes.Select(e => e.FinalObjective));
            phases.Routing.Add(Route(scenario, model, episodes).TotalSeconds);

            start = Environment.CpuUsage.TotalTime;
            learner.Load(episodes);
            phases.Values.Add(Since(start));
            timed?.Clear();
            double minibatches = 0, adam = 0;
            for (int epoch = 0; epoch < model.Options.Epochs; epoch++)
            {
                order.Shuffle(learner.Transitions.Order.AsSpan());
                for (int first = 0; first < learner.Transitions.Count; first += model.Options.MinibatchSize)
                {
                    start = Environment.CpuUsage.TotalTime;
                    learner.Minibatch.Compute(
                        learner.Team, learner.Transitions, first, Math.Min(model.Options.MinibatchSize, learner.Transitions.Count - first));
                    minibatches += Since(start);
                    start = Environment.CpuUsage.TotalTime;
                    learner.Optimiser.Step(learner.Minibatch.Gradients, model.Options.GradientNorm);
                    adam += Since(start);
                }
            }

            phases.Minibatches.Add(minibatches);
            phases.Adam.Add(adam);
            Note(phases.MinibatchKernels, timed);
            learner.ContinueFrom(learner.Policy.Version + 1, learner.Optimiser.Steps);
        }

        return phases;
    }

    /// <summary>Processor time to route all flows after every horizon of these episodes once more.</summary>
    internal static TimeSpan Route(NetworkScenario scenario, NetworkModel model, IReadOnlyList<EpisodeTrajectory> episodes)
    {
        var environment = new NetworkEnvironment(scenario);
        double[] weights = new double[model.LinkCount];
        TimeSpan start = Environment.CpuUsage.TotalTime;
        foreach (EpisodeTrajectory episode in episodes)
        {
            environment.Reset(scenario);
            environment.Weights.CopyTo(weights);
            for (int step = 0; step < episode.Horizons; step++)
            {
                for (int link = 0; link < weights.Length; link++)
                {
                    weights[link] = model.Options.Actions[episode.Choices(step)[link]].Apply(weights[link]);
                }

                environment.Step(weights);
            }
        }

        return Environment.CpuUsage.TotalTime - start;
    }

    /// <summary>What the products of message passing reach without their activations.</summary>
    private static void Rate(string phase, List<KernelTimes> blocks, double peak)
    {
        List<double> rates = [.. blocks.Select(
            b => b.Flops(TimedKernel.Kind.MessageProducts) / b.Seconds(TimedKernel.Kind.MessageProducts) / 1e9)];
        double median = Median(rates), best = rates[^1];
        Console.WriteLine($"message-passing products alone, {phase}: {median:F0} GFLOP/s, {median / peak:P0} of the peak; best block "
            + $"{best:F0}, {best / peak:P0} (to reach 60 %)");
    }

    private static void Print(string name, NetworkModel model, Phases plain, Phases byKernel)
    {
        int transitions = model.Options.EpisodesPerUpdate * model.Options.Horizons;
        int steps = model.Options.Epochs * ((transitions + model.Options.MinibatchSize - 1) / model.Options.MinibatchSize);
        double episodes = Median(plain.Episodes), routing = Median(plain.Routing), values = Median(plain.Values);
        double minibatches = Median(plain.Minibatches), adam = Median(plain.Adam), all = episodes + values + minibatches + adam;
        Console.WriteLine();
        Console.WriteLine($"{name}: K = {model.MessageIterations}, H = {model.Options.Horizons}, {model.Options.EpisodesPerUpdate} "
            + $"episodes and {steps} optimiser steps a block: {all * 1e3:F1} ms");
        void Row(string phase, double seconds) => Console.WriteLine($"{phase,-58}{seconds * 1e3,9:F2} ms {seconds / all,6:P1}");
        Row("episodes", episodes);
        Row("  of which routing", routing);
        Kernels("  of which ", byKernel.EpisodeKernels);
        Row("the critic's values, advantages", values);
        Row("minibatches: forward and backward, actor and critic", minibatches);
        double kernels = Kernels("  of which ", byKernel.MinibatchKernels);
        Row("  rest: observations, loss, calls", Math.Max(0, minibatches - kernels));
        Row("gradients added and clipped, Adam, transposed weights", adam);

        double Kernels(string indent, List<KernelTimes> blocks)
        {
            double sum = 0;
            foreach (TimedKernel.Kind kind in Enum.GetValues<TimedKernel.Kind>().Where(k => k != TimedKernel.Kind.Adam))
            {
                double seconds = Median([.. blocks.Select(b => b.Seconds(kind))]);
                sum += seconds;
                Row(indent + Words(kind), seconds);
            }

            return sum;
        }
    }

    private static void Note(List<KernelTimes> blocks, TimedKernel? kernel)
    {
        if (kernel is not null)
        {
            blocks.Add(new KernelTimes(kernel));
        }
    }

    private static string Words(TimedKernel.Kind kind) => kind switch
    {
        TimedKernel.Kind.MessageProducts => "products of message passing (with their tanh)",
        TimedKernel.Kind.ReadoutProducts => "products of readouts and critic head",
        TimedKernel.Kind.Tanh => "tanh and its gradient outside products",
        TimedKernel.Kind.Extrema => "max, min, pooling and their gradients",
        TimedKernel.Kind.Sums => "sums of gradients",
        _ => "Adam",
    };

    private static double Since(TimeSpan start) => (Environment.CpuUsage.TotalTime - start).TotalSeconds;

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>Processor seconds of every block's phases.</summary>
    private sealed class Phases
    {
        public List<double> Episodes { get; } = [];

        public List<double> Routing { get; } = [];

        public List<double> Values { get; } = [];

        public List<double> Minibatches { get; } = [];

        public List<double> Adam { get; } = [];

        public List<KernelTimes> EpisodeKernels { get; } = [];

        public List<KernelTimes> MinibatchKernels { get; } = [];

        public List<double> Phi { get; } = [];
    }
}

/// <summary>What a <see cref="TimedKernel"/> had noted at a moment.</summary>
internal sealed class KernelTimes(TimedKernel kernel)
{
    private readonly double[] _seconds = [.. Enum.GetValues<TimedKernel.Kind>().Select(kernel.Seconds)];
    private readonly double[] _flops = [.. Enum.GetValues<TimedKernel.Kind>().Select(kernel.Flops)];

    public double Seconds(TimedKernel.Kind kind) => _seconds[(int)kind];

    public double Flops(TimedKernel.Kind kind) => _flops[(int)kind];
}
