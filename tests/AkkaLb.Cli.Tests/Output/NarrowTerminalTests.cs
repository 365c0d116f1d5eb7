using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Tests.Output;

/// <summary>What commands and runs of each family print on 80 columns: no line is longer, and nothing is cut or broken.</summary>
public sealed class NarrowTerminalTests : IDisposable
{
    private const int Narrow = 80, Wide = 2000;

    private const string LogTraffic =
        "seconds,service,class\n0,5,a-class-with-a-long-name\n0.1,5,b\n0.2,5,b\n0.3,0.1,b\n0.4,9,b\n0.5,9,b\n1,9,b\n2,9,b\n";

    private readonly NetworkFiles _files = new();

    public void Dispose() => _files.Dispose();

    private static readonly string[] LongNames = ["Amsterdam-Science-Park", "Bruxelles-Evere", "Copenhagen-Interxion", "Dublin-Citywest-3"];

    private async Task<string> InvokeAsync(int width, string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        CommandHost host = new(output, error, TimeProvider.System) { OutIsTerminal = true, Width = width };
        (await CommandLine.InvokeAsync(arguments, host, CancellationToken.None)).ShouldBe(ExitCodes.Success, error.ToString());
        return output.ToString();
    }

    [Theory]
    [InlineData("network", "evaluate")]
    [InlineData("network", "path", "Amsterdam-Science-Park", "Dublin-Citywest-3")]
    [InlineData("network", "whatif")]
    public async Task Network_Tables_Fit(params string[] command)
    {
        string gml = NetworkFiles.Gml(123_456_789_012);
        foreach ((string name, string label) in LongNames.Zip(["a", "b", "c", "d"]))
        {
            gml = gml.Replace($"label \"{label}\"", $"label \"{name}\"", StringComparison.Ordinal);
        }
        string flows = "[" + string.Join(',', LongNames.Skip(1).Select((name, k) =>
            NetworkFiles.Flow(LongNames[0], name, 1e6 + k, name))) + "]";
        string[] traffic = command[1] == "path" ? [] : ["--flows", _files.Write("long.json", flows)];
        await ShouldFitAsync([.. command, "--topology", _files.Write("long.gml", gml), .. traffic]);
    }

    [Theory]
    [InlineData("static")]
    [InlineData("dynamic", "--trace")]
    public async Task Game_Tables_Fit(params string[] command)
    {
        string instance = _files.Write(
            "game.json",
            """{"rates":[1.23456789,2,3,4,5,6,7,8,9,10],"loads":[98765.4321,2,3,4,5,6,7,8,9,10],"lengths":[1.5,2,3.25,1,1]}""");
        await ShouldFitAsync(["game", .. command, instance]);
    }

    [Fact]
    public async Task DataCenter_Import_Fits() =>
        await ShouldFitAsync(["datacenter", "import", _files.Write("l.csv", LogTraffic), "--force", "--out", _files["t.csv"]]);

    [Theory]
    [InlineData("datacenter", "method = compare, datacenter { repetitions = 3, traffic { duration = 6s, mix = wiki, load = 2 }, "
        + "servers.capacity = 2, changes = [\"2s 6 speed 0.5\", \"4s 3 fail\"], probe-always = on }")]
    [InlineData("datacenter", "method = compare, datacenter { repetitions = 3, traffic.trace = l.csv, "
        + "servers.capacity = 1, servers.workers = [1, 1] }")]
    [InlineData("datacenter", "method = distr-lb, datacenter { repetitions = 3, traffic.duration = 3s, "
        + "learning { episodes = 12, duration = 20s } }")]
    [InlineData("game", "method = static, game.generate { players = 4, servers = 3 }")]
    [InlineData("game", "method = dynamic, game.setting = 1")]
    [InlineData("game", "method = scaling, game.scaling { repetitions = 2, players = [3, 50], servers = [2, 4, 8, 16, 32, 64, 128, 256] }")]
    [InlineData("network", "method = samaroh, network { training { episodes = 4, update-every = 2, horizons = 3 } }, "
        + "baselines.genetic { population = 4, generations = 2 }")]
    [InlineData("network", "method = samaroh, network { mode = asynchronous, training { episodes = 4, update-every = 2, horizons = 3 } }, "
        + "baselines.genetic { population = 4, generations = 2 }")]
    [InlineData("network", "method = samaroh, grid { seeds = [1, 2], values { network.training.horizons = [2, 3] } }, "
        + "network.training { episodes = 4, update-every = 2 }, baselines.genetic { population = 4, generations = 2 }")]
    public async Task Run_Tables_Fit(string family, string experiment)
    {
        _files.Write("l.csv", LogTraffic);
        string file = _files.Write("e.conf", $"akkalb {{ family = {family}, {experiment}, journal.enabled = off }}");
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(file) { OutputFolder = _files["run"], Path = RunPath.Batched }, new Silent(), default);
        Compare(Render(Wide, result), Render(Narrow, result));
    }

    private async Task ShouldFitAsync(string[] arguments) =>
        Compare(await InvokeAsync(Wide, arguments), await InvokeAsync(Narrow, arguments));

    private static string Render(int width, RunResult result)
    {
        using StringWriter output = new() { NewLine = "\n" };
        IAnsiConsole console = Terminal.ForResult(new CommandHost(output, TextWriter.Null, TimeProvider.System) { Width = width });
        RunReport.Write(console, result, plan: null);
        return output.ToString();
    }

    private static void Compare(string wide, string narrow)
    {
        narrow.Split('\n').ShouldAllBe(line => line.TrimEnd().Length <= Narrow);
        narrow.Count(c => c == '…').ShouldBe(wide.Count(c => c == '…'));
        List<string> words = [.. Words(narrow)];
        foreach (string word in Words(wide))
        {
            words.Remove(word).ShouldBeTrue($"'{word}' is not whole in\n{narrow}");
        }
    }

    // A line under a header has no words; a path without spaces may be wider than any terminal.
    private static IEnumerable<string> Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Where(word => !word.StartsWith('─') && (word.Length < Narrow - 20 || !word.Contains('/')));

    private sealed class Silent : IRunObserver
    {
        public void Started(RunPlan plan)
        {
        }

        public void BaselinesFound(RunBaselines baselines)
        {
        }

        public void EpisodeFinished(EpisodeReport episode)
        {
        }

        public void Notice(string line)
        {
        }
    }
}
