using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Plots;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb game dynamic</c>: jobs arrive step by step until the servers are empty.</summary>
internal static class GameDynamicCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "dynamic",
            "Let jobs arrive at every step, and count the steps until all servers are empty",
            """
            At every step one player's job arrives ("update": "sequential") or everybody's ("simultaneous"), is placed best on sight of the
            loads, and every server works off up to its rate.
            The instance is {"rates":[…], "loads":[…], "lengths":[…]}, with "picks" ("roundrobin", "random" or players), "seed",
            "update", "maxSteps" and, for simultaneous updates, "reading" ("equilibriumPlay", "previousActions" or "stateOnly")
            where the first of each will not do.
            """,
            "akkalb game dynamic instance.json",
            "akkalb game dynamic instance.json --update simultaneous --trace --json",
            "akkalb game dynamic instance.json --plot loads.svg");
        Argument<string> instance = GameCommand.Instance();
        Option<string?> update = Options.WordOrNone(
            "--update", "Whose jobs arrive at a step; wins over the file's", "sequential", "simultaneous");
        Option<bool> trace = new("--trace") { Description = "Show the loads at every step" };
        Option<string?> plot = new("--plot") { Description = "Draw the loads over time into this file", HelpName = "OUT.svg" };
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("whether and when the servers become empty, final loads, bounds");
        command.Add(instance);
        foreach (Option option in new Option[] { update, trace, plot, force, json })
        {
            command.Add(option);
        }
        Options.OnlyWith(command, plot, force);
        command.SetAction(parsed =>
        {
            OutputFile? file = parsed.GetValue(plot) is { } svg ? OutputFile.Of(svg, "--plot", parsed) : null;
            string path = parsed.GetRequiredValue(instance);
            DynamicGameRequest request = DynamicGameRequest.Parse(InputFile.Read(path, "INSTANCE.json", "a JSON file of a game"), path);
            request = parsed.GetValue(update) switch
            {
                "sequential" => request with { Simultaneous = null },
                "simultaneous" => request with { Simultaneous = request.Reading },
                _ => request,
            };
            DynamicGameResult result = DynamicGameResult.Of(request, trace: parsed.GetValue(trace) || file is not null);
            file?.Write(LoadsPlot.Render(Path.GetFileName(path), "step", result.States!));
            if (!parsed.GetValue(trace))
            {
                result = result with { States = null };
            }
            if (parsed.GetValue(json))
            {
                host.Out.WriteLine(result.ToJson());
            }
            else
            {
                DynamicGameReport.Write(Terminal.ForResult(host), request.Instance, result);
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
