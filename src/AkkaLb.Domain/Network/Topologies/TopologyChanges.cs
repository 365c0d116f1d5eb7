using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaLb.Domain.Network;

/// <summary>
/// What is missing from a topology from when on (specification section 6.3). The links at a time are those missing since the latest
/// change not after it; changes do not add up. A missing node is one all of whose links are missing.
/// </summary>
public sealed class TopologyChanges
{
    private readonly SortedList<long, IReadOnlySet<LinkId>> _missingFrom;

    private TopologyChanges(SortedList<long, IReadOnlySet<LinkId>> missingFrom) => _missingFrom = missingFrom;

    /// <summary>Nothing ever changes.</summary>
    public static TopologyChanges None { get; } = new([]);

    /// <summary>These links are missing from the start on.</summary>
    public static TopologyChanges Without(IEnumerable<LinkId> links) => new(new() { [0] = links.ToHashSet() });

    /// <summary>Times in ms at which something changes, ascending as numbers (the reference sorts them as strings).</summary>
    public IReadOnlyList<long> Times => _missingFrom.Keys.AsReadOnly();

    /// <summary>The links that are missing at a time in ms.</summary>
    public IReadOnlySet<LinkId> MissingAt(long ms)
    {
        IReadOnlySet<LinkId> missing = new HashSet<LinkId>();
        foreach ((long from, IReadOnlySet<LinkId> links) in _missingFrom)
        {
            if (from <= ms)
            {
                missing = links;
            }
        }

        return missing;
    }

    /// <summary>Reads <c>{"ms": {"missing_nodes": [label], "missing_links": [[from, to, key]]}}</c>.</summary>
    /// <exception cref="InvalidInputException">Malformed; the message names file, time and expectation.</exception>
    public static TopologyChanges Read(string json, string fileName, Topology topology)
    {
        using JsonDocument document = JsonInput.Parse(json, fileName, "not valid JSON, expected an object {\"ms\": {…}}");
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException($"{fileName}: expected an object {{\"ms\": {{…}}}}");
        }

        var missingFrom = new SortedList<long, IReadOnlySet<LinkId>>();
        foreach (JsonProperty change in document.RootElement.EnumerateObject())
        {
            if (!long.TryParse(change.Name, NumberStyles.None, CultureInfo.InvariantCulture, out long from))
            {
                throw new InvalidInputException($"{fileName}: time \"{change.Name}\", expected milliseconds ≥ 0");
            }

            var reader = new ChangeReader($"{fileName}: change at {change.Name}", topology);
            if (!missingFrom.TryAdd(from, reader.Read(change.Value)))
            {
                throw new InvalidInputException($"{fileName}: time {from} appears twice");
            }
        }

        return new TopologyChanges(missingFrom);
    }

    /// <summary>Writes what <see cref="Read"/> reads; missing nodes as their links.</summary>
    public string Write(Topology topology)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((long from, IReadOnlySet<LinkId> missing) in _missingFrom)
            {
                writer.WriteStartObject(from.ToString(CultureInfo.InvariantCulture));
                writer.WriteStartArray("missing_links");
                foreach (Link link in missing.OrderBy(link => link.Index).Select(link => topology.Links[link.Index]))
                {
                    writer.WriteStartArray();
                    writer.WriteStringValue(topology.Labels[link.From.Index]);
                    writer.WriteStringValue(topology.Labels[link.To.Index]);
                    writer.WriteNumberValue(link.Key);
                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private sealed class ChangeReader(string where, Topology topology)
    {
        private readonly HashSet<LinkId> _missing = [];

        public HashSet<LinkId> Read(JsonElement change)
        {
            if (change.ValueKind == JsonValueKind.Object
                && change.EnumerateObject().Select(property => property.Name).FirstOrDefault(IsUnknown) is { } unknown)
            {
                throw new InvalidInputException($"{where}: unknown \"{unknown}\", expected missing_nodes or missing_links");
            }

            foreach (JsonElement node in Items(change, "missing_nodes"))
            {
                string label = node.ValueKind == JsonValueKind.String ? node.GetString()! : node.GetRawText();
                if (!topology.TryFindNode(label, out NodeId id))
                {
                    throw new InvalidInputException(
                        $"{where}: missing_nodes has {TextInput.Shown(node.GetRawText())}, which is no node of {topology.Name}");
                }

                AddAll(topology.OutLinks(id));
                AddAll(topology.InLinks(id));
            }

            foreach (JsonElement link in Items(change, "missing_links"))
            {
                _missing.Add(ReadLink(link));
            }

            return _missing;
        }

        private static bool IsUnknown(string name) => name is not ("missing_nodes" or "missing_links");

        private LinkId ReadLink(JsonElement link)
        {
            bool isLink = link.ValueKind == JsonValueKind.Array && link.GetArrayLength() is 2 or 3
                && link[0].ValueKind == JsonValueKind.String && link[1].ValueKind == JsonValueKind.String;
            int key = 0;
            if (!isLink || (link.GetArrayLength() == 3 && (link[2].ValueKind != JsonValueKind.Number || !link[2].TryGetInt32(out key))))
            {
                throw new InvalidInputException(
                    $"{where}: missing_links has {TextInput.Shown(link.GetRawText())}, expected [from, to, key]");
            }

            return topology.FindLink(link[0].GetString()!, link[1].GetString()!, key)
                ?? throw new InvalidInputException(
                    $"{where}: missing_links has {TextInput.Shown(link.GetRawText())}, which is no link of {topology.Name}");
        }

        private IEnumerable<JsonElement> Items(JsonElement change, string key)
        {
            if (change.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidInputException($"{where}: expected an object with missing_nodes or missing_links");
            }

            if (!change.TryGetProperty(key, out JsonElement items))
            {
                return [];
            }

            return items.ValueKind == JsonValueKind.Array
                ? items.EnumerateArray()
                : throw new InvalidInputException($"{where}: {key} is not an array");
        }

        private void AddAll(ReadOnlySpan<int> links)
        {
            foreach (int link in links)
            {
                _missing.Add(new LinkId(link));
            }
        }
    }
}
