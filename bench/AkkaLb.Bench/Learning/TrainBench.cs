using System.Diagnostics;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>train DATA [4-node|abilene] [40|60] [seeds] [episodes] [readout]</c>: batched training on a published flow set, per seed the mean Φ
/// of the last 500 episodes and the wall time. DATA is the folder with rhombus/, abilene/ …
/// </summary>
internal static class TrainBench
{
    public static int Run(string[] args)
    {
        string data = args[0], set = args.Length > 1 ? args[1] : "4-node", load = args.Length > 2 ? args[2] : "40";
        int seeds = args.Length > 3 ? int.Parse(args[3]) : 3;
        bool abilene = set == "abilene";
        int episodes = args.Length > 4 ? int.Parse(args[4]) : abilene ? 2500 : 6000;
        ReadoutMode readout = args.Length > 5 ? Enum.Parse<ReadoutMode>(args[5], ignoreCase: true) : ReadoutMode.PerAgent;
        var options = new NetworkLearningOptions
        {
            Readout = readout,
            Episodes = episodes,
            Horizons = abilene ? 50 : 20,
            MessageIterations = abilene ? 3 : 2,
        };
        NetworkScenario scenario = Scenarios.Published(data, abilene ? "abilene" : "rhombus", load);
        double ecmp = new NetworkEnvironment(scenario).Phi;
        Console.WriteLine($"{set} {load} %, {readout}, ECMP {ecmp:F5}");
        for (int seed = 1; seed <= seeds; seed++)
        {
            using var trainer = new NetworkTrainer(scenario, options, (ulong)seed);
            var final = new List<double>();
            double rollouts = 0;
            long start = Stopwatch.GetTimestamp();
            while (!trainer.IsFinished)
            {
                TrainingBlock block = trainer.RunBlock();
                final.AddRange(block.Episodes.Select(episode => episode.FinalObjective));
                if (Environment.GetEnvironmentVariable("VERBOSE") is not null && final.Count % 750 == 0)
                {
                    Console.WriteLine($"  {final.Count} {final.TakeLast(500).Average():F5} {block.Update}");
                }
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"seed {seed}: last 500 {final.TakeLast(500).Average():F5}  last 2000 {final.TakeLast(2000).Average():F5}  "
                + $"best {final.Min():F5}  {seconds:F1} s");
        }

        return 0;
    }
}
