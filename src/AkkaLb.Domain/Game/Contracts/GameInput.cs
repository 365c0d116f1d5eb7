using System.Text.Json;

namespace AkkaLb.Domain.Game;

/// <summary>One JSON object of named values; every error is one line with the source, the key and what was expected.</summary>
internal sealed class GameInput
{
    private const double Smallest = InstanceRanges.Smallest, Largest = InstanceRanges.Largest;

    private readonly JsonElement _root;
    private readonly string _source;

    private GameInput(JsonElement root, string source) => (_root, _source) = (root, source);

    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in errors, usually the file name.</param>
    /// <param name="keys">The keys that there may be; <c>name</c> and <c>description</c> are free text and always allowed.</param>
    public static GameInput Parse(string json, string source, params string[] keys)
    {
        using JsonDocument document = JsonInput.Parse(
            json, source, $"not valid JSON, expected an object with the keys {string.Join(", ", keys)}");
        var input = new GameInput(document.RootElement.Clone(), source);
        if (input._root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException($"{source}: expected a JSON object with the keys {string.Join(", ", keys)}");
        }

        foreach (JsonProperty property in input._root.EnumerateObject())
        {
            if (!keys.Contains(property.Name) && property.Name is not ("name" or "description"))
            {
                throw new InvalidInputException($"{source}: {property.Name}: unknown key, expected {string.Join(", ", keys)}");
            }
        }

        return input;
    }

    /// <summary>From the keys rates, loads and lengths.</summary>
    public GameInstance<double> Instance()
    {
        double[] rates = Numbers("rates"), loads = Numbers("loads"), lengths = Numbers("lengths");
        try
        {
            return new GameInstance<double>(rates, loads, lengths);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{_source}: {e.Message}", e);
        }
    }

    /// <summary>Null if the key is missing or null.</summary>
    public JsonElement? Optional(string key) =>
        _root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public double[] Numbers(string key) =>
        Numbers(key, Optional(key) ?? throw Error(key, "missing, expected an array of numbers"));

    public double[] Numbers(string key, JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Error(key, $"expected an array of numbers, got {Show(array)}");
        }

        var numbers = new double[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out double number))
            {
                throw Error($"{key}[{index}]", $"expected a number, got {Show(element)}");
            }

            if (number != 0 && Math.Abs(number) is < Smallest or > Largest)
            {
                throw Error($"{key}[{index}]", $"expected a magnitude from {Smallest} to {Largest}, got {Show(element)}");
            }

            numbers[index++] = number;
        }

        return numbers;
    }

    /// <summary>An array of players' indices.</summary>
    public int[] Players(string key, JsonElement array, int players)
    {
        var indices = new int[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int player) || player < 0 || player >= players)
            {
                throw Error($"{key}[{index}]", $"expected a player from 0 to {players - 1}, got {Show(element)}");
            }

            indices[index++] = player;
        }

        return indices;
    }

    /// <summary>A whole number of at least 0, or null.</summary>
    public ulong? Count(string key, ulong maximum = ulong.MaxValue)
    {
        if (Optional(key) is not { } element)
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out ulong count) && count <= maximum
            ? count
            : throw Error(key, $"expected a whole number from 0 to {maximum}, got {Show(element)}");
    }

    /// <summary>One of some words; the first one if the key is missing.</summary>
    public string Word(string key, params string[] words)
    {
        if (Optional(key) is not { } element)
        {
            return words[0];
        }

        return element.ValueKind == JsonValueKind.String && words.Contains(element.GetString())
            ? element.GetString()!
            : throw Error(key, $"expected {string.Join(" or ", words.Select(word => $"\"{word}\""))}, got {Show(element)}");
    }

    public InvalidInputException Error(string key, string problem) => new($"{_source}: {key}: {problem}");

    public static string Show(JsonElement element) => TextInput.Shown(element.GetRawText());
}
