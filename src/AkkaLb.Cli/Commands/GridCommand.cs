using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb grid</c>: what a grid of experiments has come to.</summary>
internal static class GridCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("grid", "Look at grids of experiments, which run, train and resume work off");
        command.Add(CreateTable(host));
        return command;
    }

    private static ExampleCommand CreateTable(CommandHost host)
    {
        ExampleCommand command = new(
            "table",
            "Show the table of a grid as it stands",
            """
            Finished runs alone count: mean and sample standard deviation over their seeds. The table is written into the grid's folder as
            table.csv, table.md and summary.json, with the learning curves, unless the grid is being worked on: then that process does it.
            """,
            "akkalb grid table runs/4-node-grid",
            "akkalb grid table runs/4-node-grid --json");
        Argument<string> folder = new("FOLDER") { Description = "The folder of a grid" };
        Option<bool> json = Options.Json("the content of the grid's summary.json");
        command.Add(folder);
        command.Add(json);
        command.SetAction(parsed =>
        {
            RunResult result = GridRunner.Tabulate(parsed.GetRequiredValue(folder));
            if (parsed.GetValue(json))
            {
                host.Out.WriteLine(result.Summary.ToJson());
            }
            else
            {
                RunReport.Write(Terminal.ForResult(host), result, plan: null);
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
