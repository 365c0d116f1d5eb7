using System.CommandLine;
using AkkaLb.Dashboard;
using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb run</c> and <c>akkalb train</c>: the same experiment on actors or batched.</summary>
internal static class RunCommand
{
    public static Command Create(CommandHost host) => Create(host, RunPath.Actors, new ExampleCommand(
        "run",
        "Run an experiment on actors, into a run folder",
        """
        Family network: link agents are real actors that exchange hidden states by message and learn weights that spread the flows of
        a network. 'akkalb train' computes the same without actors, sooner, to the same bytes. Only 'run' can hand a run to a cluster.
        The run folder holds the resolved configuration, summary.json, episodes.csv, a plot, the weights and a checkpoint.
        With network.mode = asynchronous the trained agents then act in virtual time without a global step: timeline.csv.
        Family datacenter: dispatch policies on the same jobs, beside load balancers that learn first if the method says so.
        Family game: players and servers are actors and play to an equilibrium. In these two 'run' and 'train' do the same thing:
        datacenter.actors says whether actors play a data centre.
        Ctrl-C ends the run after the episodes in flight, keeps everything and says how to go on; a second Ctrl-C ends at once.
        A file with a section 'grid' is a list of runs: each gets a run folder within the grid's, and a table over all is written. The
        same command again, or 'akkalb resume', goes on with what is not finished.
        """,
        "akkalb run hocon/quickstart.conf",
        "akkalb run hocon/quickstart.conf --seed 7 --set network.training.episodes=500 --out runs/seed7",
        "akkalb run hocon/datacenter/table-3-100.conf --set datacenter.load-balancers=6",
        "akkalb run hocon/quickstart.conf --cluster cluster/node.conf",
        "akkalb run path/to/maroh-data/abilene --method samaroh --json > summary.json"));

    public static Command CreateTrain(CommandHost host) => Create(host, RunPath.Batched, new ExampleCommand(
        "train",
        "Run an experiment on the batched trainer, into a run folder",
        """
        Family network: the experiment, options and run folder of 'akkalb run', without actors: one vectorised pass computes all
        agents. The same seed gives the same results as 'akkalb run', to the last bit, sooner. There is no --cluster.
        Families datacenter and game: the same as 'akkalb run'. datacenter.actors says whether actors play a data centre.
        Grids are run in the same way.
        """,
        "akkalb train hocon/quickstart.conf",
        "akkalb train hocon/network/grids/4-node.conf --set network.training.episodes=2000",
        "akkalb train hocon/datacenter/distr-lb.conf --set datacenter.learning.episodes=200",
        "akkalb train path/to/maroh-data/abilene --method samaroh --seed 3 --out runs/abilene-3"));

    private static Command Create(CommandHost host, RunPath path, ExampleCommand command)
    {
        RunOptions options = new();
        options.AddTo(command);
        Option<string?> cluster = new("--cluster")
        {
            Description = "Hand the run in to the cluster of this node file, follow it, and fetch its folder", HelpName = "NODE.conf",
        };
        if (path == RunPath.Actors)
        {
            command.Add(cluster);
        }
        Option<int?> dashboard = DashboardSession.Option("the run while it goes on");
        command.Add(dashboard);
        command.SetAction(async (parsed, cancellation) =>
        {
            ExperimentRequest request = options.Request(parsed, path);
            ClusterDatabase? database = parsed.GetValue(cluster) is { } file ? NodeOptions.ReadDatabase(file) : null;
            if (database is not null && parsed.GetValue(dashboard) is not null)
            {
                throw new InvalidInputException(
                    "--dashboard: expected a run in this process; of one on a cluster, 'akkalb dashboard --node URL' shows the nodes");
            }
            await using DashboardServer? server = await DashboardSession.StartAsync(
                host, parsed.GetValue(dashboard), new DashboardOptions(0), cancellation);
            return await RunSession.ExecuteAsync(host, options.WantsJson(parsed), async observer => database is null
                ? await host.Run(request, DashboardSession.Watch(observer, server), cancellation)
                : await ClusterClient.RunAsync(
                    await ClusterExperiment.ReadAsync(request, cancellation), database, observer, cancellation));
        });
        return command;
    }
}
