using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Game;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb game static</c>: one pass of best responses.</summary>
internal static class GameStaticCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "static",
            "Let every player respond once, and show the equilibrium",
            """
            Players place divisible jobs on servers; each wants little waiting for its own work. One after the other takes its work back and
            places it best; once everybody has moved, no one wants to move again.
            The instance is {"rates":[…], "loads":[…], "lengths":[…]}, with "start" ("empty", "uniform" or rows in units of work) and
            "order" (players, one after the other) if they are not to be empty and everybody in turn.
            """,
            "akkalb game static instance.json",
            "akkalb game static instance.json --json");
        Argument<string> instance = GameCommand.Instance();
        Option<bool> json = Options.Json("level, totals, profile, potential, costs, the bound on the price of anarchy");
        command.Add(instance);
        command.Add(json);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(instance);
            StaticGameRequest request = StaticGameRequest.Parse(InputFile.Read(path, "INSTANCE.json", "a JSON file of a game"), path);
            StaticGameResult result = StaticGameResult.Of(request);
            if (parsed.GetValue(json))
            {
                host.Out.WriteLine(result.ToJson());
            }
            else
            {
                StaticGameReport.Write(Terminal.ForResult(host), request.Instance, result);
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
