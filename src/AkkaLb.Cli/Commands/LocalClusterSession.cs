using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Commands;

/// <summary>Nodes as processes, one run on them, and their end.</summary>
internal static class LocalClusterSession
{
    public static async Task<int> ExecuteAsync(
        CommandHost host, int count, string? database, IReadOnlyList<string> keys, bool json, ExperimentRequest request,
        CancellationToken cancellation)
    {
        // Before anything is started: what is wrong with the experiment is said at once.
        ClusterExperiment experiment = await ClusterExperiment.ReadAsync(request, cancellation);
        if (database is not null)
        {
            await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(database, "--database"));
        }
        using LocalPostgres? own = database is null ? await Task.Run(LocalPostgres.Start, cancellation) : null;
        ClusterDatabase shared = new(database ?? own!.CreateDatabase(), "--database");
        string folder = ScratchFolder.Create("akkalb-cluster-");
        bool isKept = true;
        try
        {
            host.Error.WriteLine($"akkalb: starting {count} node{(count == 1 ? "" : "s")}, logs in {folder}");
            await using LocalNodes nodes = await LocalNodes.StartAsync(Self(), count, shared.Connection, folder, _ => keys, cancellation);
            await using NodesProgress? view = host.ErrorIsTerminal ? NodesProgress.Watch(nodes) : null;
            Task gone = nodes.WhenGoneAsync();
            int code = await RunSession.ExecuteAsync(
                host, json,
                async observer =>
                {
                    Task<RunResult> run = ClusterClient.RunAsync(experiment, shared, observer, cancellation);
                    return await Task.WhenAny(run, gone) == run ? await run
                        : throw new RunFailedException($"no node is left to play the run; their logs are in {folder}");
                },
                view);
            isKept = false;
            return code;
        }
        catch (OperationCanceledException)
        {
            isKept = false;
            throw;
        }
        finally
        {
            if (!isKept)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>The command that runs this program.</summary>
    private static string[] Self()
    {
        string program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, typeof(LocalClusterSession).Assembly.Location] : [program];
    }
}
