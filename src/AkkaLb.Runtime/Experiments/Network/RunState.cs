using System.Text.Json;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>What a checkpoint says beside the learner's own state; the rest of a run is in its other files.</summary>
/// <param name="Episodes">Episodes that the learner has learnt from.</param>
/// <param name="WallSeconds">Seconds that the run had taken.</param>
/// <param name="BestPhi">Lowest final-horizon Φ so far, and the weights that gave it.</param>
internal sealed record RunState(
    int Episodes, double WallSeconds, double BestPhi, double[] BestWeights, RunBaselines Baselines, RunTraffic Traffic, RunPath Path)
{
    public const string File = "run.json";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true,
        NewLine = "\n" };

    /// <summary>The episodes that the checkpoint of a run folder holds; 0 when there is none.</summary>
    public static int EpisodesOf(Runs.RunFolder folder)
    {
        string file = folder[$"{Runs.RunFolder.CheckpointFolder}/{File}"];
        return System.IO.File.Exists(file) ? FromJson(System.IO.File.ReadAllText(file), file).Episodes : 0;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="InvalidInputException">Not such a document.</exception>
    public static RunState FromJson(string json, string fileName)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(json, Options) ?? throw new JsonException("found null");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{fileName}: expected the state of a run: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
