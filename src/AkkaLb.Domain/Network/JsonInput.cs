using System.Text.Json;

namespace AkkaLb.Domain.Network;

/// <summary>Parses JSON and turns a syntax error into one line with file and line.</summary>
internal static class JsonInput
{
    public static JsonDocument Parse(string json, string fileName)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{fileName}, line {e.LineNumber + 1}: not valid JSON", e);
        }
    }
}
