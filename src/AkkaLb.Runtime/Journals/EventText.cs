using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Runtime.Journals;

/// <summary>Events as text.</summary>
public static class EventText
{
    private static readonly JsonSerializerOptions Line = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One line of JSON; doubles read back to the same bits.</summary>
    public static string Json(StoredEvent stored) => JsonSerializer.Serialize(
        new
        {
            stored.Row.Ordering,
            stored.Agent,
            stored.Row.SequenceNumber,
            stored.Number,
            Stored = stored.Stored.UtcDateTime,
            stored.Manifest,
            stored.Row.Tag,
            Event = Properties(stored),
        },
        Line);

    /// <summary>The event itself as JSON.</summary>
    public static string EventJson(StoredEvent stored) => Properties(stored).ToJsonString(Line);

    /// <summary>What the event says, as names and values.</summary>
    public static string Content(StoredEvent stored) =>
        string.Join(", ", Properties(stored).Select(p => $"{p.Key} {p.Value?.ToJsonString(Line)}"));

    private static JsonObject Properties(StoredEvent stored)
    {
        if (!stored.Row.IsOurs)
        {
            return new JsonObject { ["serializer"] = stored.Row.Serializer, ["bytes"] = Convert.ToBase64String(stored.Bytes) };
        }
        IJournalEvent happened = stored.Read();
        JsonObject properties = JsonSerializer.SerializeToNode(happened, happened.GetType(), Line)!.AsObject();
        // A step below 0 is none.
        if (happened.Step < 0)
        {
            properties.Remove("step");
        }
        return properties;
    }
}
