using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using AkkaLb.Cli.Commands.Journal;
using AkkaLb.Cli.Commands.Live;

namespace AkkaLb.Cli.Commands;

/// <summary>The root of the command tree.</summary>
internal static class AkkaLbCommand
{
    public static RootCommand Create(CommandHost host)
    {
        RootCommand root = new("Learned, distributed load balancing on actors: flows over the links of a network, jobs over the servers of "
            + "a data centre, games.")
        {
            HelpName = "akkalb",
        };
        root.Add(RunCommand.Create(host));
        root.Add(RunCommand.CreateTrain(host));
        root.Add(ResumeCommand.Create(host));
        root.Add(EvaluateCommand.Create(host));
        root.Add(ExportCommand.Create(host));
        root.Add(GridCommand.Create(host));
        root.Add(JournalCommand.Create(host));
        root.Add(DashboardCommand.Create(host));
        root.Add(NodeCommand.Create(host));
        root.Add(ClusterCommand.Create(host));
        root.Add(NetworkCommand.Create(host));
        root.Add(DataCenterCommand.Create(host));
        root.Add(GameCommand.Create(host));
        root.Add(ProxyCommand.Create(host));
        root.Add(SteerCommand.Create(host));
        root.Add(ServersCommand.Create(host));
        root.Add(LoadCommand.Create(host));
        root.Add(TestbedCommand.Create(host));

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show this help";
        HelpWithExamples action = new((HelpAction)help.Action!, host);
        help.Action = action;
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Description = "Show the version";
        version.Action = new PrintVersion();
        ShowHelpWithoutSubcommand(root, action);
        return root;
    }

    public static string Version { get; } =
        typeof(AkkaLbCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    // `akkalb` and `akkalb network` alone ask what there is; that is no error.
    private static void ShowHelpWithoutSubcommand(Command command, HelpWithExamples help)
    {
        if (command.Subcommands.Count > 0)
        {
            if (command.Action is null)
            {
                command.SetAction(help.Invoke);
            }
            foreach (Command child in command.Subcommands)
            {
                ShowHelpWithoutSubcommand(child, help);
            }
        }
    }

    private sealed class PrintVersion : System.CommandLine.Invocation.SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"akkalb {Version}");
            return ExitCodes.Success;
        }
    }
}
