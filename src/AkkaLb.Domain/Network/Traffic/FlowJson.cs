using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads and writes flow sets in the JSON of the MAROH experiments (specification section 6.2): an array of
/// <c>{start, end, all_bandwidth: {"ms": bit/s}, start_time, end_time, flow_id}</c>; other properties are ignored.
/// </summary>
public static class FlowJson
{
    /// <summary>Bytes that are held back at most before they are given on.</summary>
    private const int MostPending = 1 << 16;

    /// <param name="json">The content of the file.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <param name="topology">Whose labels the flows use.</param>
    /// <exception cref="InvalidInputException">Malformed; the message names file, flow and expectation.</exception>
    public static FlowSet Read(string json, string fileName, Topology topology)
    {
        using JsonDocument document = JsonInput.Parse(json, fileName, "not valid JSON, expected an array of flows");
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException($"{fileName}: expected an array of flows");
        }

        var flows = new List<Flow>(document.RootElement.GetArrayLength());
        var ids = new HashSet<FlowId>();
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            Flow flow = new FlowReader(fileName, flows.Count, element, topology).Read();
            if (!ids.Add(flow.Id))
            {
                throw new InvalidInputException(
                    $"{fileName}: flow {flows.Count} has the flow_id \"{flow.Id}\" of an earlier flow, ids must be unique");
            }

            flows.Add(flow);
        }

        return new FlowSet(fileName, flows);
    }

    public static string Write(FlowSet flows, Topology topology)
    {
        var text = new StringWriter();
        Write(flows, topology, text);
        return text.ToString();
    }

    /// <summary>The same text bit by bit, which as a whole would not fit where there are millions of flows.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Write(FlowSet flows, Topology topology, TextWriter output, CancellationToken cancellation = default)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 4, NewLine = "\n" }))
        {
            writer.WriteStartArray();
            foreach (Flow flow in flows.Flows)
            {
                Write(writer, flow, topology);
                if (writer.BytesPending > MostPending)
                {
                    cancellation.ThrowIfCancellationRequested();
                    writer.Flush();
                    output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
                    buffer.Clear();
                }
            }

            writer.WriteEndArray();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    private static void Write(Utf8JsonWriter writer, Flow flow, Topology topology)
    {
        writer.WriteStartObject();
        writer.WriteString("start", topology.Labels[flow.Start.Index]);
        writer.WriteString("end", topology.Labels[flow.End.Index]);
        writer.WriteStartObject("all_bandwidth");
        foreach (RateChange change in flow.Rates)
        {
            writer.WriteNumber(change.FromMs.ToString(CultureInfo.InvariantCulture), change.BitsPerSecond);
        }

        writer.WriteEndObject();
        writer.WriteNumber("start_time", flow.StartMs);
        writer.WriteNumber("end_time", flow.EndMs);
        writer.WriteNull("bandwidth");
        writer.WriteString("flow_id", flow.Id.Value);
        writer.WriteEndObject();
    }

    private sealed class FlowReader(string fileName, int index, JsonElement element, Topology topology)
    {
        public Flow Read()
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw Error("is not an object");
            }

            var id = new FlowId(Text("flow_id"));
            NodeId start = Node("start"), end = Node("end");
            if (start == end)
            {
                throw Error($"starts and ends at \"{topology.Labels[start.Index]}\", expected two different nodes");
            }

            long startMs = Milliseconds("start_time"), endMs = Milliseconds("end_time");
            return startMs < endMs
                ? new Flow(id, start, end, Rates(), startMs, endMs)
                : throw Error($"has start_time {startMs} and end_time {endMs}, expected start_time < end_time");
        }

        private List<RateChange> Rates()
        {
            const string key = "all_bandwidth";
            JsonElement changes = Property(key, "an object {\"ms\": bit/s, …}");
            if (changes.ValueKind != JsonValueKind.Object)
            {
                throw Error($"has {key} {Show(changes)}, expected an object {{\"ms\": bit/s, …}}");
            }

            var rates = new List<RateChange>();
            foreach (JsonProperty change in changes.EnumerateObject())
            {
                if (!long.TryParse(change.Name, NumberStyles.None, CultureInfo.InvariantCulture, out long from))
                {
                    throw Error($"has the time \"{change.Name}\" in {key}, expected milliseconds ≥ 0");
                }

                if (change.Value.ValueKind != JsonValueKind.Number
                    || !(change.Value.GetDouble() >= 0) || !double.IsFinite(change.Value.GetDouble()))
                {
                    throw Error($"has the rate {change.Value.GetRawText()} in {key}, expected bit/s ≥ 0");
                }

                if (change.Value.GetDouble() > Topology.HighestCapacity)
                {
                    throw Error($"has the rate {change.Value.GetRawText()} in {key}, expected at most {Topology.HighestCapacity} bit/s");
                }

                rates.Add(new RateChange(from, change.Value.GetDouble()));
            }

            rates.Sort((a, b) => a.FromMs.CompareTo(b.FromMs));
            for (int i = 1; i < rates.Count; i++)
            {
                if (rates[i].FromMs == rates[i - 1].FromMs)
                {
                    throw Error($"has the time {rates[i].FromMs} twice in {key}");
                }
            }

            return rates.Count > 0 ? rates : throw Error($"has an empty {key}, expected at least one rate");
        }

        private NodeId Node(string key)
        {
            string label = Text(key);
            return topology.TryFindNode(label, out NodeId node)
                ? node
                : throw Error($"has {key} \"{label}\", which is no node of {topology.Name}");
        }

        private string Text(string key) =>
            Property(key, "a string") is { ValueKind: JsonValueKind.String } value
                ? value.GetString()!
                : throw Error($"has {key} {Show(Property(key, ""))}, expected a string");

        private long Milliseconds(string key) =>
            Property(key, "whole milliseconds") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long ms)
                ? ms
                : throw Error($"has {key} {Show(Property(key, ""))}, expected whole milliseconds of at most 64 bits");

        private JsonElement Property(string key, string expected) =>
            element.TryGetProperty(key, out JsonElement value) ? value : throw Error($"has no {key}, expected {expected}");

        private static string Show(JsonElement value) => TextInput.Shown(value.GetRawText());

        private InvalidInputException Error(string what)
        {
            string id = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("flow_id", out JsonElement value)
                && value.ValueKind == JsonValueKind.String ? $" (\"{value.GetString()}\")" : "";
            return new InvalidInputException($"{fileName}: flow {index}{id} {what}");
        }
    }
}
