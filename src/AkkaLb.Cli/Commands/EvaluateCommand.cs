using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb evaluate</c>: a run's policy on other traffic, seeds or topologies, without learning.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "evaluate",
            "Play the policy of a run on other traffic, seeds or topologies",
            """
            Plays the policy of the run's last checkpoint, whichever backend learnt it, beside the family's baselines on the same traffic.
            Nothing is learnt and the run stays as it is. Files of --set, --topology and --flows are relative to the working directory.
            Of a network run every agent takes its most probable action (--set network.training.sample-probability=0.9 draws, as training
            does). Flows are those of the run; they are generated where the run's were and --seed gives another seed, on another topology,
            and where a key of network.flows.generate is set. Each of --episodes then has flows of its own, seed after seed. A policy with
            one readout for all (network.agents.readout=shared) plays on every topology, others on the same nodes and links.
            Of a data-centre run the load balancers and the number of servers stay; jobs, speeds, changes and policies may be others.
            """,
            "akkalb evaluate runs/quickstart-samaroh-seed1",
            "akkalb evaluate runs/quickstart-samaroh-seed1 --seed 7 --episodes 10",
            "akkalb evaluate runs/quickstart-samaroh-seed1 --flows flows60.json --json",
            "akkalb evaluate runs/shared-readout --topology abilene --set network.flows.generate.mean-load=0.6",
            "akkalb evaluate runs/distr-lb-distr-lb-seed1 --seed 7 --set datacenter.traffic.load=0.9");
        Argument<string> run = new("RUN") { Description = "A run folder with a checkpoint, of family network or datacenter" };
        Option<string[]> set = Options.Set("Override a key of the run's configuration; may be given several times");
        Option<ulong?> seed = Options.Seed("Network: of generated traffic, in place of the run's; data centre: of all jobs");
        Option<string?> topology = new("--topology")
        {
            Description = $"Network: another topology, a GML file or one of {string.Join(", ", TopologyLibrary.Names)}",
            HelpName = "T.gml|NAME",
        };
        Option<string?> flows = new("--flows") { Description = "Network: the flows to balance (JSON)", HelpName = "F.json" };
        Option<int?> episodes = Options.WholeOrNone(
            "--episodes", "N", "Network: episodes, 1 without it; data centre: repetitions, as configured without it", 1);
        Option<string?> output = new("--out")
        {
            Description = "New or empty folder for summary.json, a row per episode and the weights that the policy came to",
            HelpName = "FOLDER",
        };
        Option<bool> json = Options.Json("the figures of 'run --json', with a field evaluation");
        command.Add(run);
        foreach (Option option in new Option[] { set, seed, topology, flows, episodes, output, json })
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            EvaluationRequest request = new(parsed.GetRequiredValue(run))
            {
                Overrides = parsed.GetValue(set) ?? [],
                Seed = parsed.GetValue(seed),
                Topology = parsed.GetValue(topology),
                Flows = parsed.GetValue(flows),
                Episodes = parsed.GetValue(episodes),
                OutputFolder = parsed.GetValue(output),
            };
            RunResult result = await RunSession.WatchAsync(
                host, new RunProgress(host.Time), observer => PolicyEvaluation.RunAsync(request, observer, cancellation));
            if (parsed.GetValue(json))
            {
                host.Out.WriteLine(result.Summary.ToJson());
            }
            else
            {
                EvaluationReport.Write(Terminal.ForResult(host), result, request.OutputFolder);
            }
            if (result.Summary.Status != RunSummary.Stopped)
            {
                return ExitCodes.Success;
            }
            host.Error.WriteLine("akkalb: interrupted; the figures are of what was played");
            return ExitCodes.Interrupted;
        });
        return command;
    }
}
