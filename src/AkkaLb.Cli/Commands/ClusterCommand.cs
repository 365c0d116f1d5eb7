using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb cluster</c>: nodes on this machine, and who is in a cluster.</summary>
internal static class ClusterCommand
{
    private static readonly string[] OfOneNode = ["port", "bind-port", "http.port", "folder", "seeds", "database", "nodes-to-begin"];

    public static Command Create(CommandHost host)
    {
        Command command = new("cluster", "Clusters: run an experiment on local nodes, ask a node who is there");
        command.Add(CreateUp(host));
        command.Add(CreateStatus(host));
        return command;
    }

    private static Command CreateUp(CommandHost host)
    {
        ExampleCommand command = new(
            "up",
            "Run an experiment on nodes on this machine, each a process",
            """
            Starts the nodes on free ports, hands the experiment in, shows what each node does, and ends them when the run has ended.
            The run folder and the result are those of 'akkalb run', to the last bit. Without --database the nodes share a PostgreSQL
            server of their own, which needs its binaries here (Debian: postgresql) and ends with them.
            """,
            "akkalb cluster up -n 3 hocon/quickstart.conf",
            "akkalb cluster up -n 3 hocon/network/abilene-samaroh.conf --seed 7 --json > summary.json");
        Option<int> nodes = Options.Whole("--nodes", "N", "Number of nodes", 1, 3, LocalNodes.Most);
        nodes.Aliases.Add("-n");
        Option<string?> database = new("--database")
        {
            Description = "Connection string of a PostgreSQL database for runs and journals", HelpName = "CONNECTION",
        };
        Option<string[]> node = new("--node")
        {
            Description = "Override a key of the nodes, such as failure-detection=fast; may be given several times",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        RunOptions run = new();
        run.AddTo(command);
        command.Add(nodes);
        command.Add(database);
        command.Add(node);
        command.SetAction((parsed, cancellation) =>
        {
            ExperimentRequest request = run.Request(parsed, RunPath.Actors);
            int count = parsed.GetRequiredValue(nodes);
            string[] keys = [.. NodeKeys(parsed.GetValue(node) ?? []), $"node.nodes-to-begin={count}"];
            return LocalClusterSession.ExecuteAsync(
                host, count, parsed.GetValue(database), keys, run.WantsJson(parsed), request, cancellation);
        });
        return command;
    }

    /// <summary>Checked before anything is started.</summary>
    /// <exception cref="InvalidInputException">One is unknown, out of its range, or not for all nodes alike.</exception>
    private static string[] NodeKeys(string[] pairs)
    {
        if (Array.Find(pairs, pair => OfOneNode.Contains(pair.Split('=')[0].Trim(), StringComparer.Ordinal)) is { } own)
        {
            throw new InvalidInputException(
                $"--node {own}: expected a key that all nodes can share; each gets its own {own.Split('=')[0]}");
        }
        string[] keys = [.. pairs.Select(pair => $"node.{pair}")];
        try
        {
            if (NodeOptions.OfDefaults(keys, "--node").Roles.Intersect([NodeOptions.Agents, NodeOptions.Learner]).Count() < 2)
            {
                throw new InvalidInputException(
                    $"--node: 'roles': expected {NodeOptions.Agents} and {NodeOptions.Learner}, as all nodes have the same here");
            }
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.Message.Replace("--set node.", "--node ", StringComparison.Ordinal), e);
        }
        return keys;
    }

    private static Command CreateStatus(CommandHost host)
    {
        ExampleCommand command = new(
            "status",
            "Who is in a cluster, and what lives where",
            "Asks a node over HTTP, where its file says ('node.http').",
            "akkalb cluster status",
            "akkalb cluster status --node http://127.0.0.1:9111 --json");
        Option<string> node = new("--node")
        {
            Description = "Address of a node's web server", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:9110",
        };
        Option<bool> json = Options.Json("members, shards and agents of each, the node that holds the runs");
        command.Add(node);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            ClusterStatus status = await AskAsync(parsed.GetRequiredValue(node), cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, status);
            }
            else
            {
                ClusterReport.Write(Terminal.ForResult(host), status);
            }
            return ExitCodes.Success;
        });
        return command;
    }

    /// <exception cref="InvalidInputException">It is no address.</exception>
    /// <exception cref="RunFailedException">No node answers there.</exception>
    private static async Task<ClusterStatus> AskAsync(string node, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(node, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            throw new InvalidInputException($"--node: expected an address such as http://127.0.0.1:9110, found '{node}'");
        }
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(15) };
        try
        {
            return await http.GetFromJsonAsync<ClusterStatus>(new Uri(address, "/status"), JsonOutput.Options, cancellation)
                ?? throw new JsonException();
        }
        catch (Exception e) when (
            e is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new RunFailedException($"no node answers at {node}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
