using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
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
            Small games, up to 20,000 combinations (2^servers - 1)^players, also get the exact optimum and price of anarchy: the social
            cost is not convex, so every combination of used servers is tried. --exact tries up to a million, which may take minutes.
            """,
            "akkalb game static instance.json",
            "akkalb game static instance.json --json");
        Argument<string> instance = GameCommand.Instance();
        Option<bool> json = Options.Json("level, totals, profile, potential, costs, price of anarchy and its bound");
        command.Add(instance);
        Option<bool> exact = new("--exact") { Description = "Exact optimum and price of anarchy up to a million combinations, or refuse" };
        command.Add(exact);
        command.Add(json);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(instance);
            StaticGameRequest request = StaticGameRequest.Parse(InputFile.Read(path, "INSTANCE.json", "a JSON file of a game"), path);
            GameInstance<double> game = request.Instance;
            bool all = parsed.GetValue(exact);
            if (all && !SocialOptimum.IsSmallEnough(game.Players, game.Servers))
            {
                throw new InvalidInputException(
                    $"{path}: --exact: expected at most {SocialOptimum.MaximumFaces} combinations (2^servers - 1)^players, "
                    + $"found (2^{game.Servers} - 1)^{game.Players}");
            }
            StaticGameResult result = StaticGameResult.Of(request)
                .With(ExactEfficiency.Of(game, all ? SocialOptimum.MaximumFaces : ExactEfficiency.QuickFaces));
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
