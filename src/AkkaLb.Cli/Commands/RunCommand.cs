using System.CommandLine;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb run</c> and <c>akkalb train</c>: the same experiment on actors or batched.</summary>
internal static class RunCommand
{
    public static Command Create(CommandHost host) => Create(host, RunPath.Actors, new ExampleCommand(
        "run",
        "Run an experiment on actors, into a run folder",
        """
        Link agents are real actors: they exchange hidden states by message and learn weights that spread the flows of a network.
        The run folder holds the resolved configuration, summary.json, episodes.csv, a plot, the weights and a checkpoint.
        With network.mode = asynchronous the trained agents then act in virtual time without a global step: timeline.csv.
        Experiments of family datacenter compare dispatch policies on the same jobs, beside load balancers that learn first if the
        method says so; those of family game play to an equilibrium.
        Ctrl-C ends the run after the episodes in flight, keeps everything and says how to go on; a second Ctrl-C ends at once.
        A file with a section 'grid' is a list of runs: each gets a run folder within the grid's, and a table over all is written. The
        same command again, or 'akkalb resume', goes on with what is not finished.
        """,
        "akkalb run hocon/quickstart.conf",
        "akkalb run hocon/quickstart.conf --seed 7 --set network.training.episodes=500 --out runs/seed7",
        "akkalb run hocon/datacenter/table-3-100.conf --set datacenter.load-balancers=6",
        "akkalb run path/to/maroh-data/abilene --method samaroh --json > summary.json"));

    public static Command CreateTrain(CommandHost host) => Create(host, RunPath.Batched, new ExampleCommand(
        "train",
        "Run an experiment on the batched trainer, into a run folder",
        """
        The same experiment, options and run folder as 'akkalb run', without actors: one vectorised pass computes all agents.
        The same seed gives the same results as 'akkalb run', to the last bit, sooner. Grids are run in the same way.
        """,
        "akkalb train hocon/quickstart.conf",
        "akkalb train hocon/network/grids/4-node.conf --set network.training.episodes=2000",
        "akkalb train hocon/datacenter/distr-lb.conf --set datacenter.learning.episodes=200",
        "akkalb train path/to/maroh-data/abilene --method samaroh --seed 3 --out runs/abilene-3"));

    private static Command Create(CommandHost host, RunPath path, ExampleCommand command)
    {
        Argument<string> source = new("EXPERIMENT")
        {
            Description = "An experiment or grid file (HOCON), or a published MAROH folder with topology.gml, flows.json and config.yaml",
        };
        Option<string?> method = new("--method")
        {
            Description = "The method, as in akkalb.method; needed for a published folder that does not tell",
            HelpName = "NAME",
        };
        Option<string[]> set = Options.Set("Override a configuration key (relative to akkalb); may be given several times");
        Option<ulong?> seed = Options.Seed("Root of all randomness; wins over the file's (the one seed of a grid)");
        Option<string?> output = new("--out")
        {
            Description = "Run folder, new or empty, or that of the same grid (default: a fresh one under runs/)", HelpName = "FOLDER",
        };
        Option<bool> json = Options.Json("the content of summary.json");
        Option<bool> tensorBoard = new("--tensorboard")
        {
            Description = "Write event files for TensorBoard into the run folder (tensorboard=on)",
        };
        command.Add(source);
        foreach (Option option in new Option[] { method, set, seed, output, tensorBoard, json })
        {
            command.Add(option);
        }
        command.SetAction((parsed, cancellation) =>
        {
            ExperimentRequest request = new(parsed.GetRequiredValue(source))
            {
                Method = parsed.GetValue(method),
                Overrides = [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(tensorBoard) ? ["tensorboard=on"] : Array.Empty<string>()],
                Seed = parsed.GetValue(seed),
                OutputFolder = parsed.GetValue(output),
                Path = path,
            };
            return RunSession.ExecuteAsync(host, parsed.GetValue(json), observer => host.Run(request, observer, cancellation));
        });
        return command;
    }
}
