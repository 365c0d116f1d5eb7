using System.Globalization;
using System.Text.Json;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Input;

/// <summary>
/// Weights of paths as JSON: <c>[{"path": ["a", "b", "d"], "weight": 3}]</c>, in any order, with <c>"keys": [0, 1]</c> where a path takes a
/// parallel link other than the first. A path of weight 0 is not used.
/// </summary>
internal static class PathWeightsFile
{
    private const double Lowest = 1e-300, Highest = 1e300;

    private const string Shape = "{\"path\", \"weight\"}";

    private static readonly string[] Properties = ["path", "weight", "keys"];

    /// <param name="option">Named where there is no such file.</param>
    /// <param name="ignoresOthers">Pass over paths of other pairs than the router's, as where it has one of those in the file.</param>
    /// <returns>One for each of the router's paths.</returns>
    /// <exception cref="InvalidInputException">
    /// Malformed, incomplete, a weight that is negative or not finite, or none above 0 for a pair.
    /// </exception>
    public static double[] Read(string path, string option, Topology topology, PathRouter router, bool ignoresOthers = false)
    {
        using JsonDocument document = JsonInput.Parse(
            InputFile.Read(path, option, "a JSON array of path weights"), path, $"malformed JSON, expected an array of {Shape}");
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException($"{path}: expected an array of {Shape}, one for each of {router.WeightCount} paths");
        }
        Dictionary<string, int> places = router.Paths.Index().ToDictionary(
            path => Name(Nodes(topology, path.Item), Keys(topology, path.Item)), path => path.Index);
        HashSet<(string, string)> ends = [.. router.Paths.Select(p => (topology.Labels[p.From.Index], topology.Labels[p.To.Index]))];
        double[] weights = [.. Enumerable.Repeat(-1.0, router.WeightCount)];
        foreach ((int index, JsonElement item) in root.EnumerateArray().Index())
        {
            (string[] nodes, int[] keys, double weight) = ReadOne(item, $"{path}: weight {index}");
            string shown = string.Join(" → ", nodes) + (keys.All(key => key == 0) ? "" : $" with keys {string.Join(", ", keys)}");
            if (!places.TryGetValue(Name(nodes, keys), out int place))
            {
                if (ignoresOthers && !ends.Contains((nodes[0], nodes[^1])))
                {
                    continue;
                }
                throw new InvalidInputException(
                    $"{path}: weight {index}: expected one of the {router.WeightCount} shortest paths of {topology.Name} that have "
                    + $"traffic, found {shown}");
            }
            weights[place] = weights[place] < 0
                ? weight : throw new InvalidInputException($"{path}: weight {index}: the path {shown} appears twice");
        }
        int missing = Array.IndexOf(weights, -1);
        if (missing >= 0)
        {
            throw new InvalidInputException(
                $"{path}: expected a weight for each of {router.WeightCount} paths, found none for "
                + string.Join(" → ", Nodes(topology, router.Paths[missing])));
        }
        foreach ((int first, int count) in router.Pairs.Where(pair => pair.Count > 0))
        {
            if (weights.AsSpan(first, count).IndexOfAnyExcept(0) < 0)
            {
                string[] nodes = Nodes(topology, router.Paths[first]);
                throw new InvalidInputException(
                    $"{path}: expected a weight above 0 on one of the paths from \"{nodes[0]}\" to \"{nodes[^1]}\", found 0 on all");
            }
        }
        return weights;
    }

    /// <summary>The weights with their paths, as <see cref="Read"/> takes them.</summary>
    public static string Write(Topology topology, PathRouter router, IReadOnlyList<double> weights)
    {
        IEnumerable<string> lines = router.Paths.Select((path, p) =>
        {
            int[] keys = Keys(topology, path);
            string parallel = keys.All(key => key == 0) ? "" : $", \"keys\": [{string.Join(", ", keys)}]";
            string nodes = string.Join(", ", Nodes(topology, path).Select(label => JsonSerializer.Serialize(label, JsonOutput.Options)));
            return $"  {{\"path\": [{nodes}]{parallel}, \"weight\": {weights[p].ToString("R", CultureInfo.InvariantCulture)}}}";
        });
        return $"[\n{string.Join(",\n", lines)}\n]\n";
    }

    /// <summary>Labels of a path's nodes.</summary>
    public static string[] Nodes(Topology topology, RoutedPath path) =>
        [topology.Labels[path.From.Index], .. path.Links.Select(link => topology.Labels[topology.Links[link.Index].To.Index])];

    /// <summary>Keys of its links, which tell parallel ones apart.</summary>
    public static int[] Keys(Topology topology, RoutedPath path) => [.. path.Links.Select(link => topology.Links[link.Index].Key)];

    private static (string[] Nodes, int[] Keys, double Weight) ReadOne(JsonElement item, string where)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("path", out JsonElement path)
            || !item.TryGetProperty("weight", out JsonElement value)
            || path.ValueKind != JsonValueKind.Array || path.GetArrayLength() < 2
            || !path.EnumerateArray().All(node => node.ValueKind == JsonValueKind.String))
        {
            throw new InvalidInputException($"{where}: expected {Shape} with a list of two or more node labels");
        }
        if (item.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !Properties.Contains(name)) is { } unknown)
        {
            throw new InvalidInputException($"{where}: unknown property \"{unknown}\", expected {string.Join(", ", Properties)}");
        }
        string[] nodes = [.. path.EnumerateArray().Select(node => node.GetString()!)];
        int[] keys = new int[nodes.Length - 1];
        if (item.TryGetProperty("keys", out JsonElement given))
        {
            int?[] read = given.ValueKind != JsonValueKind.Array ? [] : [.. given.EnumerateArray().Select(key =>
                key.ValueKind == JsonValueKind.Number && key.TryGetInt32(out int number) ? number : (int?)null)];
            keys = read.Length == keys.Length && read.All(key => key is not null)
                ? [.. read.Select(key => key!.Value)]
                : throw new InvalidInputException($"{where}: keys: expected {keys.Length} whole numbers, one for each link of the path");
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double weight)
            && (weight == 0 || weight is >= Lowest and <= Highest)
            ? (nodes, keys, weight)
            : throw new InvalidInputException($"{where}: expected 0 or a number from {Lowest} to {Highest}, found {value.GetRawText()}");
    }

    private static string Name(IEnumerable<string> nodes, IEnumerable<int> keys) =>
        $"{string.Join('\0', nodes)}\0\0{string.Join(',', keys)}";
}
