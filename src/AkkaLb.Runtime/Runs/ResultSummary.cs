using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// The content of <c>summary.json</c>, of a run or of a grid. Names and their order are a contract: fields may be added, never renamed.
/// </summary>
public abstract record ResultSummary
{
    private static readonly JsonSerializerOptions WithNulls = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private static readonly JsonSerializerOptions WithoutNulls = new(WithNulls)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private protected ResultSummary()
    {
    }

    /// <summary>The family of the experiment, as configured.</summary>
    [JsonPropertyOrder(-4)]
    public string Family { get; init; } = "";

    /// <summary><see cref="RunSummary.Finished"/> or <see cref="RunSummary.Stopped"/>.</summary>
    [JsonPropertyOrder(-1)]
    public required string Status { get; init; }

    /// <summary>Whether what a result does not have is left out; else it is written as null.</summary>
    private protected virtual bool OmitsNulls => false;

    /// <summary>The content of <c>summary.json</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), OmitsNulls ? WithoutNulls : WithNulls);

    internal void Write(RunFolder folder) => folder.Write(RunFolder.SummaryFile, ToJson() + "\n");

    private protected static T? Read<T>(RunFolder folder)
        where T : ResultSummary
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(folder[RunFolder.SummaryFile]), WithNulls);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
