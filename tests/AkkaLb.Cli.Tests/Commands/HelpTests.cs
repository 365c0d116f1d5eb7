using AkkaLb.Cli.Commands;

namespace AkkaLb.Cli.Tests.Commands;

public class HelpTests
{
    [Theory]
    [InlineData("Commands:", "Exit codes:", "Examples:")]
    [InlineData("Commands:", "Exit codes:", "Examples:", "--help")]
    public async Task Root_Help_ListsCommandsAndExitCodes(string commands, string exitCodes, string examples, params string[] arguments)
    {
        Cli cli = new();

        (await cli.InvokeAsync(arguments)).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldContain("akkalb [command]");
        cli.Output.ShouldContain(commands);
        cli.Output.ShouldContain(exitCodes);
        cli.Output.ShouldContain(examples);
        cli.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("run")]
    [InlineData("train")]
    [InlineData("resume")]
    [InlineData("evaluate")]
    [InlineData("network", "evaluate")]
    [InlineData("network", "optimise")]
    [InlineData("network", "generate")]
    [InlineData("network", "import")]
    [InlineData("datacenter", "policies")]
    [InlineData("datacenter", "import")]
    [InlineData("game", "static")]
    [InlineData("game", "dynamic")]
    [InlineData("game", "generate")]
    public async Task Command_Help_HasUsageDetailsAndExamples(params string[] command)
    {
        Cli cli = new();

        (await cli.InvokeAsync([.. command, "--help"])).ShouldBe(ExitCodes.Success);

        string name = $"akkalb {string.Join(' ', command)}";
        cli.Output.ShouldContain($"Usage:\n  {name} ");
        cli.Output.ShouldContain("Details:");
        cli.Output.ShouldContain($"Examples:\n  {name} ");
        cli.Output.Split('\n').ShouldAllBe(line => line.Length <= 130);
        cli.Error.ShouldBeEmpty();
    }

    /// <summary>What needs no more said has no empty section, and a default that nobody may give is none.</summary>
    [Theory]
    [InlineData("Details:", "proxy", "drain")]
    [InlineData("Details:", "proxy", "add")]
    [InlineData("[default: 0]", "game", "generate")]
    public async Task Command_Help_SaysNothingEmpty(string left, params string[] command)
    {
        Cli cli = new();

        (await cli.InvokeAsync([.. command, "--help"])).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldContain("Examples:");
        cli.Output.ShouldNotContain(left);
    }

    [Fact]
    public void Examples_FilesOfTheQuickStart_AreWhereItPutsThem()
    {
        Hocon.Config quickStart = Hocon.Config.Parse(File.ReadAllText(Path.Combine(Repository.Root, "hocon", "quickstart.conf")));
        string folder = $"runs/{quickStart.GetString("akkalb.name", "")}-{quickStart.GetString("akkalb.method", "")}-seed1";
        string[] paths = [.. Examples(AkkaLbCommand.Create(new CommandHost(TextWriter.Null, TextWriter.Null, TimeProvider.System)))
            .SelectMany(example => example.Split(' ')).Where(word => word.StartsWith("runs/quickstart", StringComparison.Ordinal))];

        paths.Length.ShouldBeGreaterThan(5);
        paths.ShouldAllBe(path => path == folder || path == $"{folder}/flows.json" || path == $"{folder}/weights.json");
    }

    private static IEnumerable<string> Examples(System.CommandLine.Command command) =>
        command.Subcommands.SelectMany(Examples).Concat(command is ExampleCommand { Examples: var own } ? own : []);

    [Fact]
    public async Task Network_Alone_ShowsItsCommands()
    {
        Cli cli = new();

        (await cli.InvokeAsync("network")).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldContain("evaluate");
        cli.Output.ShouldContain("optimise");
        cli.Output.ShouldContain("generate");
    }

    [Fact]
    public async Task DataCenter_Help_ShowsItsCommands()
    {
        Cli cli = new();

        (await cli.InvokeAsync("datacenter", "--help")).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldContain("policies");
        cli.Output.ShouldContain("akkalb run hocon/datacenter/");
    }

    [Fact]
    public async Task Version_Asked_NamesProgramAndVersion()
    {
        Cli cli = new();

        (await cli.InvokeAsync("--version")).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldBe($"akkalb {AkkaLbCommand.Version}\n");
    }

    [Theory]
    [InlineData("akkalb: unknown command 'netwrok'; did you mean 'network'? see 'akkalb --help'", "netwrok")]
    [InlineData("akkalb: unknown command 'netwrok'; did you mean 'network'? see 'akkalb --help'", "netwrok", "--help")]
    [InlineData("akkalb: unknown command 'evalaute'; did you mean 'evaluate'? see 'akkalb network --help'", "network", "evalaute")]
    [InlineData("akkalb: unknown command 'xyzzy'; see 'akkalb --help'", "xyzzy")]
    [InlineData("akkalb: unknown option '--verison'; did you mean '--version'? see 'akkalb --help'", "--verison")]
    public Task Command_Unknown_OneLineWithTheNearest(string expected, params string[] arguments) =>
        new Cli().ShouldRefuseAsync(arguments, expected + "\n");

    [Theory]
    [InlineData("EXPERIMENT", "run")]
    [InlineData("RUN", "resume")]
    [InlineData("--topology", "network", "evaluate", "--flows", "f.json")]
    [InlineData("--seed", "run", "a.conf", "--seed")]
    public Task Command_ArgumentMissing_OneLineNamesIt(string name, params string[] arguments) =>
        new Cli().ShouldRefuseAsync(arguments, name, "--help'");
}
