using System.CommandLine;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb game</c>: solve and generate load-balancing games, without actors.</summary>
internal static class GameCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("game", "Solve load-balancing games: equilibria, bounds, trajectories");
        command.Add(GameStaticCommand.Create(host));
        command.Add(GameDynamicCommand.Create(host));
        command.Add(GameGenerateCommand.Create(host));
        return command;
    }

    public static Argument<string> Instance() => new("INSTANCE.json") { Description = "The game: rates, loads, lengths (JSON)" };
}
