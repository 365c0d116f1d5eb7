using System.Diagnostics;
using System.Globalization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>train</c>: batched training on a published flow set; for every seed the mean Φ of the last 500 episodes and the wall time.
/// </summary>
internal static class TrainBenchmark
{
    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) => Array.IndexOf(args, $"--{name}") is >= 0 and var at ? args[at + 1] : otherwise;
        string data = Option("data", Path.Combine("..", "shared", "data", "maroh")), set = Option("set", "4-node"), load = Option("load", "40");
        bool abilene = set == "abilene";
        int seeds = int.Parse(Option("seeds", "3")), episodes = int.Parse(Option("episodes", abilene ? "2500" : "6000"));
        ReadoutMode readout = Enum.Parse<ReadoutMode>(Option("readout", "peragent"), ignoreCase: true);
        var options = new NetworkLearningOptions
        {
            Readout = readout,
            Episodes = episodes,
            Horizons = abilene ? 50 : 20,
            MessageIterations = abilene ? 3 : 2,
            RewardScale = double.Parse(Option("reward-scale", "100"), CultureInfo.InvariantCulture),
            EntropyCoefficient = double.Parse(Option("entropy", "0.01"), CultureInfo.InvariantCulture),
        };
        NetworkScenario scenario = Scenarios.Published(data, abilene ? "abilene" : "rhombus", load);
        double ecmp = new NetworkEnvironment(scenario).Phi;
        Console.WriteLine(
            $"{set} {load} %, {readout}, reward scale {options.RewardScale}, entropy {options.EntropyCoefficient}, ECMP {ecmp:F5}");
        int first = int.Parse(Option("first-seed", "1")), threads = int.Parse(Option("threads", "2"));
        for (int seed = first; seed < first + seeds; seed++)
        {
            using var trainer = new NetworkTrainer(scenario, options, (ulong)seed, threads);
            var final = new List<double>();
            long start = Stopwatch.GetTimestamp();
            while (!trainer.IsFinished)
            {
                TrainingBlock block = trainer.RunBlock();
                final.AddRange(block.Episodes.Select(episode => episode.FinalObjective));
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"seed {seed}: last 500 {final.TakeLast(500).Average():F5}  last 2000 {final.TakeLast(2000).Average():F5}  "
                + $"best {final.Min():F5}  {seconds:F1} s");
        }

        return 0;
    }
}
