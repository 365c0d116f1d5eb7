using System.Text;
using AkkaLb.Domain;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// What a network run keeps in its <see cref="Checkpoint"/>: the learner's weights and moments, its memory, and the state of the run.
/// </summary>
internal static class NetworkCheckpoint
{
    /// <returns>SHA-256 of the files' contents in the order of their names, 64 hex digits.</returns>
    public static string Write(RunFolder folder, PpoLearner learner, RunState state)
    {
        Dictionary<string, Action<Stream>> files = new()
        {
            [PpoCheckpoint.WeightsFile] = stream => PpoCheckpoint.WriteWeights(learner, stream),
            [PpoCheckpoint.OptimiserFile] = stream => PpoCheckpoint.WriteOptimiser(learner, stream),
        };
        if (learner.Experience is { } experience)
        {
            files[RunFolder.MemoryFile] = experience.WriteMark;
        }
        files[RunState.File] = stream => stream.Write(Encoding.UTF8.GetBytes(state.ToJson()));
        return Checkpoint.Write(folder, files);
    }

    /// <summary>Brings a fresh learner to the last checkpoint's state; null when the run has none.</summary>
    /// <exception cref="InvalidInputException">A file of it is missing or damaged.</exception>
    public static RunState? Restore(RunFolder folder, PpoLearner learner)
    {
        if (Checkpoint.Find(folder) is not { } path)
        {
            return null;
        }
        string weights = Path.Combine(path, PpoCheckpoint.WeightsFile);
        string optimiser = Path.Combine(path, PpoCheckpoint.OptimiserFile);
        string state = Path.Combine(path, RunState.File);
        try
        {
            using FileStream weightsStream = File.OpenRead(weights), optimiserStream = File.OpenRead(optimiser);
            PpoCheckpoint.Restore(learner, weightsStream, weights, optimiserStream, optimiser);
            if (learner.Experience is { } experience)
            {
                using FileStream memory = File.OpenRead(Path.Combine(path, RunFolder.MemoryFile));
                experience.Restore(memory, memory.Name);
            }
            return RunState.FromJson(File.ReadAllText(state), state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: expected a whole checkpoint: {e.Message}", e);
        }
    }
}
