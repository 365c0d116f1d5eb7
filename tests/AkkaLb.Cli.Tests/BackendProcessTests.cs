using System.Globalization;
using System.Text.Json;
using AkkaLb.Learning.Checkpoints;
using CliWrap;
using CliWrap.Buffered;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program with either backend, in its own process, as the library is loaded once in one.</summary>
public sealed class BackendProcessTests : IDisposable
{
    private const string Variable = "AKKALB_LIBTORCH";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Torch_NoLibrary_ExitCode2AndOneLineThatSaysWhatToInstall()
    {
        string file = Experiment();
        BufferedCommandResult outcome = await StartAsync("", "train", file, "--set", "learning.backend=torch", "--out", _folder["run"]);

        outcome.ExitCode.ShouldBe(2);
        outcome.StandardOutput.ShouldBeEmpty();
        outcome.StandardError.TrimEnd().ShouldBe(
            $"akkalb: {file}: learning.backend is torch, but libtorch is not installed: run the command through eng/torch, which "
            + "installs it (130 MB), or name the folder of libtorch and libLibTorchSharp.so in AKKALB_LIBTORCH");
        Directory.Exists(_folder["run"]).ShouldBeFalse();

        // Where the faster one is asked for there is only one to choose.
        (await StartAsync("", "train", file, "--set", "learning.backend=auto", "--out", _folder["auto"])).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("learning.device=cuda", "expected cpu, unless 'akkalb.learning.backend' is torch")]
    [InlineData("learning.device=gpu", "expected cpu, cuda or cuda:N")]
    [InlineData("network.agents.architecture=attention", "expected it with 'akkalb.learning.backend' = torch and 'akkalb train'")]
    public async Task Learning_WrongValue_ExitCode2AndOneLine(string value, string expected)
    {
        BufferedCommandResult outcome = await StartAsync("", "train", Experiment(), "--set", value, "--out", _folder["run"]);

        outcome.ExitCode.ShouldBe(2);
        outcome.StandardError.ShouldContain(expected);
        outcome.StandardError.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task TrainExport_Native_WritesEventFilesAndAnOnnxFile()
    {
        (await StartAsync("", "train", Experiment(), "--tensorboard", "--out", _folder["run"])).ExitCode.ShouldBe(0);
        Directory.GetFiles(Path.Combine(_folder["run"], "tensorboard"), "events.out.tfevents.*").Length.ShouldBe(1);

        BufferedCommandResult export = await StartAsync("", "export", _folder["run"], "--onnx");
        export.ExitCode.ShouldBe(0, export.StandardError);
        export.StandardOutput.TrimEnd().ShouldEndWith("policy.onnx");
        new FileInfo(Path.Combine(_folder["run"], "onnx", "policy.onnx")).Length.ShouldBeGreaterThan(100_000);
        (await StartAsync("", "export", _folder["run"])).ExitCode.ShouldBe(2);

        BufferedCommandResult other = await StartAsync("", "resume", _folder["run"], "--set", "network.training.episodes=99");
        other.ExitCode.ShouldBe(2);
        other.StandardError.ShouldContain("expected a key of the section learning");
    }

    [SkippableFact]
    public async Task Torch_ActorsAndTrainer_EndWithTheSameWeightsWhichTheNativeBackendReads()
    {
        string library = RequireLibrary();
        string file = Experiment();
        foreach (string command in (string[])["run", "train"])
        {
            BufferedCommandResult outcome = await StartAsync(
                library, command, file, "--set", "learning.backend=torch", "--out", _folder[command]);
            outcome.ExitCode.ShouldBe(0, outcome.StandardError);
        }

        Weights("run").ShouldBe(Weights("train"));
        (await StartAsync("", "train", file, "--out", _folder["native"])).ExitCode.ShouldBe(0);
        Weights("native").ShouldNotBe(Weights("train"));
        (await StartAsync("", "resume", _folder["train"], "--set", "learning.backend=native")).ExitCode.ShouldBe(0);
        (await StartAsync("", "export", _folder["train"], "--onnx")).ExitCode.ShouldBe(0);
    }

    [SkippableTheory]
    [InlineData("run", "native", "torch")]
    [InlineData("run", "torch", "native")]
    [InlineData("train", "native", "torch")]
    [InlineData("train", "torch", "native")]
    public async Task Resume_OtherBackend_GoesOnFromTheWeightsAndMomentsOfTheFirst(string command, string first, string second)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        string library = RequireLibrary(), run = _folder["run"];
        string file = _folder.Write("long.conf", """
            akkalb {
              network { topology = 4-node, agents.message-iterations = 1 }
              network.training { episodes = 1200, horizons = 5, update-every = 8, epochs = 1, minibatch = 40, threads = 1 }
              baselines.genetic.enabled = off
              checkpoint.interval = 0s
            }
            """);
        CommandTask<BufferedCommandResult> process = Command(
            library, command, file, "--set", $"learning.backend={first}", "--out", run).ExecuteBufferedAsync();
        while (!Directory.Exists(Path.Combine(run, "checkpoint")) && await Task.WhenAny(process.Task, Task.Delay(5)) != process.Task)
        {
        }
        await new Command("kill").WithArguments(["-INT", $"{process.ProcessId}"]).ExecuteAsync();
        BufferedCommandResult stopped = await process;
        stopped.ExitCode.ShouldBe(ExitCodes.Interrupted, stopped.StandardError);
        (int updates, int steps) = Progress(run);
        updates.ShouldBeInRange(1, 149);
        steps.ShouldBe(updates);
        string[] kept = Rows(run)[..(1 + 8 * updates)];

        BufferedCommandResult resumed = await StartAsync(library, "resume", run, "--json", "--set", $"learning.backend={second}");
        resumed.ExitCode.ShouldBe(0, resumed.StandardError);
        Json(resumed).GetProperty("status").GetString().ShouldBe("finished");
        Progress(run).ShouldBe((150, 150));
        Rows(run)[..kept.Length].ShouldBe(kept);
        Rows(run).Length.ShouldBe(1 + 1200 + 1);
        (await StartAsync("", "evaluate", run)).ExitCode.ShouldBe(0);
        (await StartAsync("", "journal", "verify", run)).ExitCode.ShouldBe(0);
    }

    [SkippableFact]
    public async Task Evaluate_Attention_NeedsTheLibraryThatLearntIt()
    {
        string library = RequireLibrary();
        (await StartAsync(
            library, "train", Experiment(), "--set", "learning.backend=torch", "--set", "network.agents.architecture=attention",
            "--out", _folder["run"])).ExitCode.ShouldBe(0);

        BufferedCommandResult outcome = await StartAsync(library, "evaluate", _folder["run"], "--json");
        outcome.ExitCode.ShouldBe(0, outcome.StandardError);
        Json(outcome).GetProperty("evaluation").GetProperty("decisions").GetString().ShouldBe("greedy");
        BufferedCommandResult without = await StartAsync("", "evaluate", _folder["run"]);
        without.ExitCode.ShouldBe(2);
        without.StandardError.ShouldContain("libtorch is not installed");
    }

    private static JsonElement Json(BufferedCommandResult outcome) => JsonSerializer.Deserialize<JsonElement>(outcome.StandardOutput);

    private static string[] Rows(string run) => File.ReadAllText(Path.Combine(run, "episodes.csv")).Split('\n');

    private byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(_folder[run], "checkpoint", "weights.safetensors"));

    /// <summary>Updates that a run's checkpoint has learnt from, and Adam's steps.</summary>
    private static (int Updates, int Steps) Progress(string run)
    {
        string file = Path.Combine(run, "checkpoint", "weights.safetensors");
        using FileStream stream = File.OpenRead(file);
        IReadOnlyDictionary<string, string> metadata = SafeTensors.Read(stream, file).Metadata;
        return (int.Parse(metadata["version"], CultureInfo.InvariantCulture), int.Parse(metadata["steps"], CultureInfo.InvariantCulture));
    }

    private static string RequireLibrary()
    {
        string? library = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(library), "no libtorch: run the tests through eng/torch");
        return library!;
    }

    private string Experiment() => _folder.Write("run.conf", """
        akkalb {
          network { topology = 4-node, agents.message-iterations = 1 }
          network.training { episodes = 16, horizons = 5, update-every = 8, threads = 1 }
          baselines.genetic.enabled = off
        }
        """);

    private static async Task<BufferedCommandResult> StartAsync(string library, params string[] arguments) =>
        await Command(library, arguments).ExecuteBufferedAsync();

    private static Command Command(string library, params string[] arguments) =>
        BuiltProgram.Command(arguments).WithEnvironmentVariables(variables => variables.Set(Variable, library));
}
