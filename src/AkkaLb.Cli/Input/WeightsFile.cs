using System.Globalization;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Input;

/// <summary>
/// Channel weights as JSON: an array of numbers in the topology's link enumeration, or an array of
/// <c>{"from", "to", "weight"}</c> in any order, with <c>"key"</c> for parallel links.
/// </summary>
internal static class WeightsFile
{
    /// <summary>Beyond these a variate over a weight is infinite, and a flow that has a path would find none.</summary>
    private const double Lowest = 1e-300, Highest = 1e300;

    /// <exception cref="InvalidInputException">Malformed, incomplete, or a weight that is not positive and finite.</exception>
    public static double[] Read(string path, string option, Topology topology)
    {
        string text = InputFile.Read(path, option, "a JSON array of weights");
        using JsonDocument document = JsonInput.Parse(text, path, "malformed JSON, expected an array of weights");
        return Read(document.RootElement, path, topology);
    }

    private static double[] Read(JsonElement root, string path, Topology topology)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException($"{path}: expected an array of {topology.LinkCount} weights, found {Kind(root)}");
        }
        JsonElement[] items = [.. root.EnumerateArray()];
        if (items.Length != topology.LinkCount)
        {
            throw new InvalidInputException(
                $"{path}: expected {topology.LinkCount} weights, one for each link of {topology.Name}, found {items.Length}");
        }
        double[] weights = new double[topology.LinkCount];
        for (int i = 0; i < items.Length; i++)
        {
            LinkId link = items[0].ValueKind == JsonValueKind.Object ? FindLink(items[i], i, path, topology) : new LinkId(i);
            JsonElement value = items[i].ValueKind == JsonValueKind.Object && items[0].ValueKind == JsonValueKind.Object
                ? Property(items[i], "weight", i, path)
                : items[i];
            if (weights[link.Index] != 0)
            {
                throw new InvalidInputException($"{path}: weight {i}: link {topology.Describe(link)} appears twice");
            }
            weights[link.Index] = value.ValueKind == JsonValueKind.Number
                && value.GetDouble() is var weight && weight > 0 && double.IsFinite(weight)
                ? weight
                : throw new InvalidInputException(
                    $"{path}: weight {i} ({topology.Describe(link)}): expected a positive number, found {Shown(value)}");
            if (weights[link.Index] is < Lowest or > Highest)
            {
                throw new InvalidInputException(
                    $"{path}: weight {i} ({topology.Describe(link)}): expected a number from {Lowest} to {Highest}, found {Shown(value)}");
            }
        }
        return weights;
    }

    /// <summary>The weights with their links, as <see cref="Read(string,string,Topology)"/> takes them.</summary>
    public static string Write(Topology topology, IReadOnlyList<double> weights)
    {
        IEnumerable<string> lines = topology.Links.Select((link, i) =>
        {
            string key = link.Key == 0 ? "" : $", \"key\": {link.Key}";
            string weight = weights[i].ToString("R", CultureInfo.InvariantCulture);
            return $"  {{\"from\": {Quote(topology.Labels[link.From.Index])}, \"to\": {Quote(topology.Labels[link.To.Index])}{key}, "
                + $"\"weight\": {weight}}}";
        });
        return $"[\n{string.Join(",\n", lines)}\n]\n";
    }

    private static LinkId FindLink(JsonElement item, int index, string path, Topology topology)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(
                $"{path}: weight {index}: expected {{\"from\", \"to\", \"weight\"}} like the first, found {Shown(item)}");
        }
        string from = Label(item, "from", index, path), to = Label(item, "to", index, path);
        int key = 0;
        if (item.TryGetProperty("key", out JsonElement number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out key)))
        {
            throw new InvalidInputException($"{path}: weight {index}: key: expected a whole number, found {Shown(number)}");
        }
        return topology.FindLink(from, to, key)
            ?? throw new InvalidInputException(
                $"{path}: weight {index}: expected a link of {topology.Name}, there is none from \"{from}\" to "
                    + $"\"{to}\"{(key == 0 ? "" : $" with key {key}")}");
    }

    private static string Label(JsonElement item, string name, int index, string path)
    {
        JsonElement label = Property(item, name, index, path);
        return label.ValueKind == JsonValueKind.String
            ? label.GetString()!
            : throw new InvalidInputException($"{path}: weight {index}: {name}: expected a node label, found {Shown(label)}");
    }

    private static JsonElement Property(JsonElement item, string name, int index, string path) =>
        item.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new InvalidInputException($"{path}: weight {index}: {name} is missing, expected {{\"from\", \"to\", \"weight\"}}");

    private static string Quote(string text) => JsonSerializer.Serialize(text, Output.JsonOutput.Options);

    private static string Kind(JsonElement element) => element.ValueKind == JsonValueKind.Object ? "an object" : Shown(element);

    private static string Shown(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 40 ? text : text[..37] + "...";
    }
}
