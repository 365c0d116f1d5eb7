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
    [InlineData("network.agents.architecture=attention", "expected learning.backend torch and 'akkalb train'")]
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
        string? library = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(library), "no libtorch: run the tests through eng/torch");
        string file = Experiment();
        foreach (string command in (string[])["run", "train"])
        {
            BufferedCommandResult outcome = await StartAsync(
                library!, command, file, "--set", "learning.backend=torch", "--out", _folder[command]);
            outcome.ExitCode.ShouldBe(0, outcome.StandardError);
        }

        byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(_folder[run], "checkpoint", "weights.safetensors"));
        Weights("run").ShouldBe(Weights("train"));
        (await StartAsync("", "train", file, "--out", _folder["native"])).ExitCode.ShouldBe(0);
        Weights("native").ShouldNotBe(Weights("train"));
        (await StartAsync("", "resume", _folder["train"], "--set", "learning.backend=native")).ExitCode.ShouldBe(0);
        (await StartAsync("", "export", _folder["train"], "--onnx")).ExitCode.ShouldBe(0);
    }

    private string Experiment() => _folder.Write("run.conf", """
        akkalb {
          network { topology = 4-node, agents.message-iterations = 1 }
          network.training { episodes = 16, horizons = 5, update-every = 8, threads = 1 }
          baselines.genetic.enabled = off
        }
        """);

    private static async Task<BufferedCommandResult> StartAsync(string library, params string[] arguments) =>
        await BuiltProgram.Command(arguments)
            .WithEnvironmentVariables(variables => variables.Set(Variable, library))
            .ExecuteBufferedAsync();
}
