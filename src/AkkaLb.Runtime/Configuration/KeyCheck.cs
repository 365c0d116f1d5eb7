using AkkaLb.Domain;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>Checks that every key of a configuration is one of the reference configuration.</summary>
internal sealed class KeyCheck
{
    /// <summary>Lists of values that a grid takes: of the whole grid, and within each of its variants.</summary>
    public const string GridValues = "values";

    /// <summary>Named variants of a grid.</summary>
    public const string GridVariants = "variants";

    private const string Grid = ConfigurationLoader.Section + ".grid";

    // What makes a cell the cell it is, so that no cell may set it.
    private static readonly string[] NotInCells = ["grid", "name", "runs", "seed"];

    private readonly string _source;

    private KeyCheck(string source, Config reference) =>
        (_source, Reference) = (source, reference.GetValue(ConfigurationLoader.Section)!);

    private HoconValue Reference { get; }

    /// <param name="source">Named in errors.</param>
    /// <param name="reference">Holds every key that there may be; null: that of experiments.</param>
    /// <exception cref="InvalidInputException">A key is unknown, or a section stands where a value is expected or the reverse.</exception>
    public static void Check(Config config, string source, Config? reference = null)
    {
        if (config.IsEmpty)
        {
            return;
        }
        HoconObject root;
        try
        {
            root = config.Root.GetObject();
        }
        catch (HoconException e)
        {
            throw new InvalidInputException(
                e.Message.StartsWith($"{source}: ", StringComparison.Ordinal) ? e.Message : $"{source}: {e.Message}", e);
        }
        KeyCheck check = new(source, reference ?? ConfigurationLoader.Reference);
        foreach ((string key, HoconValue value) in root.Items)
        {
            if (key == ConfigurationLoader.EngineSection)
            {
                if (!value.IsObject())
                {
                    throw new InvalidInputException(
                        $"{source}: '{key}' is a section, found {HoconWriter.Write(value)}; expected keys of Akka.NET");
                }
                continue;
            }
            if (key != ConfigurationLoader.Section)
            {
                throw new InvalidInputException(
                    $"{source}: unknown key '{key}'; expected everything under '{ConfigurationLoader.Section}'");
            }
            check.CheckValue(value, check.Reference, ConfigurationLoader.Section);
        }
    }

    private void CheckValue(HoconValue value, HoconValue reference, string path)
    {
        bool expectsObject = reference.IsObject();
        if (expectsObject != value.IsObject())
        {
            throw new InvalidInputException(expectsObject
                ? $"{_source}: '{path}' is a section, found a value; expected keys {string.Join(", ", reference.GetObject()!.Items.Keys)}"
                : $"{_source}: '{path}' is a value, found a section");
        }
        if (value.IsArray() && !reference.IsArray())
        {
            throw new InvalidInputException($"{_source}: '{path}' is a value, found a list");
        }
        if (value.IsArray() && value.GetArray().Any(item => !item.IsString()))
        {
            throw new InvalidInputException($"{_source}: '{path}' is a list of values, found a list or a section in it");
        }
        switch (path)
        {
            case $"{Grid}.{GridValues}":
                CheckCell(value, path, lists: true);
                break;
            case $"{Grid}.{GridVariants}":
                foreach ((string name, HoconValue variant) in value.GetObject()!.Items)
                {
                    CheckVariant(variant, $"{path}.{name}");
                }
                break;
            default:
                if (expectsObject)
                {
                    CheckChildren(value, reference, path);
                }
                break;
        }
    }

    private void CheckChildren(HoconValue value, HoconValue reference, string path)
    {
        Dictionary<string, HoconValue> known = reference.GetObject()!.Items;
        Dictionary<string, HoconValue> written = value.GetObject()!.Items;
        foreach (string key in UnknownKey.TellingFirst(written.Keys))
        {
            CheckValue(written[key], Known(known, key, path), $"{path}.{key}");
        }
    }

    private void CheckVariant(HoconValue variant, string path)
    {
        if (!variant.IsObject())
        {
            throw new InvalidInputException($"{_source}: '{path}' is a section of the keys that the variant sets, found a value");
        }
        CheckCell(variant, path, lists: false);
        if (variant.GetObject()!.GetKey(GridValues) is { } values)
        {
            CheckCell(values, $"{path}.{GridValues}", lists: true);
        }
    }

    /// <summary>Keys relative to <c>akkalb</c> that a cell sets, or lists of what they may be.</summary>
    private void CheckCell(HoconValue cell, string path, bool lists)
    {
        if (!cell.IsObject())
        {
            throw new InvalidInputException($"{_source}: '{path}' is a section of keys with lists of values, found a value");
        }
        Dictionary<string, HoconValue> known = Reference.GetObject()!.Items;
        foreach ((string key, HoconValue child) in cell.GetObject()!.Items)
        {
            string full = $"{path}.{key}";
            if (key == GridValues && !lists)
            {
                continue;
            }
            if (NotInCells.Contains(key))
            {
                throw new InvalidInputException(key == "seed"
                    ? $"{_source}: '{full}': seeds are listed in '{Grid}.seeds'"
                    : $"{_source}: '{full}': cells of a grid cannot differ in '{key}'");
            }
            HoconValue reference = Known(known, key, path);
            if (lists)
            {
                CheckLists(child, reference, full);
            }
            else
            {
                CheckValue(child, reference, full);
            }
        }
    }

    private void CheckLists(HoconValue value, HoconValue reference, string path)
    {
        if (!reference.IsObject())
        {
            if (!value.IsArray() || value.GetArray().Count == 0)
            {
                throw new InvalidInputException($"{_source}: '{path}': expected a list of the values that the grid takes, such as [1, 2]");
            }
            return;
        }
        if (!value.IsObject())
        {
            throw new InvalidInputException(
                $"{_source}: '{path}' is a section, found a value; expected keys {string.Join(", ", reference.GetObject()!.Items.Keys)}");
        }
        foreach ((string key, HoconValue child) in value.GetObject()!.Items)
        {
            CheckLists(child, Known(reference.GetObject()!.Items, key, path), $"{path}.{key}");
        }
    }

    private HoconValue Known(Dictionary<string, HoconValue> known, string key, string path) =>
        known.TryGetValue(key, out HoconValue? reference) ? reference : throw UnknownKey.Of(_source, path, key, known.Keys);
}
