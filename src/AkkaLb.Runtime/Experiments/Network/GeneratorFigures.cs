using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>What the generator of a run's flows found, which the flows alone do not tell; kept for a run that goes on.</summary>
/// <param name="MeanLoad">Mean load by its own placement.</param>
internal sealed record GeneratorFigures(double MeanLoad)
{
    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <returns>Null for flows that were not generated.</returns>
    /// <exception cref="InvalidInputException">The file is not as it was written.</exception>
    public static GeneratorFigures? Read(RunFolder folder)
    {
        string file = folder[RunFolder.GeneratorFile];
        if (!File.Exists(file))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<GeneratorFigures>(File.ReadAllText(file), Options);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{file}: expected {{\"meanLoad\": NUMBER}}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
