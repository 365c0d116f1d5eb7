using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaLb.Cli.Output;

/// <summary>The JSON documents of <c>--json</c>: camelCase names, doubles that read back to the same bits.</summary>
internal static class JsonOutput
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<T>(TextWriter output, T document) => output.WriteLine(JsonSerializer.Serialize(document, Options));
}
