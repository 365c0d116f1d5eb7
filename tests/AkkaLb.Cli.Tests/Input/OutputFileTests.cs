using AkkaLb.Cli.Input;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Tests.Input;

public sealed class OutputFileTests : IDisposable
{
    private readonly NetworkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Write_NewFile_LeavesNothingBesideIt()
    {
        string[] before = Names();
        new OutputFile(_files["x.json"], "--out", force: false).Write("new");

        Text("x.json").ShouldBe("new");
        Names().ShouldBe([.. before, "x.json"], ignoreOrder: true);
    }

    [SkippableFact]
    public void OutputFile_FolderThatTakesNone_IsNamedAndNotWhatWasTried()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/proc");
        Should.Throw<InvalidInputException>(() => new OutputFile("/proc/x.json", "--out", force: false)).Message
            .ShouldBe("/proc/x.json: --out: expected a file that can be written: no file can be made in /proc");
    }

    [Fact]
    public void Write_FilesWithSimilarNames_StayAsTheyAre()
    {
        _files.Write("x.json.new", "notes");
        _files.Write($".akkalb-{Environment.ProcessId}-0.tmp", "taken");

        new OutputFile(_files["x.json"], "--out", force: false).Write("new");

        Text("x.json.new").ShouldBe("notes");
        Text($".akkalb-{Environment.ProcessId}-0.tmp").ShouldBe("taken");
    }

    [Fact]
    public void Write_ContentThatFails_LeavesTheOldFile()
    {
        _files.Write("x.json", "old");
        string[] before = Names();
        OutputFile file = new(_files["x.json"], "--out", force: true);

        Should.Throw<IOException>(() => file.Write(writer =>
        {
            writer.Write("half");
            throw new IOException("cut short");
        }));

        Text("x.json").ShouldBe("old");
        Names().ShouldBe(before, ignoreOrder: true);
    }

    [SkippableFact]
    public void Write_Link_WritesWhatItLeadsTo()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege there");
        if (OperatingSystem.IsWindows())
        {
            // For the analyser, which does not know Skip.
            return;
        }
        _files.Write("target", "old");
        File.SetUnixFileMode(_files["target"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(_files["inner"], "target");
        File.CreateSymbolicLink(_files["link"], "inner");
        File.CreateSymbolicLink(_files["dangling"], "fresh");

        Should.Throw<InvalidInputException>(() => new OutputFile(_files["link"], "--out", force: false)).Message.ShouldContain("--force");
        new OutputFile(_files["link"], "--out", force: true).Write("new");
        new OutputFile(_files["dangling"], "--out", force: false).Write("fresh");

        new FileInfo(_files["link"]).LinkTarget.ShouldBe("inner");
        Text("target").ShouldBe("new");
        File.GetUnixFileMode(_files["target"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        new FileInfo(_files["dangling"]).LinkTarget.ShouldBe("fresh");
        Text("fresh").ShouldBe("fresh");
    }

    [SkippableFact]
    public void Link_InACircle_IsRefused()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege there");
        File.CreateSymbolicLink(_files["a"], "b");
        File.CreateSymbolicLink(_files["b"], "a");

        Should.Throw<InvalidInputException>(() =>
            new OutputFile(_files["a"], "--out", force: true)).Message.ShouldContain("too many links");
    }

    [SkippableFact]
    public async Task Write_Pipe_ReachesItsReaderAndStaysAPipe()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes are no files there");
        await Command.Run("mkfifo", _files["pipe"]);
        Task<string> reader = Task.Run(() => File.ReadAllText(_files["pipe"]));

        new OutputFile(_files["pipe"], "--out", force: false).Write("through");

        (await reader.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("through");
        File.Exists(_files["pipe"]).ShouldBeTrue();
        new FileInfo(_files["pipe"]).Length.ShouldBe(0);
    }

    [SkippableFact]
    public async Task Write_PipeThatNobodyReads_EndsWithTheToken()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes are no files there");
        await Command.Run("mkfifo", _files["pipe"]);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(50));

        Should.Throw<OperationCanceledException>(() => new OutputFile(_files["pipe"], "--out", force: false).Write("lost", stop.Token));

        // Frees the thread that waits for a reader.
        await using FileStream reader = new(_files["pipe"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    [SkippableFact]
    public async Task Optimise_FullDevice_PrintsTheWeightsAndFails()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the device is Linux's");
        File.CreateSymbolicLink(_files["full"], "/dev/full");
        Cli cli = new();

        (await cli.InvokeAsync(
            ["network", "optimise", .. _files.Options, "--generations", "2", "--population", "4", "--out", _files["full"]]))
            .ShouldBe(ExitCodes.Failure);

        cli.ErrorLines[^1].ShouldContain("full: cannot be written, so that its content is on stdout");
        string weights = _files.Write("printed.json", cli.Output[cli.Output.IndexOf("[\n", StringComparison.Ordinal)..]);
        WeightsFile.Read(weights, "--weights", GmlTopology.Read(File.ReadAllText(_files.Topology), "t.gml")).Length.ShouldBe(8);
        new FileInfo(_files["full"]).LinkTarget.ShouldBe("/dev/full");
    }

    [SkippableFact]
    public async Task Generate_FullDevice_PrintsTheFlowsAndFails()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the device is Linux's");
        File.CreateSymbolicLink(_files["full"], "/dev/full");
        Cli cli = new();

        (await cli.InvokeAsync("network", "generate", "--topology", _files.Topology, "--out", _files["full"])).ShouldBe(ExitCodes.Failure);

        System.Text.Json.JsonDocument.Parse(cli.Output).RootElement.GetArrayLength().ShouldBeGreaterThan(0);
    }

    [SkippableFact]
    public async Task Optimise_FolderThatCannotBeWritten_RefusedBeforeTheWork()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the folder is Linux's");
        await new Cli().ShouldRefuseAsync(
            ["network", "optimise", .. _files.Options, "--out", "/proc/w.json"], "/proc/w.json", "--out", "a file that can be written");
    }

    [Fact]
    public async Task Generate_TwoOutputsInOneFile_Refused()
    {
        List<string> names = ["same", "./same", "folder/../same"];
        _files.MakeFolder("folder");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_files["link"], "same");
            File.CreateSymbolicLink(_files["around"], ".");
            names.AddRange(["link", "around/same"]);
        }
        foreach (string name in names)
        {
            await new Cli().ShouldRefuseAsync(
                ["network", "generate", "--topology", _files.Topology, "--out", _files["same"], "--topology-out", _files[name], "--force"],
                "--out: expected another file than that of --topology-out");
        }
        File.Exists(_files["same"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("datacenter import FILE --out FILE", "--out: expected another file than that of LOG")]
    [InlineData("game dynamic FILE --plot FILE", "--plot: expected another file than that of INSTANCE")]
    [InlineData("network import FILE --out FILE", "--out: expected another file than that of FILE")]
    [InlineData("network traffic FILE --topology T --out FILE", "--out: expected another file than that of FILE")]
    [InlineData("network export FILE --topology T --format csv --out ./FILE", "--out: expected another file than that of WEIGHTS|RUN")]
    [InlineData("network optimise --topology FILE --flows F --out FILE", "--out: expected another file than that of --topology")]
    public async Task Force_ReplacesNoInput(string command, string expected)
    {
        string file = _files.Write("input", "what is read");
        string[] arguments = [.. command.Split(' ').Select(word => word == "FILE" ? file : word == "./FILE" ? _files["./input"] : word)];
        await new Cli().ShouldRefuseAsync([.. arguments, "--force"], expected);
        File.ReadAllText(file).ShouldBe("what is read");
    }

    private string Text(string name) => File.ReadAllText(_files[name]);

    private string[] Names() =>
        [.. Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_files["x"])!).Select(p => Path.GetFileName(p)!)];

    private static class Command
    {
        public static Task Run(string program, params string[] arguments) =>
            new CliWrap.Command(program).WithArguments(arguments).ExecuteAsync();
    }
}
