using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Experiments.Game;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb game generate</c>: surrogate settings and random instances.</summary>
internal static class GameGenerateCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "generate",
            "Write a game instance: a surrogate of the paper's settings, or a random one",
            """
            Settings 1 to 7 stand in for those of the paper, whose numbers are lost: the parameters are ours, chosen so that the dynamic
            game takes as many steps as its Table 2 says.
            Random instances have rates in [5, 10), lengths in [1, 4) and loads in [0, 100), uniform, from a portable generator.
            """,
            "akkalb game generate --setting 7 --out setting-7.json",
            "akkalb game generate --players 100 --servers 40 --seed 3 --out instance.json");
        int settings = SurrogateSetting.All.Count;
        Option<int?> setting = Options.WholeOrNone("--setting", "K", $"Surrogate setting, 1 to {settings}", 1, settings);
        Option<int?> players = Options.WholeOrNone("--players", "N", "Players of a random instance", 1, 1_000_000);
        Option<int?> servers = Options.WholeOrNone("--servers", "M", "Servers of a random instance", 1, 1_000_000);
        Option<ulong?> seed = Options.Seed("Of a random instance (default 1)");
        Option<string> output = new("--out") { Description = "The instance file to write (JSON)", HelpName = "I.json", Required = true };
        Option<bool> force = Options.Force();
        foreach (Option option in new Option[] { setting, players, servers, seed, output, force })
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            (int k, int n, int m) = (parsed.GetValue(setting) ?? 0, parsed.GetValue(players) ?? 0, parsed.GetValue(servers) ?? 0);
            if (k > 0 ? n > 0 || m > 0 || parsed.GetValue(seed) is not null : n == 0 || m == 0)
            {
                throw new InvalidInputException(
                    "game generate: expected either --setting, or --players and --servers with or without --seed");
            }
            string path = parsed.GetRequiredValue(output);
            OutputFile file = OutputFile.Of(path, "--out", parsed);
            ulong root = parsed.GetValue(seed) ?? 1;
            GameInstance<double> instance = k > 0
                ? SurrogateSetting.All[k - 1].Instance
                : InstanceRanges.Scaling.Draw(n, m, new SplitMix64(root).NextDouble);
            string description = k > 0 ? $"surrogate setting {k} (not the paper's numbers)" : $"random, seed {root}";
            file.Write(InstanceFile.ToJson(instance, description));
            host.Out.WriteLine($"{path}: {instance.Players} players on {instance.Servers} servers, {description}; length/rate "
                + $"{Terminal.Figure(instance.TotalLength / instance.TotalRate)}");
            return ExitCodes.Success;
        });
        return command;
    }
}
