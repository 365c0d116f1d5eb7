using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AkkaLb.Cli.Commands;

/// <summary>A command whose help ends with details and with commands to copy.</summary>
internal sealed class ExampleCommand(string name, string description, string details, params string[] examples) : Command(name, description)
{
    /// <summary>What the one sentence of the description leaves out, as lines.</summary>
    public string Details { get; } = details;

    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>System.CommandLine's help, followed by the command's examples and, at the root, by the exit codes.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const int WidthWithoutTerminal = 110;

    private static readonly string[] ExitCodeLines =
    [
        "0    success",
        "1    the command failed",
        "2    bad input: one line on stderr names the file, the key or option, and what was expected",
        "130  interrupted by Ctrl-C or SIGTERM: what was reached is kept and shown; a second Ctrl-C ends at once",
    ];

    private static readonly string[] EnvironmentLines =
    [
        "NO_COLOR        no colours",
        "AKKALB_DEBUG=1  show the stack trace of an internal error",
    ];

    private readonly HelpAction _standard;

    public HelpWithExamples(HelpAction standard, CommandHost host)
    {
        _standard = standard;
        if (!host.OutIsTerminal)
        {
            _standard.MaxWidth = WidthWithoutTerminal;
        }
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        // Those of the commands above are theirs alone: who asks a proxy for its status names no file.
        foreach (Argument argument in command.Parents.OfType<Command>().SelectMany(parent => parent.Arguments))
        {
            argument.Hidden = true;
        }
        _standard.Invoke(parseResult);
        switch (command)
        {
            case ExampleCommand { Details: var details, Examples: var examples }:
                if (details.Length > 0)
                {
                    WriteSection(output, "Details", details.Split('\n'));
                }
                WriteSection(output, "Examples", examples);
                break;
            case RootCommand:
                WriteSection(output, "Examples", ["akkalb run hocon/quickstart.conf", "akkalb network evaluate --help"]);
                WriteSection(output, "Exit codes", ExitCodeLines);
                WriteSection(output, "Environment", EnvironmentLines);
                break;
        }
        return ExitCodes.Success;
    }

    private static void WriteSection(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        output.WriteLine($"{title}:");
        foreach (string line in lines)
        {
            output.WriteLine($"  {line}".TrimEnd());
        }
        output.WriteLine();
    }
}
