using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.DataCenter.Policies;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb datacenter</c>: the family's own tools; <c>run</c> and <c>train</c> play its experiments.</summary>
internal static class DataCenterCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "datacenter",
            "Make traces of access logs, list dispatch policies; 'akkalb run hocon/datacenter/table-3-100.conf' compares them");
        command.Add(DataCenterImportCommand.Create(host));
        command.Add(CreatePolicies(host));
        return command;
    }

    private static ExampleCommand CreatePolicies(CommandHost host)
    {
        ExampleCommand command = new(
            "policies",
            "List the dispatch policies, for 'datacenter.policies' of an experiment",
            "A policy marked with * knows the true state of all servers, which no load balancer of a real system can.",
            "akkalb datacenter policies --json");
        Option<bool> json = Options.Json("name and whether it is global");
        command.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, DispatchPolicies.Names.Select(name => new { name, global = DispatchPolicies.IsGlobal(name) }));
                return ExitCodes.Success;
            }
            foreach (string name in DispatchPolicies.Names)
            {
                host.Out.WriteLine(DispatchPolicies.IsGlobal(name) ? $"{name} *" : name);
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
