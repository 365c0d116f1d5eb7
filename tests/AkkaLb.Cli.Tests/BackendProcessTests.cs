using System.Diagnostics;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program with either backend, in its own process, as the library is loaded once in one.</summary>
public sealed class BackendProcessTests : IDisposable
{
    private const string Variable = "AKKALB_LIBTORCH";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Torch_NoLibrary_ExitCode2AndOneLineThatSaysWhatToInstall()
    {
        string file = Experiment();
        ProcessOutcome outcome = Start("", "train", file, "--set", "learning.backend=torch", "--out", _folder["run"]);

        outcome.ExitCode.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.TrimEnd().ShouldBe(
            $"akkalb: {file}: learning.backend is torch, but libtorch is not installed: run the command through eng/torch, which "
            + "installs it (130 MB), or name the folder of libtorch and libLibTorchSharp.so in AKKALB_LIBTORCH");
        Directory.Exists(_folder["run"]).ShouldBeFalse();

        // Where the faster one is asked for there is only one to choose.
        Start("", "train", file, "--set", "learning.backend=auto", "--out", _folder["auto"]).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("learning.device=cuda", "expected cpu, unless 'akkalb.learning.backend' is torch")]
    [InlineData("learning.device=gpu", "expected cpu, cuda or cuda:N")]
    [InlineData("network.agents.architecture=attention", "expected learning.backend torch and 'akkalb train'")]
    public void Learning_WrongValue_ExitCode2AndOneLine(string value, string expected)
    {
        ProcessOutcome outcome = Start("", "train", Experiment(), "--set", value, "--out", _folder["run"]);

        outcome.ExitCode.ShouldBe(2);
        outcome.Error.ShouldContain(expected);
        outcome.Error.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public void TrainExport_Native_WritesEventFilesAndAnOnnxFile()
    {
        Start("", "train", Experiment(), "--tensorboard", "--out", _folder["run"]).ExitCode.ShouldBe(0);
        Directory.GetFiles(Path.Combine(_folder["run"], "tensorboard"), "events.out.tfevents.*").Length.ShouldBe(1);

        ProcessOutcome export = Start("", "export", _folder["run"], "--onnx");
        export.ExitCode.ShouldBe(0, export.Error);
        export.Output.TrimEnd().ShouldEndWith("policy.onnx");
        new FileInfo(Path.Combine(_folder["run"], "onnx", "policy.onnx")).Length.ShouldBeGreaterThan(100_000);
        Start("", "export", _folder["run"]).ExitCode.ShouldBe(2);

        ProcessOutcome other = Start("", "resume", _folder["run"], "--set", "network.training.episodes=99");
        other.ExitCode.ShouldBe(2);
        other.Error.ShouldContain("expected a key of the section learning");
    }

    [SkippableFact]
    public void Torch_ActorsAndTrainer_EndWithTheSameWeightsAndGoOnNatively()
    {
        string? library = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(library), "no libtorch: run the tests through eng/torch");
        string file = Experiment();
        foreach (string command in (string[])["run", "train"])
        {
            ProcessOutcome outcome = Start(library!, command, file, "--set", "learning.backend=torch", "--out", _folder[command]);
            outcome.ExitCode.ShouldBe(0, outcome.Error);
        }

        byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(_folder[run], "checkpoint", "weights.safetensors"));
        Weights("run").ShouldBe(Weights("train"));
        Start("", "train", file, "--out", _folder["native"]).ExitCode.ShouldBe(0);
        Weights("native").ShouldNotBe(Weights("train"));
        Start("", "resume", _folder["train"], "--set", "learning.backend=native").ExitCode.ShouldBe(0);
        Start("", "export", _folder["train"], "--onnx").ExitCode.ShouldBe(0);
    }

    private string Experiment() => _folder.Write("run.conf", """
        akkalb {
          network { topology = 4-node, agents.message-iterations = 1 }
          network.training { episodes = 16, horizons = 5, update-every = 8, threads = 1 }
          baselines.genetic.enabled = off
        }
        """);

    private static ProcessOutcome Start(string library, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet");
        start.Environment[Variable] = library;
        return ProcessOutcome.Of(start, ["exec", Path.Combine(AppContext.BaseDirectory, "akkalb.dll"), .. arguments]);
    }
}
