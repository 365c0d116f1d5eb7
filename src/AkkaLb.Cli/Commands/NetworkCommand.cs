using System.CommandLine;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network</c>: what needs no learning.</summary>
internal static class NetworkCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("network",
            "Evaluate channel weights, search for good ones, draw topologies, generate traffic, import topologies, export to routers");
        command.Add(NetworkEvaluateCommand.Create(host));
        command.Add(NetworkOptimiseCommand.Create(host));
        command.Add(NetworkDrawCommand.Create(host));
        command.Add(NetworkGenerateCommand.Create(host));
        command.Add(NetworkTrafficCommand.Create(host));
        command.Add(NetworkImportCommand.Create(host));
        command.Add(NetworkPathCommand.Create(host));
        command.Add(NetworkWhatIfCommand.Create(host));
        command.Add(NetworkExportCommand.Create(host));
        return command;
    }
}
