using System.CommandLine;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network</c>: evaluate, optimise and generate without learning.</summary>
internal static class NetworkCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("network", "Evaluate channel weights, search for good ones, generate traffic, import topologies");
        command.Add(NetworkEvaluateCommand.Create(host));
        command.Add(NetworkOptimiseCommand.Create(host));
        command.Add(NetworkGenerateCommand.Create(host));
        command.Add(NetworkImportCommand.Create(host));
        return command;
    }
}
