using System.Text.Json;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// What the generator said of the flows that lie in a run folder: a run that begins anew from the folder does not generate them again.
/// </summary>
internal sealed record GeneratorFigures(double? GeneratorMeanLoad)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string ToJson(double meanLoad) => JsonSerializer.Serialize(new GeneratorFigures(meanLoad), Options) + "\n";

    /// <returns>The mean load that the generator's own placement reached; null for flows that were not generated.</returns>
    /// <exception cref="InvalidInputException">Not such a document.</exception>
    public static double? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<GeneratorFigures>(File.ReadAllText(path), Options)?.GeneratorMeanLoad : null;
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{path}: expected the figures of generated flows: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
