using System.Text.Json;

namespace AkkaLb.Domain.Game;

/// <summary>How results become JSON: camel-case names, doubles round-trip.</summary>
internal static class GameJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Write<T>(T result) => JsonSerializer.Serialize(result, Options);
}
