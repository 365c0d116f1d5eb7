using System.CommandLine;
using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb resume</c>: continue a run folder after a stop.</summary>
internal static class ResumeCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "resume",
            "Continue a stopped run or grid from its folder",
            """
            The run goes on from its last checkpoint and ends with the same result as without the stop, to the last bit. Its files are to be
            those that it began with; of experiment.conf the number of episodes, threads, and where it keeps things may be edited.
            A run that has finished is left as it is; its result is shown again. Of a grid, what is not finished is done.
            With --cluster: a run that 'akkalb run --cluster' handed in, and did not fetch as it was ended first.
            """,
            "akkalb resume runs/quickstart-samaroh-seed1",
            "akkalb resume runs/quickstart-samaroh-seed1 --cluster cluster/node.conf",
            "akkalb resume runs/quickstart-samaroh-seed1 --set learning.backend=torch");
        Argument<string> run = new("RUN") { Description = "A run folder or a grid's folder, as made by 'akkalb run' or 'akkalb train'" };
        Option<bool> json = Options.Json("the content of summary.json");
        command.Add(run);
        command.Add(json);
        Option<string[]> set = Options.Set("Go on with another value of a key of the section learning; may be given several times");
        command.Add(set);
        Option<string?> cluster = new("--cluster")
        {
            Description = "Follow a run that was handed in to the cluster of this node file, and fetch it", HelpName = "NODE.conf",
        };
        command.Add(cluster);
        command.SetAction((parsed, cancellation) =>
        {
            ClusterDatabase? database = parsed.GetValue(cluster) is { } file ? NodeOptions.ReadDatabase(file) : null;
            string folder = parsed.GetRequiredValue(run);
            string[] keys = parsed.GetValue(set) ?? [];
            return database is not null && keys.Length > 0
                ? throw new InvalidInputException($"--set {keys[0]}: expected nothing beside --cluster, which plays the run as it is")
                : RunSession.ExecuteAsync(host, parsed.GetValue(json), observer => database is null
                    ? host.Resume(folder, keys, observer, cancellation)
                    : ClusterClient.ResumeAsync(folder, database, observer, cancellation));
        });
        return command;
    }
}
