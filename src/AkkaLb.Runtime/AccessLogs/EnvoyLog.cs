using System.Text.Json;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>Envoy's access log as JSON, one object a line, by the keys of its documentation and of Istio's.</summary>
internal sealed class EnvoyLog : LineReader
{
    private static readonly string[] Starts = ["start_time", "startTime", "timestamp", "@timestamp"];

    private static readonly string[] Services =
        ["upstream_service_time", "x_envoy_upstream_service_time", "x-envoy-upstream-service-time", "response_duration"];

    private static readonly string[] Paths = ["path", "x_envoy_origin_path", "x-envoy-original-path", ":path", "uri", "request"];

    public override string Name => "Envoy, JSON";

    public override string Expected => "an object of Envoy's JSON log with start_time and path";

    public override string Remark => "arrival: start_time; service: upstream_service_time, in milliseconds";

    public override LogRequest? Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, Starts) is not { } start
                || (LogText.Iso(start) ?? LogText.Number(start, Ticks.PerSecond)) is not { } arrival)
            {
                return null;
            }
            string? service = Text(root, Services);
            long? served = service is null or "-" or "" ? LogRequest.NotTold : LogText.Duration(service, Ticks.PerMillisecond);
            return served is null ? null : new LogRequest(arrival, 0, served.Value, LogText.PathOf(Text(root, Paths) ?? ""))
            {
                IsWholeSecond = LogText.IsWholeSecond(start),
            };
        }
        // Half of a surrogate pair is JSON, but no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string[] names)
    {
        foreach (string name in names)
        {
            if (root.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
            }
        }
        return null;
    }
}
