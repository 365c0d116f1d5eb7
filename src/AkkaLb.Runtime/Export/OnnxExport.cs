using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.Export;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Export;

/// <summary>Writes what a run has learnt as ONNX files, for programs that are not AkkaLb.</summary>
public static class OnnxExport
{
    /// <summary>Within the run folder, where nothing else is said.</summary>
    public const string Folder = "onnx";

    /// <summary>The native backend restores every checkpoint, so an export needs no other library.</summary>
    private static readonly string[] Overrides = ["learning.backend=native", "learning.device=cpu"];

    /// <param name="runFolder">A run of the family network or datacenter with a checkpoint.</param>
    /// <param name="outputFolder">Null: <see cref="Folder"/> in the run's. Files of these names there are replaced.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="InvalidInputException">The folder is no such run, or its policy has no form in ONNX.</exception>
    public static IReadOnlyList<string> Write(string runFolder, string? outputFolder)
    {
        RunFolder folder = RunFolder.Open(runFolder);
        using IDisposable? guard = folder.LockToRead();
        string file = folder[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, Overrides);
        List<(string Name, byte[] Content)> policies = ExperimentRunner.Family(config, file) switch
        {
            "network" => [("policy", Network(folder, config, file))],
            "datacenter" => DataCenter(folder, config, file),
            string family => throw new InvalidInputException(
                $"{folder.FullPath}: a run of family {family}, expected one that learns: network or datacenter"),
        };
        string target = outputFolder ?? folder[Folder];
        List<string> written = [];
        try
        {
            Directory.CreateDirectory(target);
            foreach ((string name, byte[] content) in policies)
            {
                RunFolder.At(target).Write($"{name}.onnx", stream => stream.Write(content));
                written.Add(Path.Combine(target, $"{name}.onnx"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{target}: --out: expected a folder that can be written: {e.Message}", e);
        }
        return written;
    }

    private static byte[] Network(RunFolder folder, Config config, string file)
    {
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, file, folder.FullPath);
        string weights = Path.Combine(CheckpointOf(folder), PpoCheckpoint.WeightsFile);
        CheckpointCheck.ThrowIfDamaged(folder, config);
        using FileStream stream = File.OpenRead(weights);
        return NetworkPolicyOnnx.Write(experiment.Model, PpoCheckpoint.ReadPolicy(experiment.Model, stream, weights));
    }

    private static List<(string Name, byte[] Content)> DataCenter(RunFolder folder, Config config, string file)
    {
        DataCenterExperiment experiment = DataCenterExperimentReader.Read(config, file, folder.FullPath);
        _ = CheckpointOf(folder);
        using DataCenterTraining training = DataCenterTraining.Open(experiment, folder, TimeProvider.System)
            ?? throw new InvalidInputException($"{folder.FullPath}: a run of method compare, expected one that learns");
        return [.. training.Policies()];
    }

    private static string CheckpointOf(RunFolder folder) =>
        Checkpoint.Find(folder)
            ?? throw new InvalidInputException($"{folder.FullPath}: expected a run with a checkpoint: it has learnt nothing yet");
}
